"""The blueprints that come with arvisd do what they say, with inputs as people give them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from arvisd.automation.blueprints.shelf import SHIPPED, Shelf
from arvisd.automation.blueprints.snippet import snippet
from arvisd.core.actions import Action, ActionCall, NoData
from tests.simulators.automation_rig import AutomationRig, sentence

ALL = [(domain, path) for domain, path, _ in Shelf(None).all()]


class SpeakData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    message: str
    site: str | list[str] = ""
    language: str = ""


def offer(rig: AutomationRig) -> tuple[list[str], list[str]]:
    """Offer what the blueprints call; return what is said and what is done to lights."""
    said: list[str] = []
    done: list[str] = []

    def speak(call: ActionCall) -> None:
        said.append(f"{call.data.site}: {call.data.message}")

    def light(call: ActionCall) -> None:
        done.append(f"{call.name} {call.target.entity_id}")

    rig.hub.actions.register(Action("tts.speak", SpeakData, "Says.", sync_handler=speak), rig.owner)
    for name in ("light.turn_on", "light.turn_off"):
        rig.hub.actions.register(Action(name, NoData, "Lights.", sync_handler=light), rig.owner)
    return said, done


def test_they_are_there() -> None:
    assert Path(__file__).parents[3] / "automations" / "blueprints" == SHIPPED
    assert [path for _, path in ALL] == [
        "arvisd/answer.yaml", "arvisd/low_battery.yaml", "arvisd/motion_light.yaml", "arvisd/say_at.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize(("domain", "path"), ALL)
async def test_each_loads_with_the_example_that_is_printed(rig: AutomationRig, domain: str, path: str) -> None:
    blueprint = Shelf(rig.folder).get(domain, path)
    assert blueprint is not None
    assert blueprint.problems == []
    assert all(asked.selector is not None and asked.document.name for asked in blueprint.inputs.values())
    offer(rig)
    assert await rig.load(snippet(blueprint, path)) == []
    assert [info.state for info in rig.engine.list()] == ["on"]


async def test_motion_light(rig: AutomationRig) -> None:
    _, done = offer(rig)
    assert (
        await rig.load(
            """
            - use_blueprint:
                path: arvisd/motion_light.yaml
                input:
                  motion: [binary_sensor.a, binary_sensor.b]
                  light: {entity_id: light.hall}
                  wait: {minutes: 1}
                  brightness: sensor.lux
                  darker_than: 50
            """
        )
        == []
    )
    states = rig.hub.states
    states.set("sensor.lux", "80")
    for name in ("binary_sensor.a", "binary_sensor.b"):
        states.set(name, "off")
    states.set("binary_sensor.a", "on")
    assert done == []  # it is bright
    states.set("sensor.lux", "20")
    states.set("binary_sensor.b", "on")
    assert done == ["light.turn_on light.hall"]
    await rig.clock.advance(600)
    states.set("binary_sensor.b", "off")
    await rig.clock.advance(50)
    assert len(done) == 1
    states.set("binary_sensor.b", "on")  # again, before it is out: the time begins anew
    await rig.clock.advance(20)
    assert done == ["light.turn_on light.hall"] * 2
    states.set("binary_sensor.b", "off")
    await rig.clock.advance(61)
    assert done[2:] == ["light.turn_off light.hall"]


async def test_low_battery(rig: AutomationRig) -> None:
    said, _ = offer(rig)
    battery = {"device_class": "battery"}
    rig.hub.states.set("sensor.door", "7", {**battery, "friendly_name": "Door"})
    rig.hub.states.set("sensor.window", "15.5", {**battery, "friendly_name": "Window"})
    rig.hub.states.set("sensor.old", "1", {**battery, "friendly_name": "Old phone"})
    rig.hub.states.set("sensor.full", "90", battery)
    rig.hub.states.set("sensor.gone", "unavailable", battery)
    rig.hub.states.set("sensor.lux", "3")
    text = "- use_blueprint: {path: arvisd/low_battery.yaml, input: {at: '13:00:00', without: [sensor.old]}}\n"
    assert await rig.load(text) == []
    await rig.clock.advance(3601)
    assert said == [": These batteries are nearly empty: Door, Window"]
    rig.hub.states.set("sensor.door", "100", battery)
    await rig.clock.advance(86400)
    assert said[1:] == [": This battery is nearly empty: Window"]
    rig.hub.states.set("sensor.window", "100", battery)
    await rig.clock.advance(86400)
    assert len(said) == 2


async def test_say_at(rig: AutomationRig) -> None:
    said, _ = offer(rig)
    rig.hub.states.set("sensor.outside", "3")
    text = """
        - use_blueprint:
            path: arvisd/say_at.yaml
            input:
              message: "It is {{ states('sensor.outside') }} degrees outside"
              at: "12:30:00"
              days: [mon, wed]
              site: kitchen
        """
    assert await rig.load(text) == []
    await rig.clock.advance(2.5 * 86400)
    assert said == ["kitchen: It is 3 degrees outside"] * 2  # it begins on a Monday at noon


async def test_answer(rig: AutomationRig) -> None:
    offer(rig)
    text = """
        - use_blueprint:
            path: arvisd/answer.yaml
            input:
              sentences: ["who is {name}"]
              answer: "{{ trigger.slots.name }} is a friend"
              then: [{action: test.note, data: {message: asked}}]
        """
    assert await rig.load(text) == []
    sentences, answer, _ = rig.sentences.registered[0]
    assert sentences == ["who is {name}"]
    answering = asyncio.ensure_future(answer(sentence("who is ann", name="ann")))
    await rig.clock.advance(0)
    assert await answering == "ann is a friend"
    assert rig.notes == ["asked"]

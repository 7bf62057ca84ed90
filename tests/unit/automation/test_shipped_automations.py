"""The automations that come with arvisd do what their comments say."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from arvisd.core.actions import Action, ActionCall, NoData
from tests.simulators.automation_rig import AutomationRig, sentence

SHIPPED = Path(__file__).parents[3] / "automations"


async def load(rig: AutomationRig, name: str) -> None:
    (rig.folder / "configuration.yaml").write_text("automation: !include automations.yaml\n")
    (rig.folder / "automations.yaml").write_text((SHIPPED / name).read_text())
    assert await rig.reload() == []


FILES = [file for file in sorted(SHIPPED.glob("*.yaml")) if not file.name.endswith(".test.yaml")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
async def test_each_loads(rig: AutomationRig, file: Path) -> None:
    await load(rig, file.name)
    assert {info.state for info in rig.engine.list()} == {"on"}


@pytest.mark.parametrize(("number", "reply"), [(0, "Good night! 2 lights go out."), (1, "Спокойной ночи!")])
async def test_good_night(rig: AutomationRig, number: int, reply: str) -> None:
    for name, state in (("light.a", "on"), ("light.b", "off"), ("light.c", "on")):
        rig.hub.states.set(name, state)
    put_out: list[str] = []

    def turn_off(call: ActionCall) -> None:
        put_out.append(str(call.target.entity_id))

    rig.hub.actions.register(Action("light.turn_off", NoData, "Turns off.", sync_handler=turn_off), rig.owner)
    await load(rig, "good_night.yaml")
    answering = asyncio.ensure_future(rig.sentences.registered[number][1](sentence("good night")))
    await rig.clock.advance(1)
    assert await answering == reply
    assert put_out == ["light.a", "light.c"]


async def test_doorbell(rig: AutomationRig) -> None:
    await load(rig, "doorbell.yaml")
    for _ in range(3):
        rig.publish("doorbell/front/action", "press")
    rig.publish("doorbell/back/action", '{"action": "release"}')
    await rig.clock.advance(61)
    rig.publish("doorbell/back/action", '{"action": "press"}')
    said = [payload.decode() for topic, payload in rig.sent if topic == "house/announcements"]
    assert said == ["Somebody is at the front door", "Somebody is at the back door"]
    await rig.clock.advance(11 * 3600)
    rig.publish("doorbell/front/action", "press")
    assert len([1 for topic, _ in rig.sent if topic == "house/announcements"]) == 2


async def test_window(rig: AutomationRig) -> None:
    await load(rig, "window_open.yaml")
    rig.hub.states.set("sensor.outside", "-3.25", {"unit_of_measurement": "°C"})
    rig.hub.states.set("binary_sensor.bedroom_window", "off")
    rig.hub.states.set("binary_sensor.bedroom_window", "on")
    await rig.clock.advance(599)
    assert [payload for topic, payload in rig.sent if topic == "house/window"] == [b"shut"]
    await rig.clock.advance(3700)
    rig.hub.states.set("binary_sensor.bedroom_window", "off")
    await rig.clock.advance(7200)
    said = [payload.decode() for topic, payload in rig.sent if topic == "house/window"]
    assert said == ["shut", "open, -3.25 °C outside", "open, -3.25 °C outside", "open, -3.25 °C outside", "shut"]

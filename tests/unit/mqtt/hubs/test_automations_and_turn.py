"""Automations as switches, and the action that turns them."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from arvisd.core.actions import Action, ActionCall, NoData, Target
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.mqtt.hubs import automations
from arvisd.mqtt.hubs.automations import AutomationSwitches
from arvisd.mqtt.hubs.component import HubComponents
from arvisd.mqtt.hubs.turn import offer_turn


def test_each_automation_is_a_switch_as_long_as_it_is_there(hub: Hub) -> None:
    owner = Owner("test")
    components = HubComponents()
    hub.states.set("automation.bell", "on", {"friendly_name": "Door bell"})
    switches = AutomationSwitches(hub, components, owner)
    switches.show(on=True)
    hub.states.set("automation.night", "off")
    hub.states.set("automation.night", "on")
    shown = components.all()
    assert {id_: component.config["name"] for id_, component in shown.items()} == {
        "automation_bell": "Door bell",
        "automation_night": "night",
    }
    bell = shown["automation_bell"].config
    assert bell["state_topic"] == "arvis/state/automation/bell"
    assert bell["command_topic"] == "arvis/action/arvisd/turn"
    assert json.loads(bell["command_template"].replace("{{ value }}", "off")) == {
        "data": {"to": "off"},
        "target": {"entity_id": "automation.bell"},
    }
    hub.states.remove("automation.night")
    assert list(components.all()) == ["automation_bell"]
    switches.show(on=False)
    assert components.all() == {}
    switches.show(on=True)
    assert list(components.all()) == ["automation_bell"]
    owner.release()


def test_too_many_are_left_out_and_that_is_said_once(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(automations, "MOST", 3)
    owner = Owner("test")
    components = HubComponents()
    AutomationSwitches(hub, components, owner).show(on=True)
    with caplog.at_level(logging.WARNING):
        for number in range(6):
            hub.states.set(f"automation.number_{number}", "on")
    assert len(components.all()) == 3
    assert caplog.messages == ["hubs are shown 3 automations as switches; the others are left out"]
    owner.release()


async def test_turning_calls_the_action_of_each_domain(hub: Hub) -> None:
    owner = Owner("test")
    calls: list[tuple[str, Any]] = []

    def note(call: ActionCall) -> None:
        calls.append((call.name, call.target.entity_id))

    for name in ("automation.turn_on", "automation.turn_off", "light.turn_off"):
        hub.actions.register(Action(name, NoData, "For the test.", sync_handler=note), owner)
    offer_turn(hub, owner)
    await hub.actions.call("arvisd.turn", {"to": "on"}, Target(entity_id="automation.bell"))
    await hub.actions.call("arvisd.turn", {"to": "off"}, Target(entity_id=["automation.a", "light.b", "automation.c"]))
    assert calls == [
        ("automation.turn_on", ["automation.bell"]),
        ("automation.turn_off", ["automation.a", "automation.c"]),
        ("light.turn_off", ["light.b"]),
    ]
    with pytest.raises(ActionDataError, match="needs a target"):
        await hub.actions.call("arvisd.turn", {"to": "on"})
    with pytest.raises(ActionDataError, match="arvisd.turn: "):
        await hub.actions.call("arvisd.turn", {"to": "sideways"}, Target(entity_id="automation.bell"))
    owner.release()

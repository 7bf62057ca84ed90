"""What is said of areas, floors, labels, devices and entities that nobody knows: at load with the place, at run as an error."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from arvisd.home.actions import register_home_actions
from arvisd.home.device import Device
from arvisd.home.settings import HomeSettings
from tests.simulators.automation_rig import AutomationRig

HOUSE: dict[str, Any] = {"floors": [{"id": "ground"}], "areas": [{"id": "kitchen"}], "labels": [{"id": "night"}]}


@pytest.fixture
def house(rig: AutomationRig) -> AutomationRig:
    rig.home.configure(msgspec.convert(HOUSE, HomeSettings))
    rig.home.add_device(Device(id="lamp"), rig.owner)
    rig.hub.states.set("light.kitchen", "off")
    register_home_actions(rig.hub, rig.home, rig.owner)
    return rig


STEP = "- id: a\n  triggers: {{trigger: mqtt, topic: go}}\n  actions:\n    - action: light.turn_on\n      target: {}\n"
TRIGGER = "- id: a\n  triggers:\n    - trigger: light.turned_on\n      target: {}\n  actions: []\n"

AT_LOAD: list[tuple[str, str, str]] = [
    (STEP, "{area_id: kitchn}", "5:15: warning: there is no area 'kitchn' (did you mean 'kitchen'?): nothing comes of it"),
    (STEP, "{area_id: [kitchen, attic]}", "5:15: warning: there is no area 'attic': nothing comes of it"),
    (STEP, "{floor_id: first}", "5:15: warning: there is no floor 'first': nothing comes of it"),
    (STEP, "{label_id: nigth}", "5:15: warning: there is no label 'nigth' (did you mean 'night'?): nothing comes of it"),
    (TRIGGER, "{area_id: kitchn}", "4:15: warning: there is no area 'kitchn' (did you mean 'kitchen'?): nothing comes of it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "target", "message"), AT_LOAD)
async def test_at_load(house: AutomationRig, text: str, target: str, message: str) -> None:
    assert await house.load(text.format(target)) == [f"automations.yaml:{message}"]


WHEN_RUNNING: list[tuple[str, list[str]]] = [
    ("{entity_id: light.kitchn}",
     ["automations.yaml:5:15: warning: there is no entity 'light.kitchn' (did you mean 'light.kitchen'?): nothing comes of it"]),
    ("{entity_id: light.yet_to_come}", []),
    ("{device_id: lmp}", ["automations.yaml:5:15: warning: there is no device 'lmp' (did you mean 'lamp'?): nothing comes of it"]),
    ("{entity_id: all}", []),
    ("{entity_id: none}", []),
    ("{entity_id: '{{ x }}'}", []),
]  # fmt: skip


@pytest.mark.parametrize(("target", "messages"), WHEN_RUNNING)
async def test_when_everything_runs(house: AutomationRig, target: str, messages: list[str]) -> None:
    assert await house.load(STEP.format(target)) == []
    assert [str(problem) for problem in house.engine.started()] == messages


async def test_a_house_that_is_not_described(rig: AutomationRig) -> None:
    assert await rig.load(STEP.format("{area_id: kitchen}")) == []


async def test_at_run_it_is_an_error(house: AutomationRig) -> None:
    await house.load(STEP.format("{area_id: kitchn}"))
    house.publish("go")
    await house.clock.settle()
    (trace,) = house.traces("a")
    assert trace.outcome == "error"
    assert "there is no area 'kitchn' (did you mean kitchen?)" in trace.reason


async def test_an_entity_that_was_renamed_or_is_away_is_known(house: AutomationRig) -> None:
    names = {"light.kichen": "light.kitchen"}
    house.home.remember(lambda id_: id_ == "light.kitchen_2", names.get)
    text = STEP.format("{entity_id: [light.kichen, light.kitchen_2]}")
    assert await house.load(text) == []
    renamed = "'light.kichen' is 'light.kitchen' now, as its device was renamed: nothing comes of it"
    assert [str(problem) for problem in house.engine.started()] == [f"automations.yaml:5:15: warning: {renamed}"]


async def test_a_rename_at_work_is_looked_for_in_what_was_well(house: AutomationRig) -> None:
    assert await house.load(STEP.format("{entity_id: light.kitchen}")) == []
    assert list(house.engine.started()) == []
    house.hub.states.remove("light.kitchen")
    house.home.remember(lambda _: False, {"light.kitchen": "light.hall"}.get)
    assert list(house.engine.problems) == []
    house.home.renames += 1
    assert [problem.message for problem in house.engine.problems] == [
        "'light.kitchen' is 'light.hall' now, as its device was renamed: nothing comes of it"
    ]

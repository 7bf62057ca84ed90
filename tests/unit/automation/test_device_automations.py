"""Home Assistant's device triggers, conditions and actions: what is translated, and what is refused with the remedy."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from arvisd.automation.device.action_table import ACTIONS
from arvisd.automation.device.condition_table import CONDITIONS
from arvisd.automation.device.trigger_table import TRIGGERS
from arvisd.core.actions import Action, ActionCall
from arvisd.home.device import Device
from tests.simulators.automation_rig import AutomationRig

REGISTRY_ID = "0123456789abcdef0123456789abcdef"


def triggered(options: str) -> str:
    return (
        "- id: a\n  triggers:\n    - {platform: device, device_id: x, "
        + options
        + "}\n  actions:\n    - action: test.note\n      data: {message: '{{ trigger.platform }} {{ trigger.entity_id }}'}\n"
    )


def asked(options: str) -> str:
    return (
        "- id: a\n  triggers: {trigger: mqtt, topic: go}\n  conditions:\n    - {condition: device, device_id: x, "
        + options
        + "}\n  actions: {action: test.note}\n"
    )


def done(options: str) -> str:
    return "- id: a\n  triggers: {trigger: mqtt, topic: go}\n  actions:\n    - {device_id: x, " + options + "}\n"


State = tuple[str, dict[str, Any]]


class TestTriggers:
    @pytest.mark.parametrize(
        ("options", "states", "fires"),
        [
            ("domain: light, type: turned_on, entity_id: light.a", ["off", "on"], 1),
            ("domain: light, type: turned_on, entity_id: light.a", ["on", "off"], 0),
            ("domain: switch, type: turned_off, entity_id: switch.a", ["on", "off"], 1),
            ("domain: fan, type: changed_states, entity_id: fan.a", ["on", "off", "on"], 2),
            ("domain: binary_sensor, type: motion, entity_id: binary_sensor.a", ["off", "on", "off"], 1),
            ("domain: binary_sensor, type: no_motion, entity_id: binary_sensor.a", ["on", "off"], 1),
            ("domain: binary_sensor, type: opened, entity_id: binary_sensor.a", ["off", "on"], 1),
            ("domain: binary_sensor, type: not_opened, entity_id: binary_sensor.a", ["on", "off"], 1),
            ("domain: binary_sensor, type: locked, entity_id: binary_sensor.a", ["on", "off"], 1),
            ("domain: sensor, type: temperature, entity_id: sensor.a, above: 20", ["19", "21"], 1),
            ("domain: sensor, type: battery_level, entity_id: sensor.a, below: 20", ["19", "21", "15"], 1),
            ("domain: cover, type: opening, entity_id: cover.a", ["closed", "opening"], 1),
            ("domain: lock, type: unlocked, entity_id: lock.a", ["locked", "unlocked"], 1),
            ("domain: media_player, type: playing, entity_id: media_player.a", ["idle", "playing"], 1),
            ("domain: climate, type: hvac_mode_changed, entity_id: climate.a, to: heat", ["off", "heat"], 1),
            ("domain: select, type: current_option_changed, entity_id: select.a, from: x, to: y", ["x", "y"], 1),
            ("domain: button, type: pressed, entity_id: button.a", ["2026-01-01", "2026-01-02"], 1),
            ("domain: alarm_control_panel, type: triggered, entity_id: alarm_control_panel.a", ["x", "triggered"], 1),
        ],
    )
    async def test_table(self, rig: AutomationRig, options: str, states: list[str], fires: int) -> None:
        entity = options.partition("entity_id: ")[2].partition(",")[0]
        rig.hub.states.set(entity, states[0])
        assert await rig.load(triggered(options)) == []
        for state in states[1:]:
            rig.hub.states.set(entity, state)
        assert rig.notes == [f"device {entity}"] * fires

    async def test_a_number_in_an_attribute(self, rig: AutomationRig) -> None:
        rig.hub.states.set("cover.a", "open", {"current_position": 10})
        options = "domain: cover, type: position, entity_id: cover.a, above: 50, for: {seconds: 5}"
        assert await rig.load(triggered(options)) == []
        rig.hub.states.set("cover.a", "open", {"current_position": 60})
        assert rig.notes == []
        await rig.clock.advance(5)
        assert rig.notes == ["device cover.a"]

    async def test_somebody_comes(self, rig: AutomationRig) -> None:
        rig.hub.states.set("zone.home", "0", {"latitude": 1.0, "longitude": 1.0, "radius": 100})
        rig.hub.states.set("person.ann", "not_home")
        options = "domain: person, type: enters, entity_id: person.ann, zone: zone.home"
        assert await rig.load(triggered(options)) == []
        rig.hub.states.set("person.ann", "home")
        assert rig.notes == ["device person.ann"]

    async def test_every_row_can_be_built(self, rig: AutomationRig) -> None:
        further = {"numeric_state": ", above: 1", "zone": ", zone: zone.home"}
        for domain, types in TRIGGERS.items():
            for type_, form in types.items():
                options = f"domain: {domain}, type: {type_.replace('*', 'x')}, entity_id: {domain}.a{further.get(form.kind, '')}"
                assert await rig.load(triggered(options)) == [], options

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            (
                f"domain: binary_sensor, type: motion, entity_id: {REGISTRY_ID}",
                (
                    f"3:88: the trigger 'device': '{REGISTRY_ID}' is an id that only one Home Assistant knows: "
                    "write the entity that it stands for, as in 'entity_id: binary_sensor.NAME'"
                ),
            ),
            (
                "domain: light, type: turned_on",
                (
                    "3:37: the trigger 'device': no entity is named: "
                    "write the entity that it stands for, as in 'entity_id: light.NAME'"
                ),
            ),
            (
                "domain: zha, type: remote_button_short_press, subtype: turn_on",
                (
                    "3:48: the trigger 'device': devices of 'zha' are known only to one Home Assistant: "
                    "write 'trigger: mqtt' with the topic of the device, which zigbee2mqtt knows"
                ),
            ),
            (
                "domain: light, type: turned_om, entity_id: light.a",
                "3:61: the trigger 'device': light has no type 'turned_om' (did you mean 'turned_on'?)",
            ),
            (
                "domain: vacuum, type: x, entity_id: vacuum.a",
                "3:62: the trigger 'device': vacuum has no type 'x': there are cleaning, docked",
            ),
            (
                "domain: light, type: turned_on, entity_id: Kitchen",
                "3:83: the trigger 'device': 'Kitchen' is not the id of an entity, such as light.kitchen",
            ),
            (
                "type: turned_on, entity_id: light.a",
                (
                    "3:7: the trigger 'device': 'domain' is missing: "
                    "without Home Assistant's registry nothing tells what the device does"
                ),
            ),
            (
                "domain: sensor, type: humidity, entity_id: sensor.a",
                "3:7: the trigger 'device': 'above' or 'below' is needed",
            ),
            (
                "domain: sensor, type: humidity, entity_id: sensor.a, above: much",
                "3:100: the trigger 'device': above: 'much' is neither a number nor the id of an entity",
            ),
            (
                "domain: light, type: turned_on, entity_id: light.a, four: 5",
                "3:92: unknown key 'four' in the trigger 'device' (did you mean 'for'?)",
            ),
        ],
    )
    async def test_errors(self, rig: AutomationRig, options: str, problem: str) -> None:
        assert await rig.load(triggered(options)) == [f"automations.yaml:{problem}"]

    async def test_a_domain_that_nobody_knows(self, rig: AutomationRig) -> None:
        [problem] = await rig.load(triggered("domain: nest, type: camera_person"))
        assert problem.startswith(
            "automations.yaml:3:48: the trigger 'device': devices of 'nest' are known only to one Home Assistant: "
            "write what it is about with the entity itself, as 'state' or an action; there are those of alarm_control_panel, "
        )


class TestButtonsOfMqttDevices:
    def device(self, rig: AutomationRig) -> None:
        device = Device(id="f00", name="Hall remote", names={"ru": "Пульт"}, identifiers=["zigbee2mqtt_0x1"])
        rig.home.add_device(device, rig.owner)

    @pytest.mark.parametrize(
        ("device", "options", "fires"),
        [
            ("Hall remote", "", 2),
            ("hall REMOTE", "type: action", 2),
            ("Пульт", "type: action, subtype: single", 1),
            ("zigbee2mqtt_0x1", "subtype: double", 1),
            ("f00", "type: other", 0),
            ("Other remote", "", 0),
        ],
    )
    async def test_what_fires(self, rig: AutomationRig, device: str, options: str, fires: int) -> None:
        self.device(rig)
        trigger = f"domain: mqtt, {options}" if options else "domain: mqtt"
        assert await rig.load(triggered(trigger).replace("device_id: x", f"device_id: {device}")) == []
        for subtype in ("single", "double"):
            data = {"device_id": "f00", "type": "action", "subtype": subtype, "payload": ""}
            rig.hub.fire("device_triggered", data)
        assert len(rig.notes) == fires

    async def test_a_device_that_comes_later(self, rig: AutomationRig) -> None:
        await rig.load(triggered("domain: mqtt").replace("device_id: x", "device_id: Hall remote"))
        self.device(rig)
        rig.hub.fire("device_triggered", {"device_id": "f00", "type": "action", "subtype": "on", "payload": ""})
        assert len(rig.notes) == 1

    async def test_what_templates_see(self, rig: AutomationRig) -> None:
        text = triggered("domain: mqtt, discovery_id: z").replace("{{ trigger.platform }}", "{{ trigger.description }}")
        await rig.load(text.replace("trigger.entity_id", "trigger.subtype"))
        rig.hub.fire("device_triggered", {"device_id": "x", "type": "action", "subtype": "on", "payload": "p"})
        assert rig.notes == ["action on of x on"]

    @pytest.mark.parametrize(
        ("device", "problem"),
        [
            (
                REGISTRY_ID,
                (
                    f"3:37: the trigger 'device': '{REGISTRY_ID}' is an id that only one Home Assistant knows: write the "
                    "device's name, as in 'device_id: Hall remote', or 'trigger: mqtt' with its topic"
                ),
            ),
            (
                "''",
                (
                    "3:7: the trigger 'device': no device is named: write the "
                    "device's name, as in 'device_id: Hall remote', or 'trigger: mqtt' with its topic"
                ),
            ),
        ],
    )
    async def test_errors(self, rig: AutomationRig, device: str, problem: str) -> None:
        text = triggered("domain: mqtt, type: action").replace("device_id: x", f"device_id: {device}")
        assert await rig.load(text) == [f"automations.yaml:{problem}"]


class TestConditions:
    @pytest.mark.parametrize(
        ("options", "state", "met"),
        [
            ("domain: light, type: is_on, entity_id: light.a", ("on", {}), True),
            ("domain: light, type: is_off, entity_id: light.a", ("on", {}), False),
            ("domain: light, type: is_on, entity_id: light.a, for: {minutes: 1}", ("on", {}), False),
            ("domain: binary_sensor, type: is_motion, entity_id: binary_sensor.a", ("on", {}), True),
            ("domain: binary_sensor, type: is_open, entity_id: binary_sensor.a", ("on", {}), True),
            ("domain: binary_sensor, type: is_not_open, entity_id: binary_sensor.a", ("on", {}), False),
            ("domain: binary_sensor, type: is_no_smoke, entity_id: binary_sensor.a", ("off", {}), True),
            ("domain: sensor, type: is_temperature, entity_id: sensor.a, above: 20", ("21", {}), True),
            ("domain: sensor, type: is_temperature, entity_id: sensor.a, above: 20", ("19", {}), False),
            ("domain: cover, type: is_position, entity_id: cover.a, below: 5", ("open", {"current_position": 3}), True),
            ("domain: person, type: is_home, entity_id: person.a", ("home", {}), True),
            ("domain: person, type: is_not_home, entity_id: person.a", ("Work", {}), True),
            ("domain: person, type: is_not_home, entity_id: person.a", ("home", {}), False),
            ("domain: climate, type: is_hvac_mode, entity_id: climate.a, hvac_mode: heat", ("heat", {}), True),
            (
                "domain: climate, type: is_preset_mode, entity_id: climate.a, preset_mode: eco",
                ("heat", {"preset_mode": "eco"}),
                True,
            ),
            ("domain: select, type: selected_option, entity_id: select.a, option: x", ("x", {}), True),
            ("domain: vacuum, type: is_docked, entity_id: vacuum.a", ("docked", {}), True),
        ],
    )
    async def test_table(self, rig: AutomationRig, options: str, state: State, met: bool) -> None:
        rig.hub.states.set(options.partition("entity_id: ")[2].partition(",")[0], *state)
        assert await rig.load(asked(options)) == []
        rig.publish("go")
        assert rig.outcomes("a") == ["finished" if met else "failed_conditions"]

    async def test_every_row_can_be_built(self, rig: AutomationRig) -> None:
        for domain, types in CONDITIONS.items():
            for type_, form in types.items():
                further = [f"{key}: x" for key in form.renamed] + ["above: 1"] * (form.kind == "numeric_state")
                options = ", ".join(
                    [f"domain: {domain}, type: {type_.replace('*', 'x')}, entity_id: {domain}.a", *further]
                )
                assert await rig.load(asked(options)) == [], options

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            (
                f"domain: light, type: is_on, entity_id: {REGISTRY_ID}",
                (
                    f"4:80: the condition 'device': '{REGISTRY_ID}' is an id that only one Home Assistant knows: "
                    "write the entity that it stands for, as in 'entity_id: light.NAME'"
                ),
            ),
            (
                "domain: light, type: is_lit, entity_id: light.a",
                "4:62: the condition 'device': light has no type 'is_lit': there are is_off, is_on",
            ),
        ],
    )
    async def test_errors(self, rig: AutomationRig, options: str, problem: str) -> None:
        [said] = await rig.load(asked(options))
        assert said == f"automations.yaml:{problem}"


class Anything(msgspec.Struct, frozen=True):
    """Data of an action that takes what it gets."""

    brightness_step_pct: int | None = None
    flash: str | None = None
    brightness_pct: Any = None
    position: int | None = None
    tilt_position: int | None = None
    option: str | None = None


class TestActions:
    @pytest.mark.parametrize(
        ("options", "action", "data"),
        [
            ("domain: light, type: turn_on, entity_id: light.a", "light.turn_on", {}),
            (
                "domain: light, type: turn_on, entity_id: light.a, brightness_pct: '{{ 20 + 20 }}'",
                "light.turn_on",
                {"brightness_pct": 40},
            ),
            ("domain: switch, type: toggle, entity_id: switch.a", "switch.toggle", {}),
            ("type: turn_off, domain: fan, entity_id: fan.a", "fan.turn_off", {}),
            (
                "domain: light, type: brightness_decrease, entity_id: light.a",
                "light.turn_on",
                {"brightness_step_pct": -10},
            ),
            ("domain: light, type: flash, entity_id: light.a", "light.turn_on", {"flash": "short"}),
            ("domain: light, type: flash, entity_id: light.a, flash: long", "light.turn_on", {"flash": "long"}),
            (
                "domain: cover, type: set_position, entity_id: cover.a, position: 30",
                "cover.set_cover_position",
                {"position": 30},
            ),
            (
                "domain: cover, type: set_tilt_position, entity_id: cover.a, position: 30",
                "cover.set_cover_tilt_position",
                {"tilt_position": 30},
            ),
            ("domain: vacuum, type: dock, entity_id: vacuum.a", "vacuum.return_to_base", {}),
            (
                "domain: select, type: select_option, entity_id: select.a, option: x",
                "select.select_option",
                {"option": "x"},
            ),
        ],
    )
    async def test_table(self, rig: AutomationRig, options: str, action: str, data: dict[str, Any]) -> None:
        calls: list[ActionCall] = []
        rig.hub.actions.register(Action(action, Anything, "Notes.", sync_handler=calls.append), rig.owner)
        assert await rig.load(done(options)) == []
        rig.publish("go")
        [call] = calls
        entity = options.partition("entity_id: ")[2].partition(",")[0]
        assert call.target.entity_id == entity
        assert {key: value for key, value in msgspec.to_builtins(call.data).items() if value is not None} == data

    async def test_without_a_device(self, rig: AutomationRig) -> None:
        calls: list[ActionCall] = []
        rig.hub.actions.register(Action("light.turn_on", Anything, "Notes.", sync_handler=calls.append), rig.owner)
        text = done("domain: light, type: turn_on, entity_id: light.a, alias: x, enabled: true").replace(
            "device_id: x, ", ""
        )
        assert await rig.load(text) == []
        rig.publish("go")
        assert len(calls) == 1

    async def test_every_row_can_be_built(self, rig: AutomationRig) -> None:
        for domain, types in ACTIONS.items():
            for type_ in types:
                assert await rig.load(done(f"domain: {domain}, type: {type_}, entity_id: {domain}.a")) == []

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            (
                f"domain: light, type: turn_on, entity_id: {REGISTRY_ID}",
                (
                    f"4:63: the step 'device_id': '{REGISTRY_ID}' is an id that only one Home Assistant knows: "
                    "write the entity that it stands for, as in 'entity_id: light.NAME'"
                ),
            ),
            (
                "domain: light, type: turnon, entity_id: light.a",
                "4:43: the step 'device_id': light has no type 'turnon' (did you mean 'turn_on'?)",
            ),
            (
                "domain: zha, type: squawk",
                (
                    "4:30: the step 'device_id': devices of 'zha' are known only to one Home Assistant: "
                    "write 'action: mqtt.publish' with the topic of the device, which zigbee2mqtt knows"
                ),
            ),
            (
                "type: turn_on",
                (
                    "4:7: the step 'device_id': 'domain' is missing: "
                    "without Home Assistant's registry nothing tells what the device does"
                ),
            ),
        ],
    )
    async def test_errors(self, rig: AutomationRig, options: str, problem: str) -> None:
        assert await rig.load(done(options)) == [f"automations.yaml:{problem}"]

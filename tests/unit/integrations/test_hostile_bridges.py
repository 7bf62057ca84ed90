"""Bridges that say nonsense: what can be read is learnt, and nothing else is harmed."""

import asyncio
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arvisd.integrations import tasmota, zigbee2mqtt
from tests.simulators import zigbee2mqtt as z
from tests.simulators.tasmota import ENERGY, config, sensors

MAC = "A4CF12000001"

GOOD = z.device("0x99", "Plug", z.switch())
DEVICE = z.device(
    "0x01", "Odd", z.light("brightness", "color_xy", "color_temp", endpoint="l1"), z.switch("l2"), z.lock(), z.fan("off", "low"),
    z.cover("position", "tilt"), z.climate(), z.enum("action", "a"), z.enum("mode", "a", "b", access=7), z.binary("led", True, False, 7),
    z.numeric("n", "%", 7), z.text("t", 7), z.enum("motor_state", "up", "down", "stop"), z.composite("c", "c"),
)  # fmt: skip

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | st.sampled_from(['"]}}{%', "a/#", "{{ 1/0 }}", "\x00"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
calm = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def places(node, path=()):
    """Every place of a document."""
    yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


def changed(node, path, value):
    """The document with another value at one place."""
    if not path:
        return value
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[path[0]] = changed(copy[path[0]], path[1:], value)
    return copy


@calm
@given(path=st.sampled_from(sorted(places(DEVICE), key=str)), value=anything, state=anything)
def test_a_zigbee_device_with_anything_anywhere(device_rig, path, value, state):
    async def run():
        rig = device_rig()
        async with rig.running("zigbee2mqtt", zigbee2mqtt.setup, zigbee2mqtt.Settings()):
            rig.hear("zigbee2mqtt/bridge/devices", json.dumps([GOOD, changed(DEVICE, path, value)]), retain=True)
            assert "switch.plug" in rig.ids()
            rig.hear("zigbee2mqtt/Odd", json.dumps(state))
            rig.hear("zigbee2mqtt/Odd", json.dumps(dict.fromkeys(("state_l1", "color_l1", "position", "action", "fan_mode", "motor_state", "system_mode"), state)))  # fmt: skip
            rig.hear("zigbee2mqtt/Plug", {"state": "ON"})
            assert rig.state("switch.plug") == "on"
            rig.hear("zigbee2mqtt/bridge/devices", [GOOD])
            assert rig.ids() == ["sensor.plug_linkquality", "switch.plug"]

    asyncio.run(run())


@calm
@given(info=anything, path=st.sampled_from(sorted(places(z.info()), key=str)))
def test_a_bridge_that_says_anything_of_itself(device_rig, info, path):
    async def run():
        rig = device_rig()
        async with rig.running("zigbee2mqtt", zigbee2mqtt.setup, zigbee2mqtt.Settings()):
            rig.hear("zigbee2mqtt/bridge/info", json.dumps(changed(z.info(), path, info)), retain=True)
            rig.hear("zigbee2mqtt/bridge/groups", json.dumps(info), retain=True)
            rig.hear("zigbee2mqtt/bridge/devices", [GOOD], retain=True)
            rig.hear("zigbee2mqtt/bridge/info", z.info(availability=False), retain=True)
            assert "switch.plug" in rig.ids()

    asyncio.run(run())


CONFIG = config(
    MAC, "odd", "Odd", [2, 2, 3, 3, 1], lt_st=5, lk=0, swc=[1, 5], btn=[1], so73=1, sht=[[0, 1, 2]], **{"if": 1}
)
TREE = sensors(
    ENERGY=ENERGY, ANALOG={"A0": 5, "CTEnergy1": {"Power": 1}}, DS={"Temperature": 5, "Id": "x"}, TempUnit="C"
)


@calm
@given(
    path=st.sampled_from(sorted(places(CONFIG), key=str)),
    value=anything,
    where=st.sampled_from(sorted(places(TREE), key=str)),
)
def test_a_tasmota_with_anything_anywhere(device_rig, path, value, where):
    async def run():
        rig = device_rig()
        async with rig.running("tasmota", tasmota.setup, tasmota.Settings()):
            rig.hear("tasmota/discovery/A4CF12000002/config", config("A4CF12000002", "plug", "Plug", [1]), retain=True)
            rig.hear(f"tasmota/discovery/{MAC}/sensors", json.dumps(changed(TREE, where, value)), retain=True)
            rig.hear(f"tasmota/discovery/{MAC}/config", json.dumps(changed(CONFIG, path, value)), retain=True)
            for topic in ("stat/odd/RESULT", "tele/odd/SENSOR", "tele/odd/STATE", "stat/odd/STATUS10"):
                rig.hear(topic, json.dumps(value))
                rig.hear(topic, json.dumps(dict.fromkeys(("ENERGY", "Shutter1", "Switch1", "HSBColor", "White", "Scheme", "FanSpeed", "StatusSNS"), value)))  # fmt: skip
            rig.hear("tele/plug/LWT", "Online", retain=True)
            rig.hear("stat/plug/RESULT", {"POWER": "ON"})
            assert rig.state("switch.plug") == "on"
            rig.hear(f"tasmota/discovery/{MAC}/config", b"")
            assert rig.ids() == ["switch.plug"]

    asyncio.run(run())

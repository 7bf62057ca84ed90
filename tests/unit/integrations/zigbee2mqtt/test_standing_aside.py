"""Where zigbee2mqtt announces its devices to Home Assistant, those announcements count, and nothing is there twice."""

import pytest
from arvisd.integrations.zigbee2mqtt import Settings, setup

from tests.simulators.zigbee2mqtt import device, info, light, numeric

LAMP = "0x00158d0000000001"
OTHER = "0x00158d0000000002"


def discovery(address, name):
    """What zigbee2mqtt's own discovery says of a lamp."""
    return {
        "name": None, "schema": "json", "command_topic": f"zigbee2mqtt/{name}/set", "state_topic": f"zigbee2mqtt/{name}",
        "brightness": True, "brightness_scale": 254, "supported_color_modes": ["brightness"],
        "unique_id": f"{address}_light_zigbee2mqtt", "object_id": name.lower(), "origin": {"name": "Zigbee2MQTT"},
        "device": {"identifiers": [f"zigbee2mqtt_{address}"], "name": name},
    }  # fmt: skip


@pytest.fixture
async def rig(device_rig):
    rig = device_rig()
    async with rig.running("zigbee2mqtt", setup, Settings()):
        yield rig


async def announce(rig, address, name):
    rig.hear(f"homeassistant/light/{address}/light/config", discovery(address, name), retain=True)
    await rig.house.settled()


def by_whom(rig, entity_id):
    return next(i.source for i in rig.house.discovered() if getattr(i.working, "entity_id", "") == entity_id)


def lights(rig):
    return [id_ for id_ in rig.ids() if id_.startswith("light.")]


async def test_switched_on_later_and_off_again(rig):
    devices = [device(LAMP, "Lamp", light("brightness"), numeric("temperature", "°C")), device(OTHER, "Other", light())]
    rig.hear("zigbee2mqtt/bridge/info", info(availability=False), retain=True)
    rig.hear("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
    rig.hear("zigbee2mqtt/bridge/devices", devices, retain=True)
    assert lights(rig) == ["light.lamp", "light.other"]
    assert by_whom(rig, "light.lamp").startswith("zigbee2mqtt/")
    rig.hear("zigbee2mqtt/bridge/info", info(availability=False, homeassistant=True), retain=True)
    assert lights(rig) == []
    await announce(rig, LAMP, "Lamp")
    await announce(rig, OTHER, "Other")
    assert lights(rig) == ["light.lamp", "light.other"]
    assert by_whom(rig, "light.lamp").startswith("homeassistant/")
    rig.hear("zigbee2mqtt/bridge/info", info(availability=False))  # off, but the kept announcements are still there
    assert lights(rig) == ["light.lamp", "light.other"]
    assert by_whom(rig, "light.lamp").startswith("homeassistant/")
    for address in (LAMP, OTHER):
        rig.hear(f"homeassistant/light/{address}/light/config", b"", retain=True)
    await rig.house.settled()
    assert lights(rig) == ["light.lamp", "light.other"]
    assert by_whom(rig, "light.lamp").startswith("zigbee2mqtt/")
    assert rig.problems == []


async def test_announcements_that_come_after_the_native_devices_take_their_place(rig):
    rig.hear(
        "zigbee2mqtt/bridge/devices",
        [device(LAMP, "Lamp", light("brightness")), device(OTHER, "Other", light())],
        retain=True,
    )
    rig.hear("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
    assert lights(rig) == ["light.lamp", "light.other"]  # whatever it says of itself
    rig.hear("zigbee2mqtt/bridge/info", info(availability=False), retain=True)
    rig.hear(
        "zigbee2mqtt/bridge/devices",
        [device(LAMP, "Lamp", light("brightness")), device(OTHER, "Other", light())],
        retain=True,
    )
    rig.hear("zigbee2mqtt/Lamp", {"state": "ON"})
    await announce(rig, LAMP, "Lamp")
    assert lights(rig) == ["light.lamp", "light.other"]
    assert by_whom(rig, "light.lamp").startswith("homeassistant/")
    assert by_whom(rig, "light.other").startswith("zigbee2mqtt/")
    assert rig.state("light.lamp") == "on"  # its state did not blink
    assert "sensor.lamp_linkquality" not in rig.ids()
    assert rig.problems == []


async def test_ids_stay_whoever_announces(rig):
    """The unique ids are those of zigbee2mqtt's own discovery."""
    await announce(rig, LAMP, "Lamp")
    rig.hear(
        "homeassistant/light/elsewhere/config",
        {"name": "Lamp", "uniq_id": "x", "cmd_t": "a", "dev": {"ids": "y"}},
        retain=True,
    )
    await rig.house.settled()
    assert lights(rig) == ["light.lamp", "light.lamp_2"]
    rig.hear("zigbee2mqtt/bridge/info", info(availability=False), retain=True)
    rig.hear("zigbee2mqtt/bridge/devices", [device(LAMP, "Lamp", light("brightness"))], retain=True)
    rig.hear(f"homeassistant/light/{LAMP}/light/config", b"", retain=True)
    await rig.house.settled()
    assert lights(rig) == ["light.lamp", "light.lamp_2"]
    assert by_whom(rig, "light.lamp").startswith("zigbee2mqtt/")

"""What zigbee2mqtt says of itself: who is there, who was renamed or is gone, groups, several bridges."""

from arvisd.integrations.zigbee2mqtt import Settings, setup

from tests.simulators.zigbee2mqtt import (
    LAMP,
    cover,
    device,
    info,
    learn,
    light,
    numeric,
    switch,
)


async def test_availability_of_bridge_and_device(rig):
    learn(rig, device(LAMP, "Lamp", light()))
    rig.hear("zigbee2mqtt/Lamp", {"state": "ON"})
    assert rig.state("light.lamp") == "on"
    rig.hear("zigbee2mqtt/Lamp/availability", {"state": "offline"})
    assert rig.state("light.lamp") == "unavailable"
    rig.hear("zigbee2mqtt/Lamp/availability", {"state": "online"})
    assert rig.state("light.lamp") == "on"
    rig.hear("zigbee2mqtt/bridge/state", "offline")  # as before version 2
    assert rig.state("light.lamp") == "unavailable"


async def test_where_availability_is_off_only_the_bridge_counts(rig):
    rig.hear("zigbee2mqtt/bridge/info", info(availability=False, **{"0x02": {"availability": True}}))
    rig.hear("zigbee2mqtt/bridge/devices", [device(LAMP, "Lamp", light()), device("0x02", "Watched", light())])
    assert rig.state("light.lamp") == "unknown"
    assert rig.state("light.watched") == "unavailable"


async def test_a_renamed_device_has_ids_of_its_new_name(rig):
    learn(rig, device(LAMP, LAMP, light()))
    assert f"light.{LAMP}" in rig.ids()
    rig.hear(f"zigbee2mqtt/{LAMP}", {"state": "ON"})
    learn(rig, device(LAMP, "Reading lamp", light()))
    assert [id_ for id_ in rig.ids() if id_.startswith("light.")] == ["light.reading_lamp"]
    assert rig.home.device(rig.home.entity("light.reading_lamp").device).name == "Reading lamp"
    rig.hear("zigbee2mqtt/Reading lamp", {"state": "OFF"})
    assert rig.state("light.reading_lamp") == "off"


async def test_devices_that_are_gone_disabled_or_interviewed(rig):
    learn(rig, device(LAMP, "Lamp", light()))
    learn(rig, device(LAMP, "Lamp", light(), disabled=True))
    assert "light.lamp" not in rig.ids()
    learn(rig, device(LAMP, "Lamp", light()) | {"definition": None, "interviewing": True})
    assert "light.lamp" not in rig.ids()
    learn(rig, device(LAMP, "Lamp", light()))
    assert "light.lamp" in rig.ids()
    learn(rig)
    assert rig.ids() == ["binary_sensor.zigbee2mqtt_bridge_connection_state"]
    assert [d.name for d in rig.home.devices()] == ["Zigbee2MQTT Bridge"]


async def test_a_group_is_a_lamp(rig):
    learn(
        rig,
        device("0x01", "One", light("brightness")),
        device("0x02", "Two", light("brightness", "color_temp")),
        device("0x03", "Plug", switch()),
    )
    rig.hear("zigbee2mqtt/bridge/groups", [
        {"id": 7, "friendly_name": "Living room lights", "members": [{"ieee_address": "0x01", "endpoint": 1}, {"ieee_address": "0x02", "endpoint": 1}], "scenes": []},
        {"id": 8, "friendly_name": "Mixed", "members": [{"ieee_address": "0x01", "endpoint": 1}, {"ieee_address": "0x03", "endpoint": 1}]},
        {"id": 9, "friendly_name": "Empty", "members": []},
    ])  # fmt: skip
    assert [id_ for id_ in rig.ids() if id_.startswith("light.")] == [
        "light.living_room_lights",
        "light.one",
        "light.two",
    ]
    rig.hear("zigbee2mqtt/Living room lights/availability", {"state": "online"}, retain=True)
    await rig.act(
        "light.turn_on",
        "light.living_room_lights",
        {"brightness": 255},
        say=[("zigbee2mqtt/Living room lights", {"state": "ON", "brightness": 254})],
    )
    assert rig.take_sent() == [("zigbee2mqtt/Living room lights/set", {"state": "ON", "brightness": 254})]
    assert "color_temp" in rig.home.entity("light.living_room_lights").features


async def test_one_device_that_cannot_be_read_costs_only_itself(rig, caplog):
    rig.hear(
        "zigbee2mqtt/bridge/devices",
        [
            {"friendly_name": "odd"},
            7,
            device(LAMP, "Lamp", light(), {"type": 9}, {"type": "binary", "property": '"]}}{%', "name": "x"}),
        ],
    )
    assert "light.lamp" in rig.ids()
    assert "odd: Object missing required field `ieee_address`" in caplog.text
    rig.hear("zigbee2mqtt/bridge/devices", '[{"ieee_address"')
    assert "light.lamp" in rig.ids()
    assert "zigbee2mqtt/bridge/devices cannot be read, what was known stays" in caplog.text
    rig.hear("zigbee2mqtt/bridge/devices", b"")
    assert "light.lamp" not in rig.ids()


async def test_silent_devices_on_the_mains_are_asked_once(rig):
    sensor = device("0x05", "Sensor", numeric("temperature", "°C"), type_="EndDevice")
    learn(
        rig,
        device(LAMP, "Lamp", light("brightness")),
        device("0x02", "Heard", light()),
        device("0x03", "Blind", cover("position")),
        sensor,
    )
    rig.hear("zigbee2mqtt/Heard", {"state": "ON"})
    await rig.clock.advance(2.9)
    assert rig.take_sent() == []
    await rig.clock.advance(1)
    await rig.clock.advance(1)
    await rig.clock.advance(1)
    assert rig.take_sent() == [("zigbee2mqtt/Lamp/get", {"state": ""}), ("zigbee2mqtt/Blind/get", {"position": ""})]
    learn(rig, device(LAMP, "Lamp 2", light("brightness")))
    await rig.clock.advance(10)
    assert rig.take_sent() == []


async def test_two_bridges(device_rig):
    rig = device_rig()
    async with rig.running("zigbee2mqtt", setup, Settings(base_topic=["zigbee2mqtt", "attic/z2m"])):
        for base in ("zigbee2mqtt", "attic/z2m", "unnamed"):
            rig.hear(f"{base}/bridge/info", info(availability=False, base=base))
            rig.hear(f"{base}/bridge/state", {"state": "online"}, retain=True)
        rig.hear("zigbee2mqtt/bridge/devices", [device("0x01", "Lamp", light())])
        rig.hear("attic/z2m/bridge/devices", [device("0x02", "Lamp", light())])
        rig.hear("unnamed/bridge/devices", [device("0x03", "Lamp", light())])
        assert [id_ for id_ in rig.ids() if id_.startswith("light.")] == ["light.lamp", "light.lamp_2"]
        rig.hear("attic/z2m/Lamp", {"state": "ON"})
        assert (rig.state("light.lamp"), rig.state("light.lamp_2")) == ("unknown", "on")
    assert rig.ids() == []


async def test_one_that_says_nothing_of_itself(device_rig):
    rig = device_rig()
    async with rig.running("zigbee2mqtt", setup, Settings()):
        rig.hear("attic/bridge/devices", [device("0x01", "Lamp", light())], retain=True)
        assert rig.ids() == ["light.lamp", "sensor.lamp_linkquality"]
        assert rig.state("light.lamp") == "unknown"
        rig.hear("attic/Lamp", {"state": "ON"})
        assert rig.state("light.lamp") == "on"
        rig.hear("attic/bridge/state", {"state": "offline"}, retain=True)
        assert rig.state("light.lamp") == "unavailable"
        rig.hear("attic/bridge/state", {"state": "online"}, retain=True)
        assert rig.state("light.lamp") == "on"
        rig.hear("other/bridge/devices", "no list")
        assert rig.ids() == ["light.lamp", "sensor.lamp_linkquality"]

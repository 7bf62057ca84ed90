"""What is learnt of Tasmota devices, driven by their own messages."""

import pytest
from arvisd.integrations.tasmota import Settings, setup

from arvisd.core.errors import ActionFailedError
from tests.simulators.tasmota import ENERGY, config, sensors

MAC = "A4CF12000001"


@pytest.fixture
async def rig(device_rig):
    rig = device_rig()
    async with rig.running("tasmota", setup, Settings()):
        yield rig


def learn(rig, *relays, name="Lamp", **more):
    rig.hear(f"tasmota/discovery/{MAC}/config", config(MAC, "lamp", name, list(relays), **more), retain=True)
    rig.hear("tele/lamp/LWT", "Online", retain=True)
    rig.take_sent()


async def test_a_relay_is_a_switch(rig):
    learn(rig, 1, name="Kettle")
    assert rig.ids() == ["switch.kettle"]
    assert rig.home.device(rig.home.entity("switch.kettle").device).manufacturer == "Tasmota"
    rig.hear("tele/lamp/STATE", {"Time": "2026", "POWER": "OFF", "Wifi": {"RSSI": 80}})
    assert rig.state("switch.kettle") == "off"
    await rig.act(
        "switch.turn_on", "switch.kettle", say=[("stat/lamp/RESULT", {"POWER": "ON"}), ("stat/lamp/POWER", "ON")]
    )
    assert rig.take_sent() == [("cmnd/lamp/POWER1", "ON")]
    with pytest.raises(ActionFailedError, match=r"switch.kettle did not confirm within 5 s"):
        await rig.act("switch.turn_off", "switch.kettle")
    rig.hear("tele/lamp/LWT", "Offline")
    assert rig.state("switch.kettle") == "unavailable"
    with pytest.raises(ActionFailedError, match=r"switch.kettle is unavailable"):
        await rig.act("switch.turn_off", "switch.kettle")
    assert rig.problems == []


async def test_its_state_is_asked_for_whenever_it_comes(rig):
    learn(rig, 1)
    rig.hear("tele/lamp/LWT", "Offline")
    assert rig.take_sent() == []
    rig.hear("tele/lamp/LWT", "Online")
    assert rig.take_sent() == [("cmnd/lamp/STATE", ""), ("cmnd/lamp/STATUS", "10")]


async def test_several_relays_their_names_and_lights_by_option_30(rig):
    learn(rig, 1, 1, name="Hall", fn=["Hall", "Pump", None], so30=0)
    assert rig.ids() == ["switch.hall", "switch.hall_pump"]
    rig.hear("stat/lamp/RESULT", {"POWER2": "ON"})
    rig.hear("tele/lamp/STATE", {"POWER1": "OFF", "POWER2": "ON"})
    assert (rig.state("switch.hall"), rig.state("switch.hall_pump")) == ("off", "on")
    learn(rig, 1, 1, 1, name="Hall", fn=["Hall", "Pump", None], so30=1)
    assert rig.ids() == ["light.hall", "light.hall_pump", "light.hall_relay_3"]
    await rig.act("light.turn_on", "light.hall_pump", say=[("stat/lamp/RESULT", {"POWER2": "ON"})])
    assert rig.take_sent()[-1] == ("cmnd/lamp/POWER2", "ON")


async def test_topics_by_pattern(rig):
    learn(rig, 1, ft="home/%topic%/%prefix%/%id%", tp=["c", "s", "t"], ofln="gone", onln="here")
    rig.hear("home/lamp/t/000001/LWT", "here", retain=True)
    rig.hear("home/lamp/s/000001/RESULT", {"POWER": "ON"})
    assert rig.state("switch.lamp") == "on"


@pytest.mark.parametrize(
    ("kind", "modes"),
    [
        (0, ["onoff"]),
        (1, ["brightness"]),
        (2, ["color_temp"]),
        (3, ["hs"]),
        (4, ["hs", "white"]),
        (5, ["color_temp", "hs"]),
    ],
)
async def test_kinds_of_lights(rig, kind, modes):
    learn(rig, 2, lt_st=kind)
    assert rig.attributes("light.lamp") == {"friendly_name": "Lamp"} | rig.attributes("light.lamp")
    rig.hear(
        "stat/lamp/RESULT",
        {
            "POWER": "ON",
            "Dimmer": 40,
            "Color": "66000000",
            "HSBColor": "0,100,40",
            "White": 0,
            "CT": 250,
            "Scheme": 2,
            "Speed": 1,
        },
    )
    seen = rig.attributes("light.lamp")
    assert seen["supported_color_modes"] == modes
    assert seen.get("brightness") == (102 if kind else None)
    assert ("rgb_color" in seen) == (kind >= 3 or kind == 2)
    if kind >= 3:
        assert seen["rgb_color"] == [255, 0, 0]
        assert seen["effect"] == "Cycle up"
    assert rig.problems == []


async def test_a_coloured_light_is_driven(rig):
    learn(rig, 2, lt_st=5)
    rig.hear("tele/lamp/STATE", {"POWER": "OFF", "Dimmer": 10, "HSBColor": "0,0,10", "White": 10, "CT": 300})
    after = {"POWER": "ON", "Dimmer": 50, "HSBColor": "120,100,50", "White": 0}
    await rig.act(
        "light.turn_on", "light.lamp", {"brightness": 128, "rgb_color": [0, 255, 0]}, say=[("stat/lamp/RESULT", after)]
    )
    assert rig.take_sent() == [
        ("cmnd/lamp/Dimmer", "50"), ("cmnd/lamp/Backlog", "HsbColor1 120;HsbColor2 100"), ("cmnd/lamp/POWER1", "ON"),
    ]  # fmt: skip
    assert rig.attributes("light.lamp")["color_mode"] == "hs"
    await rig.act(
        "light.turn_on",
        "light.lamp",
        {"color_temp_kelvin": 4000},
        say=[("stat/lamp/RESULT", {"POWER": "ON", "CT": 250, "White": 50})],
    )
    assert rig.take_sent()[0] == ("cmnd/lamp/CT", "250")
    assert rig.attributes("light.lamp")["color_temp_kelvin"] == 4000
    await rig.act(
        "light.turn_on", "light.lamp", {"effect": "Random"}, say=[("stat/lamp/RESULT", {"POWER": "ON", "Scheme": 4})]
    )
    assert rig.take_sent()[0] == ("cmnd/lamp/Scheme", "4")
    assert rig.problems == []


async def test_colour_and_white_apart(rig):
    learn(rig, 2, 2, lt_st=5, lk=0, fn=["Lamp", "White"])
    rig.hear(
        "stat/lamp/RESULT",
        {"POWER1": "ON", "POWER2": "OFF", "Dimmer1": 30, "Dimmer2": 80, "HSBColor": "240,100,30", "CT": 400},
    )
    assert rig.attributes("light.lamp")["supported_color_modes"] == ["hs"]
    assert rig.attributes("light.lamp_white")["supported_color_modes"] == ["color_temp"]
    await rig.act(
        "light.turn_on",
        "light.lamp_white",
        {"brightness_pct": 50},
        say=[("stat/lamp/RESULT", {"POWER2": "ON", "Dimmer2": 50})],
    )
    assert rig.take_sent() == [("cmnd/lamp/Dimmer2", "50"), ("cmnd/lamp/POWER2", "ON")]
    assert rig.attributes("light.lamp_white")["brightness"] == 128


async def test_shutters(rig):
    learn(rig, 3, 3, 1, 3, 3, name="Blinds", sho=[0, 1], sht=[[-90, 90, 10], [0, 0, 0]])
    assert rig.ids() == ["cover.blinds_shutter_1", "cover.blinds_shutter_2", "switch.blinds_relay_3"]
    rig.hear(
        "tele/lamp/SENSOR",
        {
            "Time": "2026",
            "Shutter1": {"Position": 30, "Direction": 0, "Target": 30, "Tilt": 0},
            "Shutter2": {"Position": 20, "Direction": 0},
        },
    )
    one, two = rig.attributes("cover.blinds_shutter_1"), rig.attributes("cover.blinds_shutter_2")
    assert (one["current_position"], one["current_tilt_position"], two["current_position"]) == (30, 50, 80)
    await rig.act(
        "cover.open_cover",
        "cover.blinds_shutter_1",
        say=[("stat/lamp/RESULT", {"Shutter1": {"Position": 31, "Direction": 1, "Target": 100}})],
    )
    assert rig.state("cover.blinds_shutter_1") == "opening"
    rig.hear("stat/lamp/RESULT", {"Shutter1": {"Position": 100, "Direction": 0, "Target": 100}})
    assert rig.state("cover.blinds_shutter_1") == "open"
    rig.hear("stat/lamp/STATUS10", {"StatusSNS": {"Shutter2": {"Position": 100, "Direction": 0}}})
    assert rig.state("cover.blinds_shutter_2") == "closed"
    await rig.act(
        "cover.set_cover_position",
        "cover.blinds_shutter_2",
        {"position": 25},
        say=[("stat/lamp/RESULT", {"Shutter2": {"Position": 75, "Direction": 0}})],
    )
    await rig.act(
        "cover.set_cover_tilt_position",
        "cover.blinds_shutter_1",
        {"tilt_position": 100},
        say=[("stat/lamp/RESULT", {"Shutter1": {"Tilt": 90}})],
    )
    assert rig.take_sent() == [
        ("cmnd/lamp/Backlog", "ShutterOpen1"), ("cmnd/lamp/ShutterPosition2", "75"), ("cmnd/lamp/ShutterTilt1", "90"),
    ]  # fmt: skip
    assert rig.problems == []


async def test_an_ifan(rig):
    learn(rig, 1, 1, 1, 1, name="Fan", **{"if": 1})
    assert rig.ids() == ["fan.fan", "light.fan"]
    rig.hear("stat/lamp/RESULT", {"FanSpeed": 0})
    assert rig.state("fan.fan") == "off"
    await rig.act(
        "fan.turn_on",
        "fan.fan",
        {"percentage": 100},
        say=[("stat/lamp/RESULT", {"FanSpeed": 2}), ("stat/lamp/RESULT", {"FanSpeed": 3})],
    )
    assert rig.take_sent() == [("cmnd/lamp/FanSpeed", "2"), ("cmnd/lamp/FanSpeed", "3")]
    assert rig.attributes("fan.fan")["percentage"] == 100
    assert rig.problems == []


async def test_switches_and_buttons(rig):
    learn(rig, 1, name="Panel", swc=[1, 13, 5, -1], swn=["Window", "Hall", None], btn=[1], so73=1, so114=1)
    assert rig.ids() == [
        "binary_sensor.panel_hall",
        "binary_sensor.panel_switch_3",
        "binary_sensor.panel_window",
        "event.panel_button_1",
        "event.panel_switch_3",
        "switch.panel",
    ]
    fired = []
    rig.hub.bus.subscribe(
        "arvis/event/device_triggered",
        lambda m: fired.append((m.payload.data["subtype"], m.payload.data["type"])),
        rig.host._owner,
    )
    rig.hear("tele/lamp/SENSOR", {"Window": "ON", "Switch3": "OFF"})
    rig.hear("stat/lamp/RESULT", {"Hall": {"Action": "ON"}})
    assert [rig.state(f"binary_sensor.panel_{n}") for n in ("window", "switch_3", "hall")] == ["on", "off", "on"]
    await rig.clock.advance(1.1)
    assert rig.state("binary_sensor.panel_hall") == "off"
    rig.hear("stat/lamp/STATUS10", {"StatusSNS": {"Window": "OFF"}})
    assert rig.state("binary_sensor.panel_window") == "off"
    rig.hear("stat/lamp/RESULT", {"Button1": {"Action": "DOUBLE"}})
    rig.hear("stat/lamp/RESULT", {"Switch3": {"Action": "HOLD"}})
    assert fired == [("button_1", "button_double_press"), ("switch_3", "button_long_press")]
    assert rig.attributes("event.panel_button_1")["event_type"] == "button_double_press"
    assert rig.problems == []


async def test_sensors(rig):
    rig.hear(
        f"tasmota/discovery/{MAC}/sensors",
        sensors(
            ENERGY=ENERGY,
            SI7021={"Temperature": 21.5, "Humidity": 40, "DewPoint": 7.6},
            TX23={"Speed": {"Act": 14.8}},
            SpeedUnit="km/h",
            TempUnit="C",
        ),
        retain=True,
    )
    assert rig.ids() == []
    learn(rig, 1, name="Plug")
    names = [id_.removeprefix("sensor.plug_") for id_ in rig.ids() if id_.startswith("sensor")]
    assert names == [
        "apparent_power",
        "current",
        "energy_today",
        "energy_total",
        "energy_yesterday",
        "factor",
        "power",
        "reactive_power",
        "si7021_dew_point",
        "si7021_humidity",
        "si7021_temperature",
        "tx23_speed_act",
        "voltage",
    ]
    rig.hear("tele/lamp/SENSOR", {"Time": "x", "ENERGY": ENERGY | {"Power": 55}, "SI7021": {"Temperature": 22.5}})
    rig.hear("stat/lamp/STATUS10", {"StatusSNS": {"SI7021": {"Humidity": 41}, "ENERGY": "?"}})
    rig.hear("stat/lamp/RESULT", {"POWER": "ON"})
    said = {
        name: rig.state(f"sensor.plug_{name}")
        for name in ("power", "energy_total", "si7021_temperature", "si7021_humidity", "si7021_dew_point")
    }
    assert said == {
        "power": "55",
        "energy_total": "12.345",
        "si7021_temperature": "22.5",
        "si7021_humidity": "41",
        "si7021_dew_point": "unknown",
    }
    units = {
        name: rig.home.entity(f"sensor.plug_{name}").unit
        for name in ("power", "energy_total", "si7021_temperature", "tx23_speed_act", "factor")
    }
    assert units == {
        "power": "W",
        "energy_total": "kWh",
        "si7021_temperature": "°C",
        "tx23_speed_act": "km/h",
        "factor": None,
    }
    assert rig.attributes("sensor.plug_energy_total")["state_class"] == "total_increasing"
    assert rig.problems == []


async def test_the_same_again_changes_nothing_and_an_empty_payload_takes_it_away(rig):
    rig.hear(f"tasmota/discovery/{MAC}/sensors", sensors(ENERGY=ENERGY), retain=True)
    learn(rig, 1, name="Plug")
    version = rig.home.version
    rig.hear(f"tasmota/discovery/{MAC}/sensors", sensors(ENERGY=ENERGY | {"Power": 99.5}), retain=True)
    learn(rig, 1, name="Plug")
    assert rig.home.version == version
    rig.hear(f"tasmota/discovery/{MAC}/sensors", b"")
    assert rig.ids() == ["switch.plug"]
    rig.hear(f"tasmota/discovery/{MAC}/config", b"")
    assert rig.ids() == []
    assert rig.home.devices() == []
    rig.take_sent()
    rig.hear("tele/lamp/LWT", "Online")
    assert [topic for topic, _ in rig.take_sent() if topic.endswith("STATE")] == []


async def test_one_that_announces_itself_is_left_to_that(rig):
    learn(rig, 1, name="Plug")
    rig.hear(
        "homeassistant/switch/000001_RL_1/config",
        {
            "name": "Plug",
            "stat_t": "tele/lamp/STATE",
            "cmd_t": "cmnd/lamp/POWER",
            "uniq_id": "000001_RL_1",
            "dev": {"ids": ["000001"]},
        },
        retain=True,
    )
    await rig.house.settled()
    assert rig.ids() == ["switch.plug_2"]
    rig.hear("homeassistant/switch/000001_RL_1/config", b"", retain=True)
    await rig.house.settled()
    assert rig.ids() == ["switch.plug"]


@pytest.mark.parametrize(
    ("topic", "payload", "said"),
    [
        (f"{MAC}/config", "{", "cannot be read, what was known stays: Input data was truncated"),
        (f"{MAC}/config", {"mac": MAC, "t": "a#"}, "its topic '%prefix%/%topic%/' cannot be used"),
        (f"{MAC}/config", {"mac": "A4CF12000002", "t": "a"}, "it says that it is 'A4CF12000002'"),
        (f"{MAC}/config", {"mac": MAC, "t": "a", "rl": "x"}, "Expected `array`, got `str` - at `$.rl`"),
        (f"{MAC}/sensors", {"sn": 5}, "Expected `object`, got `int` - at `$.sn`"),
        ("nonsense/config", {}, "'nonsense' is no MAC address"),
    ],
)
async def test_what_cannot_be_read_changes_nothing(rig, caplog, topic, payload, said):
    learn(rig, 1, name="Plug")
    rig.hear(f"tasmota/discovery/{topic}", payload)
    assert rig.ids() == ["switch.plug"]
    assert said in caplog.text

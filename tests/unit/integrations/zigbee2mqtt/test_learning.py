"""What is learnt of zigbee2mqtt's devices, driven by their own messages."""

import pytest

from arvisd.core.errors import ActionFailedError
from tests.simulators.zigbee2mqtt import (
    ALL,
    LAMP,
    binary,
    climate,
    composite,
    cover,
    device,
    enum,
    fan,
    learn,
    light,
    lock,
    numeric,
    switch,
    text,
)


async def test_a_lamp_is_learnt_driven_and_confirmed(rig):
    learn(
        rig,
        device(
            LAMP,
            "kitchen/ceiling_light",
            light("brightness", "color_temp", "color_xy"),
            enum("effect", "blink", "breathe", access=2),
        ),
    )
    assert "light.kitchen_ceiling_light" in rig.ids()
    entity = rig.home.entity("light.kitchen_ceiling_light")
    assert entity.name == "kitchen ceiling light"
    assert rig.home.device(entity.device).manufacturer == "TuYa"
    assert rig.home.device(entity.device).suggested_area == "kitchen"
    rig.hear("zigbee2mqtt/kitchen/ceiling_light", {"state": "OFF", "brightness": 100, "linkquality": 90})
    assert rig.state("light.kitchen_ceiling_light") == "off"
    after = {
        "state": "ON",
        "brightness": 127,
        "color_mode": "color_temp",
        "color_temp": 250,
        "color": {"x": 0.38, "y": 0.37},
    }
    await rig.act(
        "light.turn_on",
        "light.kitchen_ceiling_light",
        {"brightness": 128, "color_temp_kelvin": 4000},
        say=[("zigbee2mqtt/kitchen/ceiling_light", after)],
    )
    assert rig.take_sent() == [
        ("zigbee2mqtt/kitchen/ceiling_light/set", {"state": "ON", "brightness": 127, "color_temp": 250})
    ]
    seen = rig.attributes("light.kitchen_ceiling_light")
    assert (seen["brightness"], seen["color_temp_kelvin"], seen["color_mode"]) == (128, 4000, "color_temp")
    assert seen["effect_list"] == ["blink", "breathe"]
    await rig.act(
        "light.turn_on",
        "light.kitchen_ceiling_light",
        {"rgb_color": [255, 0, 0]},
        say=[("zigbee2mqtt/kitchen/ceiling_light", after | {"color_mode": "xy", "color": {"x": 0.7, "y": 0.299}})],
    )
    ((_, sent),) = rig.take_sent()
    assert sent["color"] == pytest.approx({"x": 0.7, "y": 0.299}, abs=0.01)
    assert rig.attributes("light.kitchen_ceiling_light")["rgb_color"][0] == 255
    assert rig.problems == []


async def test_a_lamp_that_says_its_colour_as_hue_and_saturation(rig):
    learn(rig, device(LAMP, "lamp", light("brightness", "color_hs", "color_xy")))
    rig.hear(
        "zigbee2mqtt/lamp",
        {"state": "ON", "brightness": 254, "color_mode": "hs", "color": {"hue": 120, "saturation": 100}},
    )
    assert rig.attributes("light.lamp")["rgb_color"] == [0, 255, 0]
    assert rig.problems == []


async def test_two_lamps_of_one_device(rig):
    learn(
        rig,
        device(
            LAMP,
            "Strip",
            light("brightness", "color_temp", "color_xy", endpoint="l1"),
            light("brightness", endpoint="l2"),
        ),
    )
    assert [id_ for id_ in rig.ids() if id_.startswith("light.")] == ["light.strip_l1", "light.strip_l2"]
    rig.hear("zigbee2mqtt/Strip", {"state_l1": "OFF", "state_l2": "ON", "brightness_l2": 254})
    assert (rig.state("light.strip_l1"), rig.state("light.strip_l2")) == ("off", "on")
    assert rig.attributes("light.strip_l2")["brightness"] == 255
    say = [
        (
            "zigbee2mqtt/Strip",
            {"state_l1": "ON", "brightness_l1": 127, "color_mode_l1": "xy", "color_l1": {"x": 0.3, "y": 0.6}},
        )
    ]
    await rig.act("light.turn_on", "light.strip_l1", {"brightness": 128, "rgb_color": [0, 255, 0]}, say=say)
    sent = rig.take_sent()
    assert sent[0] == ("zigbee2mqtt/Strip/set", {"state_l1": "ON"})
    assert ("zigbee2mqtt/Strip/set", {"brightness_l1": 127}) in sent
    assert sent[2][1]["color_l1"].keys() == {"x", "y"}
    assert rig.attributes("light.strip_l1")["color_mode"] == "xy"
    assert rig.state("light.strip_l2") == "on"
    await rig.act("light.turn_off", "light.strip_l2", say=[("zigbee2mqtt/Strip", {"state_l2": "OFF"})])
    assert rig.take_sent() == [("zigbee2mqtt/Strip/set", {"state_l2": "OFF"})]
    assert rig.problems == []


async def test_a_switch_with_two_buttons_and_a_setting(rig):
    learn(
        rig,
        device(
            LAMP,
            "Hall switch",
            switch("left"),
            switch("right"),
            binary("child_lock", "LOCK", "UNLOCK", ALL),
            binary("led", True, False, ALL),
        ),
    )
    assert [id_ for id_ in rig.ids() if id_.startswith("switch.")] == [
        "switch.hall_switch_child_lock", "switch.hall_switch_led", "switch.hall_switch_left", "switch.hall_switch_right",
    ]  # fmt: skip
    assert rig.home.entity("switch.hall_switch_left").expose
    assert not rig.home.entity("switch.hall_switch_led").expose
    rig.hear("zigbee2mqtt/Hall switch", {"state_left": "ON", "state_right": "OFF", "led": True, "child_lock": "UNLOCK"})
    assert [rig.state(f"switch.hall_switch_{n}") for n in ("left", "right", "led", "child_lock")] == [
        "on",
        "off",
        "on",
        "off",
    ]
    await rig.act("switch.turn_off", "switch.hall_switch_led", say=[("zigbee2mqtt/Hall switch", {"led": False})])
    await rig.act(
        "switch.turn_on", "switch.hall_switch_right", say=[("zigbee2mqtt/Hall switch", {"state_right": "ON"})]
    )
    assert rig.take_sent() == [
        ("zigbee2mqtt/Hall switch/set", {"led": False}),
        ("zigbee2mqtt/Hall switch/set", {"state_right": "ON"}),
    ]


async def test_a_lock_says_what_its_bolt_says(rig):
    learn(rig, device(LAMP, "Front door", lock(), type_="EndDevice"))
    rig.hear("zigbee2mqtt/Front door", {"state": "LOCK", "lock_state": "locked"})
    assert rig.state("lock.front_door") == "locked"
    with pytest.raises(ActionFailedError, match="lock.front_door did not confirm within 5 s"):
        await rig.act("lock.unlock", "lock.front_door")
    await rig.act(
        "lock.unlock",
        "lock.front_door",
        say=[("zigbee2mqtt/Front door", {"state": "UNLOCK", "lock_state": "unlocked"})],
    )
    rig.hear("zigbee2mqtt/Front door", {"state": "LOCK", "lock_state": "not_fully_locked"})
    assert rig.state("lock.front_door") == "jammed"
    rig.hear("zigbee2mqtt/Front door", {"state": "LOCK"})
    assert rig.state("lock.front_door") == "locked"
    assert {payload["state"] for _, payload in rig.take_sent()} == {"UNLOCK"}


async def test_a_blind_with_position_tilt_and_a_motor(rig):
    learn(rig, device(LAMP, "Blind", cover("position", "tilt"), enum("motor_state", "opening", "closing", "stopped")))
    rig.hear("zigbee2mqtt/Blind", {"position": 0, "state": "CLOSE", "tilt": 30})
    assert rig.attributes("cover.blind")["current_tilt_position"] == 30
    rig.hear("zigbee2mqtt/Blind", {"position": 10, "motor_state": "opening"})
    assert rig.state("cover.blind") == "opening"
    rig.hear("zigbee2mqtt/Blind", {"position": 40, "motor_state": "stopped"})
    assert rig.state("cover.blind") == "open"
    await rig.act(
        "cover.set_cover_position", "cover.blind", {"position": 70}, say=[("zigbee2mqtt/Blind", {"position": 70})]
    )
    await rig.act("cover.close_cover", "cover.blind", say=[("zigbee2mqtt/Blind", {"motor_state": "closing"})])
    assert rig.take_sent() == [
        ("zigbee2mqtt/Blind/set", {"position": 70}),
        ("zigbee2mqtt/Blind/set", {"state": "CLOSE"}),
    ]
    assert [id_ for id_ in rig.ids() if "motor" in id_] == []
    assert rig.problems == []


async def test_a_plain_blind_says_open_and_closed(rig):
    learn(rig, device(LAMP, "Blind", cover()))
    rig.hear("zigbee2mqtt/Blind", {"state": "CLOSE"})
    assert rig.state("cover.blind") == "closed"
    await rig.act("cover.open_cover", "cover.blind", say=[("zigbee2mqtt/Blind", {"state": "OPEN"})])
    assert rig.state("cover.blind") == "open"


async def test_a_thermostat(rig):
    learn(
        rig,
        device(
            LAMP,
            "Radiator",
            climate(
                "occupied_heating_setpoint",
                enum("preset", "none", "eco", "comfort", access=3),
                numeric("pi_heating_demand", "%"),
                numeric("local_temperature_calibration", "°C", ALL, value_min=-2.5, value_max=2.5, value_step=0.1),
            ),
            type_="EndDevice",
        ),
    )
    rig.hear(
        "zigbee2mqtt/Radiator",
        {
            "system_mode": "heat",
            "occupied_heating_setpoint": 20,
            "local_temperature": 19.5,
            "running_state": "heat",
            "preset": "eco",
            "pi_heating_demand": 40,
        },
    )
    seen = rig.attributes("climate.radiator")
    assert rig.state("climate.radiator") == "heat"
    assert (seen["temperature"], seen["current_temperature"], seen["hvac_action"]) == (20, 19.5, "heating")
    assert (seen["min_temp"], seen["max_temp"], seen["target_temp_step"], seen["hvac_modes"]) == (
        5,
        30,
        0.5,
        ["off", "auto", "heat"],
    )
    assert (seen["preset_mode"], seen["preset_modes"]) == ("eco", ["eco", "comfort"])
    assert rig.state("sensor.radiator_pi_heating_demand") == "40"
    assert "number.radiator_local_temperature_calibration" in rig.ids()
    await rig.act(
        "climate.set_temperature",
        "climate.radiator",
        {"temperature": 21.5},
        say=[("zigbee2mqtt/Radiator", {"occupied_heating_setpoint": 21.5})],
    )
    await rig.act(
        "climate.set_hvac_mode",
        "climate.radiator",
        {"hvac_mode": "off"},
        say=[("zigbee2mqtt/Radiator", {"system_mode": "off"})],
    )
    assert rig.take_sent() == [
        ("zigbee2mqtt/Radiator/set", {"occupied_heating_setpoint": 21.5}),
        ("zigbee2mqtt/Radiator/set", {"system_mode": "off"}),
    ]
    assert rig.problems == []


async def test_a_fan_of_three_speeds_and_a_preset(rig):
    learn(rig, device(LAMP, "Fan", fan("off", "low", "medium", "high", "on", "auto")))
    rig.hear("zigbee2mqtt/Fan", {"fan_state": "ON", "fan_mode": "medium"})
    assert rig.state("fan.fan") == "on"
    assert rig.attributes("fan.fan")["percentage"] == 66
    assert rig.attributes("fan.fan")["preset_modes"] == ["on", "auto"]
    await rig.act(
        "fan.turn_on",
        "fan.fan",
        {"percentage": 100},
        say=[("zigbee2mqtt/Fan", {"fan_state": "ON", "fan_mode": "high"})],
    )
    assert rig.take_sent() == [
        ("zigbee2mqtt/Fan/set", {"fan_state": "ON"}),
        ("zigbee2mqtt/Fan/set", {"fan_mode": "high"}),
    ]
    rig.hear("zigbee2mqtt/Fan", {"fan_mode": "auto"})
    assert rig.attributes("fan.fan")["preset_mode"] == "auto"
    assert rig.attributes("fan.fan")["percentage"] is None
    assert rig.problems == []


async def test_sensors_of_all_kinds(rig):
    learn(
        rig,
        device(
            LAMP, "Weather", numeric("temperature", "°C"), numeric("humidity", "%"), numeric("battery", "%", category="diagnostic"),
            binary("contact", False, True), binary("occupancy", True, False), enum("air_quality", "good", "bad"), text("note"),
            numeric("report_interval", "s", ALL, value_min=1, value_max=60), enum("mode", "a", "b", access=ALL),
            enum("identify", "identify", access=2), composite("schedule", "schedule"), numeric("energy", "kWh"),
            text("label", ALL), type_="EndDevice",
        ),
    )  # fmt: skip
    rig.hear(
        "zigbee2mqtt/Weather",
        {
            "temperature": 21.4,
            "humidity": 40,
            "battery": 90,
            "contact": False,
            "occupancy": True,
            "air_quality": "good",
            "note": "hi",
            "report_interval": 10,
            "mode": "a",
            "energy": 1.5,
            "label": "x",
        },
    )
    assert {id_: rig.state(id_) for id_ in rig.ids() if "linkquality" not in id_ and "bridge" not in id_} == {
        "binary_sensor.weather_contact": "on",
        "binary_sensor.weather_occupancy": "on",
        "button.weather_identify": "unknown",
        "number.weather_report_interval": "10",
        "select.weather_mode": "a",
        "sensor.weather_air_quality": "good",
        "sensor.weather_battery": "90",
        "sensor.weather_energy": "1.5",
        "sensor.weather_humidity": "40",
        "sensor.weather_note": "hi",
        "sensor.weather_temperature": "21.4",
        "text.weather_label": "x",
    }
    assert rig.home.entity("sensor.weather_temperature").device_class == "temperature"
    assert rig.home.entity("sensor.weather_temperature").unit == "°C"
    assert rig.home.entity("binary_sensor.weather_contact").device_class == "door"
    assert rig.attributes("sensor.weather_energy")["state_class"] == "total_increasing"
    assert rig.home.entity("sensor.weather_temperature").expose
    assert not rig.home.entity("sensor.weather_linkquality").expose
    await rig.act(
        "select.select_option", "select.weather_mode", {"option": "b"}, say=[("zigbee2mqtt/Weather", {"mode": "b"})]
    )
    await rig.act(
        "number.set_value",
        "number.weather_report_interval",
        {"value": 30},
        say=[("zigbee2mqtt/Weather", {"report_interval": 30})],
    )
    await rig.act("button.press", "button.weather_identify")
    assert rig.take_sent() == [
        ("zigbee2mqtt/Weather/set", {"mode": "b"}), ("zigbee2mqtt/Weather/set", {"report_interval": 30}), ("zigbee2mqtt/Weather/set", {"identify": "identify"}),
    ]  # fmt: skip
    assert rig.problems == []


async def test_what_a_message_leaves_out_stays_and_null_is_unknown(rig, caplog):
    learn(rig, device(LAMP, "Weather", numeric("temperature", "°C"), numeric("humidity", "%")))
    rig.hear("zigbee2mqtt/Weather", {"temperature": 20, "humidity": 40})
    rig.hear("zigbee2mqtt/Weather", {"temperature": 21})
    assert (rig.state("sensor.weather_temperature"), rig.state("sensor.weather_humidity")) == ("21", "40")
    rig.hear("zigbee2mqtt/Weather", {"temperature": None})
    assert rig.state("sensor.weather_temperature") == "unknown"
    assert caplog.text == ""
    assert rig.problems == []


async def test_a_button_fires_events_and_device_automations(rig):
    learn(
        rig,
        device(LAMP, "Remote", enum("action", "single", "double", "hold"), numeric("battery", "%"), type_="EndDevice"),
    )
    fired = []
    rig.hub.bus.subscribe(
        "arvis/event/device_triggered", lambda m: fired.append(m.payload.data["subtype"]), rig.host._owner
    )
    rig.hear("zigbee2mqtt/Remote", {"action": "hold", "battery": 80}, retain=True)  # of yesterday
    assert rig.state("event.remote_action") == "unknown"
    rig.hear("zigbee2mqtt/Remote", {"action": "double", "battery": 80})
    assert rig.attributes("event.remote_action")["event_type"] == "double"
    rig.hear("zigbee2mqtt/Remote", {"action": "", "battery": 80})
    rig.hear("zigbee2mqtt/Remote", {"battery": 79})
    assert fired == ["double"]
    assert rig.problems == []

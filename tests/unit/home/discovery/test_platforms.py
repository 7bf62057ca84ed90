"""Each platform: what a device says becomes a state, what is asked becomes its message."""

import json

import pytest

from arvisd.core.errors import ActionDataError, ActionFailedError

# platform, announcement, what the device says, state, some attributes
HEARD = [
    ("cover", {"stat_t": "x", "cmd_t": "c"}, [("x", "opening")], "opening", {}),
    ("cover", {"stat_t": "x", "cmd_t": "c"}, [("x", "closing"), ("x", "stopped")], "closed", {}),
    ("cover", {"pos_t": "x", "set_pos_t": "p"}, [("x", "40")], "open", {"current_position": 40}),
    ("cover", {"pos_t": "x", "set_pos_t": "p", "pos_open": 0, "pos_clsd": 255}, [("x", "255")], "closed", {"current_position": 0}),
    ("cover", {"pos_t": "x", "set_pos_t": "p"}, [("x", '{"position": 10, "tilt_position": 50}')], "open", {"current_tilt_position": 50}),
    ("cover", {"stat_t": "x", "cmd_t": "c", "tilt_status_t": "t", "tilt_cmd_t": "tc", "tilt_max": 10}, [("x", "open"), ("t", "5")], "open", {"current_tilt_position": 50}),
    ("valve", {"stat_t": "x", "cmd_t": "c"}, [("x", "closing")], "closing", {}),
    ("valve", {"stat_t": "x", "cmd_t": "c", "reports_position": True}, [("x", "30")], "open", {"current_position": 30}),
    ("valve", {"stat_t": "x", "cmd_t": "c", "reports_position": True}, [("x", '{"state": "opening", "position": 12}')], "opening", {"current_position": 12}),
    ("climate", {"mode_stat_t": "m", "mode_cmd_t": "mc", "modes": ["off", "heat"], "temp_stat_t": "t", "temp_cmd_t": "tc", "curr_temp_t": "n", "act_t": "a"},
     [("m", "heat"), ("t", "21.5"), ("n", "19"), ("a", "heating")], "heat", {"temperature": 21.5, "current_temperature": 19, "hvac_action": "heating", "hvac_modes": ["off", "heat"]}),
    ("climate", {"mode_stat_t": "m", "mode_cmd_t": "mc", "val_tpl": "{{ value_json.v }}", "pr_mode_stat_t": "p", "pr_mode_cmd_t": "pc", "pr_modes": ["eco"]},
     [("m", '{"v": "cool"}'), ("p", '{"v": "eco"}')], "cool", {"preset_mode": "eco", "preset_modes": ["eco"]}),
    ("fan", {"stat_t": "x", "cmd_t": "c", "pct_stat_t": "p", "pct_cmd_t": "pc", "spd_rng_min": 1, "spd_rng_max": 4}, [("x", "ON"), ("p", "3")], "on", {"percentage": 75, "percentage_step": 25.0}),
    ("fan", {"stat_t": "x", "cmd_t": "c", "osc_stat_t": "o", "osc_cmd_t": "oc", "dir_stat_t": "d", "dir_cmd_t": "dc", "pr_mode_stat_t": "p", "pr_mode_cmd_t": "pc", "pr_modes": ["auto"]},
     [("x", "ON"), ("o", "oscillate_on"), ("d", "reverse"), ("p", "auto")], "on", {"oscillating": True, "direction": "reverse", "preset_mode": "auto"}),
    ("humidifier", {"stat_t": "x", "cmd_t": "c", "hum_stat_t": "h", "hum_cmd_t": "hc", "curr_hum_t": "n", "mode_stat_t": "m", "mode_cmd_t": "mc", "modes": ["eco"]},
     [("x", "ON"), ("h", "45"), ("n", "40.5"), ("m", "eco")], "on", {"humidity": 45, "current_humidity": 40.5, "mode": "eco"}),
    ("water_heater", {"mode_stat_t": "m", "mode_cmd_t": "mc", "temp_stat_t": "t", "temp_cmd_t": "tc"}, [("m", "eco"), ("t", "50")], "eco", {"temperature": 50.0}),
    ("lock", {"stat_t": "x", "cmd_t": "c"}, [("x", "JAMMED")], "jammed", {}),
    ("lock", {"stat_t": "x", "cmd_t": "c", "stat_locked": "1"}, [("x", "1")], "locked", {}),
    ("vacuum", {"stat_t": "x", "cmd_t": "c", "fanspd_lst": ["min", "max"]}, [("x", '{"state": "cleaning", "fan_speed": "max", "battery_level": 61}')], "cleaning", {"fan_speed": "max", "battery_level": 61}),
    ("lawn_mower", {"act_stat_t": "x"}, [("x", "mowing")], "mowing", {}),
    ("alarm_control_panel", {"stat_t": "x", "cmd_t": "c", "code": 1234}, [("x", "armed_away")], "armed_away", {"code_format": "number"}),
    ("siren", {"stat_t": "x", "cmd_t": "c", "av_tones": ["ping"]}, [("x", '{"state": "ON", "tone": "ping"}')], "on", {"tone": "ping", "available_tones": ["ping"]}),
    ("number", {"stat_t": "x", "cmd_t": "c", "min": 0, "max": 10, "unit_of_meas": "s"}, [("x", "7.0")], "7", {"max": 10.0, "unit_of_measurement": "s"}),
    ("select", {"stat_t": "x", "cmd_t": "c", "ops": ["a", "b"]}, [("x", "b")], "b", {"options": ["a", "b"]}),
    ("text", {"stat_t": "x", "cmd_t": "c"}, [("x", "hello")], "hello", {"max": 255}),
    ("date", {"stat_t": "x", "cmd_t": "c"}, [("x", "2026-11-21")], "2026-11-21", {}),
    ("time", {"stat_t": "x", "cmd_t": "c"}, [("x", "07:30")], "07:30:00", {}),
    ("datetime", {"stat_t": "x", "cmd_t": "c"}, [("x", "2026-11-21T07:30:00")], "2026-11-21T07:30:00+00:00", {}),
    ("event", {"stat_t": "x", "evt_typ": ["single", "double"]}, [("x", '{"event_type": "double", "button": 2}')], "2026-03-02T12:00:00.000+00:00", {"event_type": "double", "button": 2}),
    ("update", {"stat_t": "x", "l_ver_t": "l"}, [("x", "1.0"), ("l", "1.1")], "on", {"installed_version": "1.0", "latest_version": "1.1", "in_progress": False}),
    ("update", {"stat_t": "x"}, [("x", '{"installed_version": "1", "latest_version": "1", "update_percentage": 40}')], "off", {"in_progress": True}),
    ("device_tracker", {"stat_t": "x", "json_attr_t": "a"}, [("x", "home"), ("a", '{"latitude": 52.5, "longitude": 13.4}')], "home", {"latitude": 52.5}),
    ("device_tracker", {"stat_t": "x"}, [("x", "Work")], "Work", {}),
    ("camera", {"t": "pictures"}, [], "idle", {"topic": "pictures"}),
    ("image", {"url_t": "x"}, [("x", "http://cam/1.jpg")], "2026-03-02T12:00:00+00:00", {"url": "http://cam/1.jpg"}),
]  # fmt: skip


@pytest.mark.parametrize(("platform", "config", "said", "state", "attributes"), HEARD)
async def test_what_is_heard(rig, platform, config, said, state, attributes):
    await rig.announce(f"{platform}/x", {"name": "X", **config})
    for topic, payload in said:
        rig.hear(topic, payload)
    assert rig.problems == []
    (entity_id,) = [entity.id for entity in rig.home.entities()]
    if platform not in ("event", "image"):
        assert rig.state(entity_id) == state
    else:
        assert rig.state(entity_id).startswith("20")
    shown = rig.attributes(entity_id)
    assert {key: shown.get(key) for key in attributes} == attributes


# platform, announcement, action, its data, what is sent, what the device answers
ASKED = [
    ("cover", {"stat_t": "x", "cmd_t": "c"}, "open_cover", {}, [("c", "OPEN")], [("x", "opening")]),
    ("cover", {"stat_t": "x", "cmd_t": "c"}, "stop_cover", {}, [("c", "STOP")], [("x", "open")]),
    ("cover", {"pos_t": "x", "set_pos_t": "p", "pos_open": 0, "pos_clsd": 255}, "set_cover_position", {"position": 20}, [("p", "204")], [("x", "204")]),
    ("cover", {"pos_t": "x", "set_pos_t": "p", "set_pos_tpl": '{"p": {{ position }}}'}, "close_cover", {}, [("p", '{"p": 0}')], [("x", "0")]),
    ("cover", {"stat_t": "x", "cmd_t": "c", "tilt_cmd_t": "t", "tilt_opnd_val": 80}, "open_cover_tilt", {}, [("t", "80")], [("x", "open")]),
    ("valve", {"stat_t": "x", "cmd_t": "c"}, "close_valve", {}, [("c", "CLOSE")], [("x", "closed")]),
    ("valve", {"stat_t": "x", "cmd_t": "c", "reports_position": True}, "set_valve_position", {"position": 5}, [("c", "5")], [("x", "5")]),
    ("climate", {"mode_stat_t": "m", "mode_cmd_t": "mc", "temp_stat_t": "t", "temp_cmd_t": "tc"}, "set_temperature", {"temperature": 21, "hvac_mode": "heat"}, [("mc", "heat"), ("tc", "21")], [("m", "heat"), ("t", "21")]),
    ("climate", {"mode_stat_t": "m", "mode_cmd_t": "mc", "pow_cmd_t": "p"}, "set_hvac_mode", {"hvac_mode": "off"}, [("p", "OFF"), ("mc", "off")], [("m", "off")]),
    ("climate", {"mode_cmd_t": "mc", "temp_lo_cmd_t": "lo", "temp_hi_cmd_t": "hi", "temp_lo_stat_t": "ls", "temp_hi_stat_t": "hs"}, "set_temperature", {"target_temp_low": 18, "target_temp_high": 22.5}, [("lo", "18"), ("hi", "22.5")], [("ls", "18"), ("hs", "22.5")]),
    ("climate", {"mode_cmd_t": "mc", "fan_mode_cmd_t": "f", "fan_mode_stat_t": "fs"}, "set_fan_mode", {"fan_mode": "low"}, [("f", "low")], [("fs", "low")]),
    ("fan", {"stat_t": "x", "cmd_t": "c", "pct_stat_t": "p", "pct_cmd_t": "pc", "spd_rng_max": 4}, "set_percentage", {"percentage": 60}, [("c", "ON"), ("pc", "3")], [("x", "ON"), ("p", "3")]),
    ("fan", {"stat_t": "x", "cmd_t": "c", "pct_cmd_t": "pc"}, "turn_on", {"percentage": 0}, [("c", "OFF")], [("x", "OFF")]),
    ("fan", {"stat_t": "x", "cmd_t": "c", "osc_stat_t": "o", "osc_cmd_t": "oc"}, "oscillate", {"oscillating": True}, [("oc", "oscillate_on")], [("o", "oscillate_on")]),
    ("humidifier", {"stat_t": "x", "cmd_t": "c", "hum_stat_t": "h", "hum_cmd_t": "hc"}, "set_humidity", {"humidity": 45}, [("hc", "45")], [("h", "45")]),
    ("water_heater", {"mode_stat_t": "m", "mode_cmd_t": "mc"}, "set_operation_mode", {"operation_mode": "eco"}, [("mc", "eco")], [("m", "eco")]),
    ("lock", {"stat_t": "x", "cmd_t": "c", "code_format": "^\\d{4}$", "cmd_tpl": '{"a": "{{ value }}", "c": "{{ code }}"}'}, "unlock", {"code": "1234"}, [("c", '{"a": "UNLOCK", "c": "1234"}')], [("x", "UNLOCKED")]),
    ("lock", {"stat_t": "x", "cmd_t": "c", "pl_open": "OPEN!"}, "open", {}, [("c", "OPEN!")], [("x", "OPEN")]),
    ("vacuum", {"stat_t": "x", "cmd_t": "c"}, "return_to_base", {}, [("c", "return_to_base")], [("x", '{"state": "returning"}')]),
    ("vacuum", {"stat_t": "x", "cmd_t": "c", "set_fan_spd_t": "f", "fanspd_lst": ["max"], "sup_feat": ["fan_speed"]}, "set_fan_speed", {"fan_speed": "max"}, [("f", "max")], [("x", '{"state": "idle", "fan_speed": "max"}')]),
    ("vacuum", {"stat_t": "x", "cmd_t": "c", "send_cmd_t": "s", "sup_feat": ["send_command"]}, "send_command", {"command": "sing", "params": {"volume": 3}}, [("s", '{"command":"sing","volume":3}')], [("x", '{"state": "idle"}')]),
    ("lawn_mower", {"act_stat_t": "x", "strt_mw_cmd_t": "s"}, "start_mowing", {}, [("s", "start_mowing")], [("x", "mowing")]),
    ("alarm_control_panel", {"stat_t": "x", "cmd_t": "c", "code": "1234"}, "alarm_disarm", {"code": "1234"}, [("c", "DISARM")], [("x", "disarmed")]),
    ("alarm_control_panel", {"stat_t": "x", "cmd_t": "c", "code": "REMOTE_CODE", "cmd_tpl": "{{ action }} {{ code }}"}, "alarm_arm_home", {"code": "77"}, [("c", "ARM_HOME 77")], [("x", "arming")]),
    ("siren", {"stat_t": "x", "cmd_t": "c", "av_tones": ["ping"]}, "turn_on", {"tone": "ping", "duration": 3}, [("c", '{"state":"ON","tone":"ping","duration":3}')], [("x", "ON")]),
    ("button", {"cmd_t": "c"}, "press", {}, [("c", "PRESS")], []),
    ("number", {"stat_t": "x", "cmd_t": "c"}, "set_value", {"value": 7}, [("c", "7")], [("x", "7")]),
    ("select", {"stat_t": "x", "cmd_t": "c", "ops": ["a", "b"]}, "select_next", {}, [("c", "a")], [("x", "a")]),
    ("text", {"stat_t": "x", "cmd_t": "c", "cmd_tpl": "<{{ value }}>"}, "set_value", {"value": "hi"}, [("c", "<hi>")], [("x", "hi")]),
    ("time", {"stat_t": "x", "cmd_t": "c"}, "set_value", {"time": "07:30:00"}, [("c", "07:30:00")], [("x", "07:30:00")]),
    ("update", {"stat_t": "x", "cmd_t": "c", "pl_inst": "go"}, "install", {}, [("c", "go")], [("x", '{"in_progress": true}')]),
]  # fmt: skip


@pytest.mark.parametrize(("platform", "config", "action", "data", "sent", "answers"), ASKED)
async def test_what_is_asked(rig, platform, config, action, data, sent, answers):
    await rig.announce(f"{platform}/x", {"name": "X", **config})
    await rig.act(f"{platform}.{action}", f"{platform}.x", data, answers)
    assert rig.take_sent() == sent
    assert rig.problems == []


@pytest.mark.parametrize(
    ("platform", "config", "action", "data", "text"),
    [
        ("alarm_control_panel", {"stat_t": "x", "cmd_t": "c", "code": "1234"}, "alarm_disarm", {"code": "1"}, "alarm_control_panel.x: the code is wrong"),
        ("alarm_control_panel", {"stat_t": "x", "cmd_t": "c", "code": "1234"}, "alarm_arm_home", {}, "alarm_control_panel.x: a code is needed"),
        ("alarm_control_panel", {"stat_t": "x", "cmd_t": "c", "sup_feat": []}, "alarm_arm_home", {}, "alarm_control_panel.x has no arm_home"),
        ("lock", {"stat_t": "x", "cmd_t": "c", "code_format": "^\\d+$"}, "lock", {}, "lock.x needs a code"),
        ("cover", {"stat_t": "x", "cmd_t": "c"}, "set_cover_position", {"position": 1}, "cover.x has no position"),
        ("number", {"stat_t": "x", "cmd_t": "c", "max": 5}, "set_value", {"value": 7}, "number.x takes 1 to 5, not 7"),
        ("select", {"stat_t": "x", "cmd_t": "c", "ops": ["a"]}, "select_option", {"option": "b"}, "select.x has no option 'b', only a"),
        ("text", {"stat_t": "x", "cmd_t": "c", "max": 2}, "set_value", {"value": "abc"}, "text.x takes 0 to 2 characters, not 3"),
        ("text", {"stat_t": "x", "cmd_t": "c", "pattern": "[a-z]+"}, "set_value", {"value": "1"}, "text.x takes only what fits '[a-z]+'"),
        ("climate", {"mode_stat_t": "m", "mode_cmd_t": "c", "modes": ["off"]}, "set_hvac_mode", {"hvac_mode": "heat"}, "climate.x has no mode 'heat', only off"),
        ("vacuum", {"stat_t": "x", "cmd_t": "c"}, "locate", {}, "vacuum.x has no locate"),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked(rig, platform, config, action, data, text):
    await rig.announce(f"{platform}/x", {"name": "X", **config})
    with pytest.raises((ActionDataError, ActionFailedError)) as caught:
        await rig.act(f"{platform}.{action}", f"{platform}.x", data)
    assert str(caught.value) == text
    assert rig.take_sent() == []


NONSENSE = ["{", "[]", "{}", "nonsense", "1e999", "nan", "-inf", "None", '{"state": []}', '{"state": {"a": 1}}', "\x00", "☃" * 300, ",,,", "null", "true", '{"position": null}']  # fmt: skip


PLATFORMS = [
    (name, "json") for name in sorted({row[0] for row in HEARD} | {"light", "switch", "binary_sensor", "sensor"})
]


@pytest.mark.parametrize(("platform", "schema"), [*PLATFORMS, ("light", "basic"), ("light", "template")])
async def test_nonsense_harms_nothing(rig, platform, schema):
    config = {"name": "X", "schema": schema}
    for row in HEARD:
        if row[0] == platform:
            config |= row[1]
    if platform in ("light", "switch"):
        config |= {"cmd_t": "c", "stat_t": "x", "rgb_stat_t": "r", "rgb_cmd_t": "rc", "bri_stat_t": "b", "bri_cmd_t": "bc", "clr_temp_stat_t": "k", "clr_temp_cmd_t": "kc", "cmd_on_tpl": "1", "cmd_off_tpl": "0", "stat_tpl": "{{ value }}", "r_tpl": "{{ value }}", "g_tpl": "{{ value }}", "b_tpl": "{{ value }}", "bri_tpl": "{{ value }}", "clr_temp_tpl": "{{ value }}"}  # fmt: skip
        if schema == "json":
            config["sup_clrm"] = ["hs", "color_temp"]
    if platform in ("sensor", "binary_sensor"):
        config |= {"stat_t": "x", "json_attr_t": "a"}
    await rig.announce(f"{platform}/x", config)
    assert rig.problems == []
    topics = [subscription.filter for item in rig.house.discovered() for subscription in _subscriptions(rig, item)]
    for topic in topics:
        for payload in (
            *NONSENSE,
            json.dumps({"state": "ON", "brightness": -5, "color": "red", "color_mode": "hs"}),
            b"\xff\xfe",
            b"x" * 300_000,
        ):
            rig.hear(topic, payload)
    assert rig.hub.bus.failures == 0
    (entity_id,) = [entity.id for entity in rig.home.entities()]
    assert len(rig.state(entity_id)) <= 255


def _subscriptions(rig, item):
    found = []
    for topic in "x", "m", "t", "p", "o", "d", "h", "n", "a", "l", "r", "b", "k":
        found += [sub for sub in rig.hub.bus.subscriptions(topic) if sub.owner is item.working.owner]
    return found


async def test_tags_and_buttons_are_events(rig):
    fired = []
    rig.hub.bus.subscribe(
        "arvis/event/+", lambda message: fired.append((message.topic, message.payload.data)), rig.owner
    )
    device = {"dev": {"ids": "r", "name": "Remote"}}
    await rig.announce("tag/r", {"t": "r/tag", "val_tpl": "{{ value_json.id }}", **device})
    await rig.announce(
        "device_automation/r",
        {"atype": "trigger", "t": "r/action", "type": "button_short_press", "stype": "button_1", "pl": "one", **device},
    )
    rig.hear("r/tag", {"id": "E9F35959"})
    rig.hear("r/tag", {"id": "old"}, retain=True)
    rig.hear("r/action", "one")
    rig.hear("r/action", "two")
    (device_id,) = [device.id for device in rig.home.devices()]
    assert fired == [
        ("arvis/event/tag_scanned", {"tag_id": "E9F35959", "device_id": device_id}),
        (
            "arvis/event/device_triggered",
            {"device_id": device_id, "type": "button_short_press", "subtype": "button_1", "payload": "one"},
        ),
    ]


async def test_a_meter_says_when_it_began_at_zero(rig):
    await rig.announce(
        "sensor/m",
        {"name": "M", "uniq_id": "m", "stat_t": "m", "val_tpl": "{{ value_json.v }}", "lrst_val_tpl": "{{ value_json.r }}", "ent_pic": "/m.png"},
    )  # fmt: skip
    rig.hear("m", {"v": 5, "r": "2026-01-01T00:00:00"})
    assert rig.state("sensor.m") == "5"
    assert rig.attributes("sensor.m")["last_reset"] == "2026-01-01T00:00:00"
    assert rig.attributes("sensor.m")["entity_picture"] == "/m.png"


async def test_what_its_maker_hides_is_not_spoken_of(rig):
    await rig.announce("switch/a", {"name": "A", "uniq_id": "a", "cmd_t": "a", "en": False})
    await rig.announce("switch/b", {"name": "B", "uniq_id": "b", "cmd_t": "b", "visible_by_default": False})
    await rig.announce("switch/c", {"name": "C", "uniq_id": "c", "cmd_t": "c"})
    assert {entity.id: entity.expose for entity in rig.home.entities()} == {
        "switch.a": False,
        "switch.b": False,
        "switch.c": True,
    }


async def test_a_renamed_device_is_still_there(rig):
    lamp = {"name": None, "uniq_id": "l", "cmd_t": "l", "dev": {"ids": "d", "name": "0x01"}}
    await rig.announce("switch/l", lamp)
    await rig.announce("switch/l", {**lamp, "dev": {"ids": "d", "name": "Pump"}})
    assert rig.home.device(rig.home.entity("switch.pump").device).name == "Pump"
    await rig.announce("switch/l", b"")
    assert rig.home.devices() == []


async def test_a_refused_component_leaves_no_device(rig):
    await rig.announce(
        "switch/l", {"name": "L", "cmd_t": "l", "val_tpl": "{{", "stat_t": "s", "dev": {"ids": "d", "name": "D"}}
    )
    assert rig.home.devices() == []
    assert len(rig.problems) == 1

import json

import pytest

from arvisd.core.errors import ActionDataError

JSON = {
    "name": "Lamp", "uniq_id": "l", "schema": "json", "cmd_t": "l/set", "stat_t": "l", "brightness": True, "bri_scl": 254,
    "sup_clrm": ["color_temp", "xy"], "min_mirs": 153, "max_mirs": 454, "fx_list": ["blink", "none"],
}  # fmt: skip


def sent_json(rig):
    return [(topic, json.loads(payload)) for topic, payload in rig.take_sent()]


async def test_a_json_light(rig):
    await rig.announce("light/l", JSON)
    entity = rig.home.entity("light.lamp")
    assert entity.features == {"brightness", "color", "color_temp", "effect"}
    rig.hear("l", {"state": "ON", "brightness": 127, "color_mode": "xy", "color": {"x": 0.7006, "y": 0.2993}})
    assert rig.state("light.lamp") == "on"
    attributes = rig.attributes("light.lamp")
    assert (attributes["brightness"], attributes["color_mode"], attributes["rgb_color"]) == (128, "xy", [255, 0, 0])
    assert (attributes["min_color_temp_kelvin"], attributes["max_color_temp_kelvin"]) == (2202, 6535)
    rig.hear("l", {"state": "ON", "color_mode": "color_temp", "color_temp": 250})
    assert rig.attributes("light.lamp")["color_temp_kelvin"] == 4000
    rig.hear("l", {"state": "OFF"})
    assert "brightness" not in rig.attributes("light.lamp")

    await rig.act("light.turn_on", "light.lamp", {"brightness_pct": 50, "transition": 2}, [("l", {"state": "ON"})])
    await rig.act(
        "light.turn_on",
        "light.lamp",
        {"hs_color": [0, 100]},
        [("l", {"color_mode": "xy", "color": {"x": 0.7, "y": 0.299}})],
    )
    await rig.act(
        "light.turn_on",
        "light.lamp",
        {"color_temp_kelvin": 9000},
        [("l", {"color_mode": "color_temp", "color_temp": 153})],
    )
    await rig.act("light.turn_on", "light.lamp", {"effect": "blink", "flash": "long"}, [("l", {"effect": "blink"})])
    await rig.act("light.turn_off", "light.lamp", {}, [("l", {"state": "OFF"})])
    assert sent_json(rig) == [
        ("l/set", {"state": "ON", "brightness": 127, "transition": 2.0}),
        ("l/set", {"state": "ON", "color": {"x": 0.7006, "y": 0.2993}}),
        ("l/set", {"state": "ON", "color_temp": 153}),
        ("l/set", {"state": "ON", "effect": "blink", "flash": 10}),
        ("l/set", {"state": "OFF"}),
    ]
    with pytest.raises(ActionDataError, match=r"light.lamp has no effect 'rainbow', only blink, none"):
        await rig.act("light.turn_on", "light.lamp", {"effect": "rainbow"})


@pytest.mark.parametrize(
    ("mode", "color", "message"),
    [
        ("hs", {"h": 120, "s": 100}, {"color": {"h": 120.0, "s": 100.0}}),
        ("rgb", {"r": 0, "g": 255, "b": 0}, {"color": {"r": 0, "g": 255, "b": 0}}),
        ("rgbw", {"r": 0, "g": 255, "b": 0, "w": 0}, {"color": {"r": 0, "g": 255, "b": 0, "w": 0}}),
        ("rgbww", {"r": 0, "g": 255, "b": 0, "c": 0, "w": 0}, {"color": {"r": 0, "g": 255, "b": 0, "c": 0, "w": 0}}),
        ("xy", {"x": 0.1724, "y": 0.7468}, {"color": {"x": 0.1724, "y": 0.7468}}),
    ],
)
async def test_a_json_light_in_every_colour_mode(rig, mode, color, message):
    await rig.announce("light/l", {**JSON, "sup_clrm": [mode]})
    rig.hear("l", {"state": "ON", "color_mode": mode, "color": color})
    red, green, blue = rig.attributes("light.lamp")["rgb_color"]
    assert (red, blue) == (0, 0)
    assert green == 255
    await rig.act("light.turn_on", "light.lamp", {"color_name": "lime"}, [("l", {"state": "ON"})])
    assert sent_json(rig) == [("l/set", {"state": "ON", **message})]


async def test_kelvin_where_the_light_says_so(rig):
    await rig.announce("light/l", {**JSON, "clr_temp_k": True})
    rig.hear("l", {"state": "ON", "color_mode": "color_temp", "color_temp": 3000})
    assert rig.attributes("light.lamp")["color_temp_kelvin"] == 3000
    await rig.act("light.turn_on", "light.lamp", {"color_temp": 300}, [("l", {"color_temp": 3333})])
    assert sent_json(rig) == [("l/set", {"state": "ON", "color_temp": 3333})]


async def test_a_json_light_that_says_nonsense_harms_nothing(rig):
    await rig.announce("light/l", JSON)
    rig.hear("l", {"state": "ON", "brightness": 254})
    for nonsense in (
        "{",
        "[]",
        '{"brightness": "x"}',
        '{"color_mode": "xy", "color": {"x": 1}}',
        '{"color_mode": 7}',
        '{"brightness": 1e999}',
    ):
        rig.hear("l", nonsense)
    assert rig.state("light.lamp") == "on"
    assert rig.attributes("light.lamp")["brightness"] == 255
    assert rig.problems == [
        "light/l: the state '{' is no JSON",
        "light/l: the state '[]' is no object",
        """light/l: the colour or brightness in '{"brightness": "x"}' cannot be read""",
        """light/l: the colour or brightness in '{"color_mode": "xy", "color": {"x": 1}}' cannot be read""",
        "light/l: the state '{\"brightness\": 1e999}' is no JSON",
    ]


BASIC = {
    "name": "Lamp", "uniq_id": "l", "cmd_t": "l/set", "stat_t": "l/on", "bri_cmd_t": "l/bri/set", "bri_stat_t": "l/bri",
    "bri_scl": 100, "rgb_cmd_t": "l/rgb/set", "rgb_stat_t": "l/rgb", "clr_temp_cmd_t": "l/ct/set", "clr_temp_stat_t": "l/ct",
    "fx_cmd_t": "l/fx/set", "fx_list": ["a"],
}  # fmt: skip


async def test_a_basic_light_has_a_topic_for_each_side(rig):
    await rig.announce("light/l", BASIC)
    rig.hear("l/on", "ON")
    rig.hear("l/bri", "50")
    rig.hear("l/rgb", "255,128,0")
    attributes = rig.attributes("light.lamp")
    assert (attributes["brightness"], attributes["color_mode"], attributes["rgb_color"]) == (128, "rgb", [255, 128, 0])
    rig.hear("l/ct", "250")
    assert rig.attributes("light.lamp")["color_mode"] == "color_temp"
    await rig.act(
        "light.turn_on",
        "light.lamp",
        {"brightness": 255, "rgb_color": [1, 2, 3]},
        [("l/bri", "100"), ("l/rgb", "1,2,3")],
    )
    await rig.act("light.turn_on", "light.lamp", {"color_temp_kelvin": 4000, "effect": "a"}, [("l/ct", "250")])
    assert rig.take_sent() == [
        ("l/bri/set", "100"), ("l/rgb/set", "1,2,3"), ("l/set", "ON"),
        ("l/ct/set", "250"), ("l/fx/set", "a"), ("l/set", "ON"),
    ]  # fmt: skip
    rig.hear("l/rgb", "red")
    rig.hear("l/rgb", "1,2")
    assert rig.problems == ["light/l: rgb: 'red' cannot be read", "light/l: rgb: '1,2' cannot be read"]


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("first", [("l/set", "ON"), ("l/bri/set", "40")]),
        ("last", [("l/bri/set", "40"), ("l/set", "ON")]),
        ("brightness", [("l/bri/set", "40")]),
    ],
)
async def test_when_a_basic_light_is_told_to_be_on(rig, kind, sent):
    await rig.announce("light/l", {**BASIC, "on_cmd_type": kind})
    rig.hear("l/on", "OFF")
    await rig.act("light.turn_on", "light.lamp", {"brightness_pct": 40}, [("l/on", "ON"), ("l/bri", "40")])
    assert rig.take_sent() == sent


async def test_command_templates_of_a_basic_light(rig):
    await rig.announce(
        "light/l",
        {
            **BASIC,
            "rgb_cmd_tpl": "{{ '#%02x%02x%02x' | format(red, green, blue) }}",
            "bri_cmd_tpl": '{"b": {{ value }}}',
        },
    )
    await rig.act(
        "light.turn_on", "light.lamp", {"brightness": 255, "rgb_color": [1, 2, 255]}, [("l/on", "ON"), ("l/bri", "100")]
    )
    assert rig.take_sent()[:2] == [("l/bri/set", '{"b": 100}'), ("l/rgb/set", "#0102ff")]


async def test_a_light_without_a_state_counts_as_done(rig):
    await rig.announce("light/l", {"name": "Lamp", "cmd_t": "l/set", "bri_cmd_t": "l/bri"})
    await rig.act("light.turn_on", "light.lamp", {"brightness": 10})
    assert rig.state("light.lamp") == "on"
    assert rig.attributes("light.lamp") == {
        "assumed_state": True, "brightness": 10, "color_mode": "brightness", "friendly_name": "Lamp",
        "supported_color_modes": ["brightness"],
    }  # fmt: skip
    await rig.act("light.turn_off", "light.lamp")
    assert rig.state("light.lamp") == "off"


async def test_a_light_by_templates(rig):
    await rig.announce(
        "light/l",
        {
            "schema": "template", "name": "Lamp", "cmd_t": "l/set", "stat_t": "l",
            "cmd_on_tpl": "on{% if brightness is defined %},{{ brightness }}{% endif %}{% if red is defined %},{{ red }}-{{ green }}-{{ blue }}{% endif %}",
            "cmd_off_tpl": "off", "stat_tpl": "{{ value.split(',')[0] }}", "bri_tpl": "{{ value.split(',')[1] }}",
            "r_tpl": "{{ value.split(',')[2].split('-')[0] }}", "g_tpl": "{{ value.split(',')[2].split('-')[1] }}",
            "b_tpl": "{{ value.split(',')[2].split('-')[2] }}",
        },
    )  # fmt: skip
    rig.hear("l", "on,200,0-0-255")
    attributes = rig.attributes("light.lamp")
    assert (rig.state("light.lamp"), attributes["brightness"], attributes["hs_color"]) == ("on", 200, [240.0, 100.0])
    await rig.act("light.turn_on", "light.lamp", {"brightness": 20, "rgb_color": [1, 2, 3]}, [("l", "on,20,1-2-3")])
    await rig.act("light.turn_off", "light.lamp", {}, [("l", "off,20,1-2-3")])
    assert rig.take_sent() == [("l/set", "on,20,1-2-3"), ("l/set", "off")]


async def test_a_schema_that_there_is_not(rig):
    await rig.announce("light/l", {"schema": "jason", "cmd_t": "x"})
    assert rig.problems == [
        "light/l: homeassistant/light/l/config: 'schema' must be basic, json or template, not 'jason'"
    ]


async def test_more_than_one_colour_is_refused(rig):
    await rig.announce("light/l", JSON)
    with pytest.raises(ActionDataError, match=r"light.turn_on: only one of rgb_color and color_temp_kelvin can be"):
        await rig.act("light.turn_on", "light.lamp", {"rgb_color": [1, 2, 3], "color_temp_kelvin": 3000})

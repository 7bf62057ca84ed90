"""Announcements and payloads that mean harm, or are plain wrong: a problem is said, and nothing else is harmed."""

import asyncio
import json
import string
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arvisd.home.discovery.abbreviations import table
from arvisd.home.discovery.platforms import ENTITIES, OTHERS

PLUG = {"uniq_id": "plug", "name": "Plug", "stat_t": "plug/state", "cmd_t": "plug/set"}

LEAST: dict[str, dict] = {
    platform: {"name": "X", "unique_id": "x", "command_topic": "c", "state_topic": "s", "topic": "t", "options": ["a"],
               "event_types": ["e"], "automation_type": "trigger", "type": "a", "subtype": "b", "image_topic": "i",
               "device": {"identifiers": ["d"]}}
    for platform in (*ENTITIES, *OTHERS)
}  # fmt: skip

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["{{ 1 }}", "{% x", "a/#", "+", "~", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def keys_of(platform):
    return sorted({**ENTITIES, **OTHERS}[platform].schema.__struct_fields__)


@st.composite
def announcements(draw):
    """One announcement of any platform with some of its keys wrong."""
    platform = draw(st.sampled_from(sorted(LEAST)))
    wrong = draw(st.dictionaries(st.sampled_from([*keys_of(platform), "device", "origin", "schema", "~", "availability"]), anything, max_size=4))  # fmt: skip
    return platform, {**LEAST[platform], **wrong}


async def still_well(rig):
    """Another device is learnt, heard and driven as ever, and nothing failed that was not foreseen."""
    assert [problem for problem in rig.problems if "could not be learnt" in problem] == []
    assert rig.hub.bus.failures == 0
    await rig.announce("switch/plug", PLUG)
    rig.hear("plug/state", "OFF")
    assert rig.state("switch.plug") == "off"
    rig.hear("plug/state", "ON")
    assert rig.state("switch.plug") == "on"


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=announcements(), payload=st.binary(max_size=60) | anything.map(lambda v: json.dumps(v).encode()))
def test_wrong_types_in_every_key(make_rig, data, payload):
    platform, config = data

    async def run():
        rig = make_rig()
        async with rig.running():
            await rig.announce(f"{platform}/x", json.dumps(config))
            for topic in ("s", "t", "i", "c"):
                rig.hear(topic, payload)
            await still_well(rig)
            await rig.announce(f"{platform}/x", b"")
            assert [entity.id for entity in rig.home.entities()] == ["switch.plug"]
            assert rig.home.devices() == []

    asyncio.run(run())


@pytest.mark.parametrize("platform", sorted(LEAST))
async def test_every_key_of_every_platform_with_every_wrong_type(rig, platform):
    for key in keys_of(platform):
        for wrong in (None, True, -1, 1e308, "", "{{", "x" * 3000, [], [[]], [None], {}, {"a": {"b": []}}):
            await rig.announce(f"{platform}/x", json.dumps({**LEAST[platform], key: wrong}))
    await rig.announce(f"{platform}/x", b"")
    await still_well(rig)
    assert [entity.id for entity in rig.home.entities()] == ["switch.plug"]
    assert all(problem.startswith((f"homeassistant/{platform}/x: ", f"{platform}/x: ")) for problem in rig.problems), (
        rig.problems
    )


async def test_a_device_announcement_with_wrong_types_in_every_key(rig):
    whole = {
        "device": {"identifiers": ["d"]},
        "origin": {"name": "o"},
        "components": {"a": {"platform": "sensor", "unique_id": "a", "state_topic": "s"}},
    }
    for key in (*whole, "child_devices", "availability", "~", "state_topic", "migrate_discovery"):
        for wrong in (None, True, -1, "", "x", [], [1], {}, {"a": 1}, {"a": {}}, {"identifiers": 5}, {"": []}):
            await rig.announce("device/d", json.dumps({**whole, key: wrong}))
    await rig.announce("device/d", b"")
    await still_well(rig)


TEMPLATES = [
    "{% for i in range(10**9) %}{{ i }}{% endfor %}",
    "{% for i in range(9999) %}{% for j in range(9999) %}{{ j }}{% endfor %}{% endfor %}",
    "{{ 'x' * 10**9 }}",
    "{{ 'x'.ljust(10**9) }}",
    "{{ 10 ** (10 ** 9) }}",
    "{{ value.__class__.__mro__[1].__subclasses__() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ ''['__class__'] }}",
    "{{ (value | attr('__class__')) }}",
    "{{ '%999999999d' % 1 }}",
    "{{ '{:>999999999}'.format(1) }}",
    "{{ value | center(10**9) }}",
    "{{ value_json | indent(10**9) }}",
    "{{ 'a' | regex_replace('(a+)+$', 'b') }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set ns = namespace(x='x') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x | length }}",
    "{{ 1 / 0 }}",
    "{{ value_json.a.b.c }}",
    "{% include '/etc/passwd' %}",
]


@pytest.mark.parametrize("template", TEMPLATES)
async def test_hostile_templates(rig, template):
    began = time.process_time()
    await rig.announce("sensor/evil", {"name": "Evil", "uniq_id": "evil", "stat_t": "evil", "val_tpl": template})
    rig.hear("evil", '{"a": 1}')
    state = rig.state("sensor.evil")
    assert state in (None, "unknown", "unavailable") or len(state) <= 255
    assert "class" not in (state or "")
    assert "root:" not in (state or "")
    await still_well(rig)
    # no wall clock: how much of the processor one payload may take before it is cut off
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("key", "topic"),
    [("state_topic", "#"), ("state_topic", "+/x"), ("state_topic", "a/#/b"), ("state_topic", "a\x00b"), ("command_topic", "a/+"),
     ("command_topic", "#"), ("command_topic", ""), ("availability_topic", "#"), ("json_attributes_topic", "+"), ("state_topic", "x" * 70_000)],
)  # fmt: skip
async def test_topics_that_would_hear_or_reach_too_much(rig, key, topic):
    await rig.announce("switch/evil", {"name": "Evil", "unique_id": "evil", "command_topic": "c", key: topic})
    assert [entity.id for entity in rig.home.entities()] == []
    assert len(rig.problems) == 1
    assert key in rig.problems[0] or "topic" in rig.problems[0]
    await still_well(rig)


async def test_large_payloads(rig):
    await rig.announce("switch/evil", b'{"name": "' + b"x" * 1_000_000 + b'"}')
    await rig.announce("switch/deep", b'{"a":' * 100_000 + b"1" + b"}" * 100_000)
    await rig.announce("sensor/s", {"name": "S", "uniq_id": "s", "stat_t": "s", "val_tpl": "{{ value | length }}"})
    rig.hear("s", "x" * 1_000_000)
    assert rig.state("sensor.s") == "unknown"
    said = " ".join(rig.problems)
    assert "an announcement of 1,000,012 bytes is refused: 524,288 are the most" in said
    assert "a payload of 1,000,000 bytes is not read (262,144 are the most)" in said
    await still_well(rig)


async def test_thousands_of_components_in_one_device(rig):
    def device(count):
        components = {f"c{n}": {"p": "sensor", "uniq_id": f"c{n}", "stat_t": "s"} for n in range(count)}
        return json.dumps({"dev": {"ids": ["d"], "name": "D"}, "o": {"name": "o"}, "cmps": components})

    await rig.announce("device/d", device(2000))
    assert len(rig.home.entities()) == 2000
    assert {"sensor.d", "sensor.d_2", "sensor.d_2000"} <= {entity.id for entity in rig.home.entities()}
    await rig.announce("device/d", device(4000))
    (problem,) = rig.problems
    assert problem.endswith("a device of more than 2,000 components is refused: announce several")
    await still_well(rig)
    await rig.announce("device/d", b"")
    assert [entity.id for entity in rig.home.entities()] == ["switch.plug"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(topic=st.text(string.printable, min_size=1, max_size=40), payload=st.binary(max_size=80))
def test_any_topic_and_any_bytes(make_rig, topic, payload):
    async def run():
        rig = make_rig()
        async with rig.running():
            rig.hear(f"homeassistant/{topic}/config", payload)
            await rig.house.settled()
            await still_well(rig)

    asyncio.run(run())


def test_the_table_of_abbreviations_is_whole():
    assert len(table().entity) + len(table().device) + len(table().origin) >= 290

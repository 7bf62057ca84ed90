import pytest

from arvisd.core.errors import ActionFailedError
from arvisd.home.discovery import house as house_module

PLUG = {
    "uniq_id": "plug1", "name": None, "stat_t": "plug/state", "cmd_t": "plug/set", "avty_t": "plug/online",
    "dev": {"ids": ["p1"], "name": "Kitchen plug", "sa": "Kitchen"},
}  # fmt: skip


async def test_a_switch_is_learnt_driven_and_confirmed(rig):
    await rig.announce("switch/plug1", PLUG)
    entity = rig.home.entity("switch.kitchen_plug")
    assert entity.name == "Kitchen plug"
    assert rig.home.device(entity.device).manufacturer is None
    assert [area.id for area in rig.home.areas()] == ["kitchen"]
    assert rig.state("switch.kitchen_plug") == "unavailable"
    rig.hear("plug/online", "online", retain=True)
    assert rig.state("switch.kitchen_plug") == "unknown"
    rig.hear("plug/state", "OFF")
    assert rig.state("switch.kitchen_plug") == "off"
    await rig.act("switch.turn_on", "switch.kitchen_plug", say=[("plug/state", "ON")])
    assert rig.take_sent() == [("plug/set", "ON")]
    assert rig.state("switch.kitchen_plug") == "on"


async def test_a_device_that_does_not_answer_has_not_done_it(rig):
    await rig.announce("switch/plug1", PLUG)
    rig.hear("plug/online", "online")
    rig.hear("plug/state", "OFF")
    with pytest.raises(ActionFailedError, match=r"switch.kitchen_plug did not confirm within 5 s"):
        await rig.act("switch.turn_on", "switch.kitchen_plug")
    assert rig.state("switch.kitchen_plug") == "off"
    rig.hear("plug/online", "offline")
    with pytest.raises(ActionFailedError, match=r"switch.kitchen_plug is unavailable"):
        await rig.act("switch.turn_on", "switch.kitchen_plug")


async def test_an_empty_payload_takes_it_away(rig):
    await rig.announce("switch/plug1", PLUG)
    await rig.announce("switch/plug1", b"")
    assert rig.home.entities() == []
    assert rig.home.devices() == []
    assert rig.hub.states.get("switch.kitchen_plug") is None
    rig.hear("plug/online", "online")  # nobody listens any more
    assert rig.problems == []


async def test_the_same_announcement_again_changes_nothing(rig):
    await rig.announce("switch/plug1", PLUG)
    (before,) = rig.house.discovered()
    version = rig.home.version
    await rig.announce("switch/plug1", PLUG)
    await rig.announce("switch/plug1", {**PLUG, "unknown_key": 1} | {})
    await rig.announce("switch/plug1", PLUG)
    assert rig.home.version > version  # a real change was taken over, and back
    assert rig.house.discovered()[0].unique_id == before.unique_id


async def test_a_changed_announcement_keeps_the_state(rig):
    await rig.announce("switch/plug1", PLUG)
    rig.hear("plug/online", "online")
    rig.hear("plug/state", "ON")
    seen = []
    rig.hub.bus.subscribe("arvis/state/switch/kitchen_plug", lambda message: seen.append(message.data), rig.owner)
    await rig.announce("switch/plug1", {**PLUG, "pl_on": "on!"})
    assert seen == []
    assert rig.state("switch.kitchen_plug") == "on"
    rig.hear("plug/state", "OFF")
    rig.hear("plug/state", "on!")
    assert rig.state("switch.kitchen_plug") == "on"


async def test_a_device_with_several_components_and_one_taken_away(rig):
    device = {"dev": {"ids": "s", "name": "Sensor"}, "o": {"name": "esp"}, "stat_t": "s/state"}
    components = {
        "t": {
            "p": "sensor",
            "uniq_id": "t",
            "dev_cla": "temperature",
            "unit_of_meas": "°C",
            "val_tpl": "{{ value_json.t }}",
        },
        "h": {"p": "sensor", "uniq_id": "h", "dev_cla": "humidity", "val_tpl": "{{ value_json.h | round(1) }}"},
    }
    await rig.announce("device/s", device | {"cmps": components})
    rig.hear("s/state", {"t": 21.5, "h": 40.26})
    assert rig.state("sensor.sensor_temperature") == "21.5"
    assert rig.attributes("sensor.sensor_temperature")["unit_of_measurement"] == "°C"
    assert rig.state("sensor.sensor_humidity") == "40.3"
    await rig.announce("device/s", device | {"cmps": {**components, "h": {"p": "sensor"}}})
    assert [entity.id for entity in rig.home.entities()] == ["sensor.sensor_temperature"]


async def test_an_id_follows_the_name_and_stays_over_a_restart(make_rig):
    first = make_rig()
    async with first.running():
        await first.announce("switch/b", {**PLUG, "uniq_id": "b"})
        await first.announce("switch/a", {**PLUG, "uniq_id": "a", "dev": {"ids": ["p2"], "name": "Kitchen plug"}})
        assert sorted(entity.id for entity in first.home.entities()) == ["switch.kitchen_plug", "switch.kitchen_plug_2"]
        await first.announce("switch/b", {**PLUG, "uniq_id": "b", "dev": {"ids": ["p1"], "name": "Pump"}})
        assert sorted(entity.id for entity in first.home.entities()) == ["switch.kitchen_plug_2", "switch.pump"]
    second = make_rig(first.database)
    async with second.running():
        await second.announce("switch/a", {**PLUG, "uniq_id": "a", "dev": {"ids": ["p2"], "name": "Kitchen plug"}})
        assert [entity.id for entity in second.home.entities()] == ["switch.kitchen_plug_2"]


async def test_migration_to_device_discovery_loses_nothing(rig):
    await rig.announce("switch/plug1", PLUG)
    rig.hear("plug/online", "online")
    rig.hear("plug/state", "ON")
    await rig.announce("switch/plug1", {"migrate_discovery": True})
    assert rig.state("switch.kitchen_plug") == "on"
    await rig.announce(
        "device/plug1",
        {
            "dev": PLUG["dev"],
            "o": {"name": "x"},
            "cmps": {"s": {k: v for k, v in PLUG.items() if k != "dev"} | {"p": "switch"}},
        },
    )
    await rig.announce("switch/plug1", b"")
    assert rig.state("switch.kitchen_plug") == "on"
    assert [item.component.key for item in rig.house.discovered()] == ["device/plug1/s"]


async def test_a_binary_sensor_turns_off_by_itself_and_expires(rig):
    await rig.announce("binary_sensor/m", {"name": "Motion", "stat_t": "m", "off_dly": 5, "exp_aft": 60})
    rig.hear("m", "ON")
    assert rig.state("binary_sensor.motion") == "on"
    await rig.clock.advance(5)
    assert rig.state("binary_sensor.motion") == "off"
    await rig.clock.advance(60)
    assert rig.state("binary_sensor.motion") == "unavailable"
    rig.hear("m", "None")
    assert rig.state("binary_sensor.motion") == "unknown"


@pytest.mark.parametrize(
    ("topic", "payload", "problem"),
    [
        ("toaster/x", {}, "toaster/x: homeassistant/toaster/x/config: 'toaster' is nothing that arvisd knows"),
        ("switch/x", {}, "switch/x: homeassistant/switch/x/config: missing 'command_topic'"),
        ("switch/x", {"cmd_t": {"a": 1}}, "switch/x: homeassistant/switch/x/config: 'command_topic': expected text, got 'object'"),
        ("switch/x", {"cmd_t": "a/#"}, "switch/x: homeassistant/switch/x/config: command_topic: the topic 'a/#' holds '+', '#' or a null character: those are for subscribing only"),
        ("sensor/x", {"stat_t": "#"}, "sensor/x: homeassistant/sensor/x/config: state_topic '#' would hear the whole broker: name the topic"),
        ("sensor/x", {"stat_t": "a", "val_tpl": "{{ x"}, "sensor/x: homeassistant/sensor/x/config: sensor/x value_template: unexpected end of template, expected 'end of print statement'."),
        ("sensor/x", {"stat_t": "a", "qos": 7}, "sensor/x: homeassistant/sensor/x/config: 'qos': Invalid enum value 7"),
    ],
)  # fmt: skip
async def test_what_cannot_be_used_says_why_and_harms_nothing_else(rig, topic, payload, problem):
    await rig.announce("switch/plug1", PLUG)
    await rig.announce(topic, payload)
    assert rig.problems == [problem]
    assert [entity.id for entity in rig.home.entities()] == ["switch.kitchen_plug"]


async def test_a_value_that_cannot_be_rendered_is_said_once(rig):
    await rig.announce("sensor/x", {"name": "X", "stat_t": "x", "val_tpl": "{{ 1 / (value | int) }}"})
    for _ in range(3):
        rig.hear("x", "0")
    assert len(rig.problems) == 1
    assert "ZeroDivisionError" in rig.problems[0]
    rig.hear("x", "2")
    assert rig.state("sensor.x") == "0.5"


async def test_a_flood_is_read_without_losing_one(rig, monkeypatch):
    monkeypatch.setattr(house_module, "SLICE_SECONDS", 0.002)
    for number in range(2000):
        rig.hear(
            f"homeassistant/sensor/s{number}/config",
            {"stat_t": f"s/{number}", "name": f"S {number}", "uniq_id": f"s{number}"},
        )
    await rig.house.settled()
    assert len(rig.home.entities()) == 2000
    assert rig.problems == []


async def test_a_renamed_entity_is_told_of_and_remembered(make_rig):
    first = make_rig()
    async with first.running():
        told = []
        first.hub.bus.subscribe(
            "arvis/event/entity_renamed", lambda message: told.append(message.payload.data), first.owner
        )
        await first.announce("switch/b", {**PLUG, "uniq_id": "b"})
        await first.announce("switch/b", {**PLUG, "uniq_id": "b", "dev": {"ids": ["p1"], "name": "Pump"}})
        await first.announce("switch/b", {**PLUG, "uniq_id": "b", "dev": {"ids": ["p1"], "name": "Well"}})
        assert told == [
            {"old_entity_id": "switch.kitchen_plug", "entity_id": "switch.pump"},
            {"old_entity_id": "switch.pump", "entity_id": "switch.well"},
        ]
        assert first.home.renames == 2
    second = make_rig(first.database)
    async with second.running():
        assert second.home.successor("switch.kitchen_plug") == "switch.well"
        assert second.home.successor("switch.pump") == "switch.well"
        assert second.home.remembers("switch.well")
        assert second.home.successor("switch.well") is None
        # another device takes the old name: it is that one's now
        await second.announce("switch/c", {**PLUG, "uniq_id": "c"})
        assert second.home.successor("switch.kitchen_plug") is None

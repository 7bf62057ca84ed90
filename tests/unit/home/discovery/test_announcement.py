import json

import pytest

from arvisd.home.discovery.abbreviations import table
from arvisd.home.discovery.announcement import MAX_BYTES, read_announcement
from arvisd.home.discovery.errors import DiscoveryError


def read(topic, payload):
    return read_announcement(
        "homeassistant", topic, payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    )


def test_all_291_abbreviations_are_there():
    assert (len(table().entity), len(table().device), len(table().origin)) == (276, 12, 3)


def test_a_component_with_short_keys_and_a_base_topic():
    announcement = read(
        "homeassistant/switch/plug/relay/config",
        {"~": "shellies/plug", "stat_t": "~/relay", "cmd_t": "cmnd/~", "avty": {"t": "~/online", "pl_avail": "1"},
         "uniq_id": "plug1", "name": None, "dev": {"ids": "plug", "mf": "Shelly", "sa": "Kitchen"}, "o": {"name": "x", "sw": "1"}},
    )  # fmt: skip
    (component,) = announcement.components
    assert component.key == "switch/plug/relay"
    assert component.platform == "switch"
    assert component.config == {
        "state_topic": "shellies/plug/relay",
        "command_topic": "cmnd/shellies/plug",
        "availability": [{"topic": "shellies/plug/online", "payload_available": "1"}],
        "unique_id": "plug1",
        "name": None,
    }
    assert component.device == {"identifiers": ["plug"], "manufacturer": "Shelly", "suggested_area": "Kitchen"}
    assert component.origin == {"name": "x", "sw_version": "1"}


def test_a_device_with_components_shared_keys_and_one_taken_away():
    announcement = read(
        "homeassistant/device/bridge/0x1/config",
        {"dev": {"ids": ["0x1"]}, "o": {"name": "b"}, "stat_t": "b/0x1", "avty_t": "b/state", "qos": 1,
         "cmps": {"t": {"p": "sensor", "uniq_id": "t", "val_tpl": "{{ value_json.t }}"},
                  "l": {"p": "light", "uniq_id": "l", "stat_t": "b/own", "avty": [{"t": "b/l"}]},
                  "gone": {"p": "switch"}}},
    )  # fmt: skip
    sensor, light = announcement.components
    assert sensor.key == "device/bridge/0x1/t"
    assert sensor.config == {
        "state_topic": "b/0x1", "availability_topic": "b/state", "qos": 1, "unique_id": "t", "value_template": "{{ value_json.t }}",
    }  # fmt: skip
    assert light.config["state_topic"] == "b/own"
    assert light.config["availability"] == [{"topic": "b/l"}]
    assert "availability_topic" not in light.config


def test_child_devices_hang_on_their_parent():
    announcement = read(
        "homeassistant/device/strip/config",
        {"dev": {"ids": ["strip"]}, "o": {"name": "b"},
         "cdevs": [{"ids": ["s1"], "name": "Socket 1", "cmps": {"s": {"p": "switch", "uniq_id": "s"}}}]},
    )  # fmt: skip
    (component,) = announcement.components
    assert component.device == {"identifiers": ["s1"], "name": "Socket 1", "via_device": "strip"}


def test_nothing_and_migration():
    assert read("homeassistant/light/x/config", b"").components == []
    assert read("homeassistant/light/x/config", {"migrate_discovery": True}).migrating
    assert read("homeassistant/light/x/config", {"migr_discvry": True}).migrating


@pytest.mark.parametrize(
    ("topic", "payload", "text"),
    [
        ("homeassistant/light/x", b"{}", "the topic must be PREFIX/COMPONENT/[NODE/]OBJECT/config"),
        ("homeassistant/light/a b/config", b"{}", "the topic must be PREFIX/COMPONENT"),
        ("homeassistant/light/x/config", b"{", "the payload is no JSON: Input data was truncated"),
        ("homeassistant/light/x/config", b"[1]", "the payload must be a JSON object"),
        ("homeassistant/light/x/config", b"[" * 100_000, "the payload is nested too deeply"),
        ("homeassistant/light/x/config", b'"' + b"x" * MAX_BYTES + b'"', "an announcement of 524,290 bytes is refused: 524,288 are the most"),
        ("homeassistant/light/x/config", {"device": 1}, "'device' must be an object"),
        ("homeassistant/light/x/config", {"device": {"name": "x"}}, "'device' needs 'identifiers' or 'connections'"),
        ("homeassistant/device/x/config", {"o": {"name": "x"}}, "'device' is missing"),
        ("homeassistant/device/x/config", {"dev": {"ids": "x"}}, "'origin' is missing"),
        ("homeassistant/device/x/config", {"dev": {"ids": "x"}, "o": {"name": "x"}}, "'components' must be an object: an id for each"),
        ("homeassistant/device/x/config", {"dev": {"ids": "x"}, "o": {}, "cmps": {"a": 1}}, "the component 'a' must be an object"),
        ("homeassistant/device/x/config", {"dev": {"ids": "x"}, "o": {}, "cmps": {"a": {"uniq_id": "a"}}}, "the component 'a' needs 'platform'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(topic, payload, text):
    with pytest.raises(DiscoveryError) as caught:
        read(topic, payload)
    assert str(caught.value).startswith(f"{topic}: {text}")

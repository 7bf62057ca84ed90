"""Media players by arvisd's own schema: what they say, what they are asked, what they cannot do."""

import json

import pytest

from arvisd.core.errors import ActionDataError, ActionFailedError

PLAIN = {
    "stat_t": "p/state", "cmd_t": "p/set", "volume_state_topic": "p/vol", "volume_command_topic": "p/vol/set",
    "volume_max": 100, "mute_state_topic": "p/mute", "mute_command_topic": "p/mute/set", "source_state_topic": "p/src",
    "source_command_topic": "p/src/set", "source_list": ["Radio", "TV"], "media_topic": "p/media",
    "play_media_command_topic": "p/play", "seek_command_topic": "p/seek", "shuffle_state_topic": "p/sh",
    "shuffle_command_topic": "p/sh/set", "repeat_state_topic": "p/re", "repeat_command_topic": "p/re/set",
}  # fmt: skip
JSON = {"schema": "json", "stat_t": "j/state", "cmd_t": "j/set", "source_list": ["Radio", "TV"]}


async def player(rig, config):
    await rig.announce("media_player/x", {"name": "X", **config})
    assert rig.problems == []


async def test_what_a_player_says_in_topics_of_its_own(rig):
    await player(rig, PLAIN)
    assert rig.state("media_player.x") == "unknown"
    rig.hear("p/state", "playing")
    rig.hear("p/vol", "40")
    rig.hear("p/mute", "OFF")
    rig.hear("p/src", "Radio")
    rig.hear("p/sh", "ON")
    rig.hear("p/re", "all")
    rig.hear(
        "p/media",
        {"title": "Satie", "artist": "A", "album": "B", "duration": 200, "position": 12.5, "content_type": "music"},
    )
    assert rig.state("media_player.x") == "playing"
    assert rig.attributes("media_player.x") == {
        "friendly_name": "X",
        "volume_level": 0.4,
        "is_volume_muted": False,
        "source": "Radio",
        "source_list": ["Radio", "TV"],
        "shuffle": True,
        "repeat": "all",
        "media_title": "Satie",
        "media_artist": "A",
        "media_album_name": "B",
        "media_content_type": "music",
        "media_duration": 200,
        "media_position": 12.5,
        "media_position_updated_at": rig.clock.now().isoformat(),
    }
    rig.hear("p/state", "off")
    assert set(rig.attributes("media_player.x")) == {"friendly_name", "volume_level", "is_volume_muted", "source_list"}
    assert rig.problems == []


async def test_what_a_player_says_in_one_object(rig):
    await player(rig, JSON)
    rig.hear(
        "j/state",
        {"state": "paused", "volume": 0.25, "muted": True, "source": "TV", "title": "News", "sources": ["TV", "AUX"]},
    )
    assert rig.state("media_player.x") == "paused"
    shown = rig.attributes("media_player.x")
    assert (shown["volume_level"], shown["is_volume_muted"], shown["media_title"]) == (0.25, True, "News")
    assert shown["source_list"] == ["TV", "AUX"]
    rig.hear("j/state", {"title": None})
    assert "media_title" not in rig.attributes("media_player.x")
    assert rig.state("media_player.x") == "paused"


ASKED = [
    (PLAIN, "turn_on", {}, [("p/set", "turn_on")], [("p/state", "idle")]),
    (PLAIN, "turn_off", {}, [("p/set", "turn_off")], [("p/state", "off")]),
    (PLAIN, "toggle", {}, [("p/set", "turn_off")], [("p/state", "off")]),
    (PLAIN, "media_play", {}, [("p/set", "play")], [("p/state", "playing")]),
    (PLAIN, "media_pause", {}, [("p/set", "pause")], [("p/state", "paused")]),
    (PLAIN, "media_play_pause", {}, [("p/set", "play")], [("p/state", "playing")]),
    (PLAIN, "media_stop", {}, [("p/set", "stop")], [("p/state", "idle")]),
    (PLAIN, "media_next_track", {}, [("p/set", "next")], []),
    (PLAIN, "media_previous_track", {}, [("p/set", "previous")], []),
    (PLAIN, "volume_set", {"volume_level": 0.3}, [("p/vol/set", "30")], [("p/vol", "30")]),
    (PLAIN, "volume_up", {}, [("p/vol/set", "60")], [("p/vol", "60")]),
    (PLAIN, "volume_down", {}, [("p/vol/set", "40")], [("p/vol", "41")]),
    (PLAIN, "volume_mute", {"is_volume_muted": True}, [("p/mute/set", "ON")], [("p/mute", "ON")]),
    (PLAIN, "select_source", {"source": "radio"}, [("p/src/set", "Radio")], [("p/src", "Radio")]),
    (PLAIN, "media_seek", {"seek_position": 30}, [("p/seek", "30")], []),
    (PLAIN, "shuffle_set", {"shuffle": True}, [("p/sh/set", "ON")], [("p/sh", "ON")]),
    (PLAIN, "repeat_set", {"repeat": "one"}, [("p/re/set", "one")], [("p/re", "one")]),
    (PLAIN, "play_media", {"media_content_id": "http://r"}, [("p/play", '{"media_content_id":"http://r","media_content_type":"music"}')], [("p/state", "playing")]),
    (PLAIN | {"play_media_command_template": "{{ media_content_type }}:{{ value }}"}, "play_media", {"media_content_id": "x", "media_content_type": "radio"}, [("p/play", "radio:x")], [("p/state", "buffering")]),
    (PLAIN | {"payload_play": "PLAY!"}, "media_play", {}, [("p/set", "PLAY!")], [("p/state", "playing")]),
    (JSON, "media_pause", {}, [("j/set", '{"command":"pause"}')], [("j/state", '{"state":"paused"}')]),
    (JSON, "volume_set", {"volume_level": 0.3}, [("j/set", '{"command":"volume","volume":0.3}')], [("j/state", '{"volume":0.3}')]),
    (JSON, "volume_mute", {"is_volume_muted": False}, [("j/set", '{"command":"mute","mute":false}')], [("j/state", '{"muted":false}')]),
    (JSON, "select_source", {"source": "TV"}, [("j/set", '{"command":"source","source":"TV"}')], [("j/state", '{"source":"TV"}')]),
    (JSON, "play_media", {"media_content_id": "x", "enqueue": "add"}, [("j/set", '{"command":"play_media","media_content_id":"x","enqueue":"add","media_content_type":"music"}')], []),
]  # fmt: skip


@pytest.mark.parametrize(("config", "action", "data", "sent", "answers"), ASKED)
async def test_what_is_asked(rig, config, action, data, sent, answers):
    await player(rig, config)
    rig.hear("p/state", "on")
    rig.hear("p/vol", "50")
    rig.hear("j/state", {"state": "on", "volume": 0.5, "muted": True, "source": "Radio"})
    await rig.act(f"media_player.{action}", "media_player.x", data, answers)
    assert [(t, json.loads(p)) if p[0] == "{" else (t, p) for t, p in rig.take_sent()] == [
        (t, json.loads(p)) if p[0] == "{" else (t, p) for t, p in sent
    ]
    assert rig.problems == []


@pytest.mark.parametrize(
    ("config", "action", "data", "text"),
    [
        (PLAIN, "select_source", {"source": "Tape"}, "media_player.x has no source 'Tape', only Radio, TV"),
        (PLAIN, "volume_up", {}, "media_player.x does not say how loud it is: set its volume instead"),
        ({"stat_t": "a", "cmd_t": "b"}, "volume_set", {"volume_level": 1}, "media_player.x has no volume"),
        ({"stat_t": "a"}, "media_play", {}, "media_player.x has no play"),
        (PLAIN | {"supported_features": ["play"]}, "media_stop", {}, "media_player.x has no stop"),
        (PLAIN, "volume_set", {"volume_level": 2}, "media_player.volume_set: Expected `float` <= 1.0 - at `$.volume_level`"),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked(rig, config, action, data, text):
    await player(rig, config)
    with pytest.raises((ActionDataError, ActionFailedError)) as caught:
        await rig.act(f"media_player.{action}", "media_player.x", data)
    assert str(caught.value) == text
    assert rig.take_sent() == []


async def test_a_player_that_does_not_pause_is_not_said_to(rig):
    await player(rig, PLAIN)
    rig.hear("p/state", "playing")
    with pytest.raises(ActionFailedError, match=r"^media_player.x did not confirm within 5 s: it is still playing$"):
        await rig.act("media_player.media_pause", "media_player.x")


async def test_what_no_topic_reports_is_counted_as_done(rig):
    await player(rig, {"cmd_t": "c", "volume_command_topic": "v"})
    await rig.act("media_player.media_play", "media_player.x")
    await rig.act("media_player.volume_set", "media_player.x", {"volume_level": 0.5})
    assert rig.state("media_player.x") == "playing"
    assert rig.attributes("media_player.x")["volume_level"] == 0.5
    assert rig.attributes("media_player.x")["assumed_state"] is True


async def test_a_feature_that_has_no_topic_is_refused(rig):
    await rig.announce("media_player/x", {"name": "X", "stat_t": "a", "supported_features": ["volume", "play"]})
    assert rig.problems == [
        "media_player/x: homeassistant/media_player/x/config: supported_features: there is no topic by which it could be told to play, volume"
    ]


SAID = ["{", "[]", "{}", "nonsense", "1e999", '{"state": []}', '{"state": "dancing"}', '{"volume": "x", "muted": 3, "repeat": [], "position": -1, "sources": "a", "title": {}}', "None", "☃"]  # fmt: skip


@pytest.mark.parametrize("text", SAID)
async def test_nonsense_harms_nothing(rig, text):
    await player(rig, PLAIN)
    rig.hear("p/state", "playing")
    for topic in ("p/vol", "p/mute", "p/sh", "p/re", "p/media"):
        rig.hear(topic, text)
    rig.hear("p/state", text)
    assert rig.hub.bus.failures == 0
    rig.hear("p/state", "paused")
    assert rig.state("media_player.x") == "paused"

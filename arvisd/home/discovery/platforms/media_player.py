"""Platform `media_player`: arvisd's own schema, as MQTT has no standard for players (docs/media-players.md).

A player says what it does in one JSON object, in a topic for each thing, or in both; it is told what to do in one
topic (a word, or JSON with `schema: json`), and in a topic of its own for whatever has one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from arvisd.home.actions import media_player as orders
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import NONE, MqttEntity
from arvisd.home.discovery.errors import DiscoveryError

Feature = Literal[
    "turn_on", "turn_off", "play", "pause", "stop", "next", "previous", "seek", "clear_playlist", "volume", "mute",
    "source", "sound_mode", "play_media", "shuffle", "repeat",
]  # fmt: skip

STATES = frozenset({"off", "on", "idle", "playing", "paused", "standby", "buffering"})
"""Home Assistant's."""

WORDS = ("turn_on", "turn_off", "play", "pause", "stop", "next", "previous", "clear_playlist")
"""Commands without a value."""

VALUES = ("volume", "mute", "source", "sound_mode", "play_media", "seek", "shuffle", "repeat")
"""Commands with a value: each may have a topic of its own."""

ATTRIBUTES: dict[str, str] = {
    "volume": "volume_level",
    "muted": "is_volume_muted",
    "source": "source",
    "sound_mode": "sound_mode",
    "title": "media_title",
    "artist": "media_artist",
    "album": "media_album_name",
    "content_id": "media_content_id",
    "content_type": "media_content_type",
    "duration": "media_duration",
    "position": "media_position",
    "shuffle": "shuffle",
    "repeat": "repeat",
    "app": "app_name",
    "picture": "entity_picture",
    "sources": "source_list",
    "sound_modes": "sound_mode_list",
}
"""Keys of the state's JSON object, and Home Assistant's attributes that they become."""

WHEN_ON = frozenset(ATTRIBUTES.values()) - {"source_list", "sound_mode_list", "volume_level", "is_volume_muted"}
"""Attributes that a player that is off does not have."""


class MediaPlayerConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a media player."""

    schema: Literal["basic", "json"] = "basic"
    """How commands are written: a word, or a JSON object `{"command": "volume", "volume": 0.4}`."""
    supported_features: list[Feature] | None = None
    """What it can do; by default what there is a topic for."""
    optimistic: bool = False

    state_topic: str | None = None
    """A state, or a JSON object with `state` and more."""
    value_template: str | None = None
    command_topic: str | None = None
    payload_turn_on: str = "turn_on"
    payload_turn_off: str = "turn_off"
    payload_play: str = "play"
    payload_pause: str = "pause"
    payload_stop: str = "stop"
    payload_next: str = "next"
    payload_previous: str = "previous"
    payload_clear_playlist: str = "clear_playlist"

    volume_state_topic: str | None = None
    volume_value_template: str | None = None
    volume_command_topic: str | None = None
    volume_command_template: str | None = None
    volume_max: Annotated[float, msgspec.Meta(gt=0)] = 1
    """What the player calls its loudest: 1, or 100."""
    mute_state_topic: str | None = None
    mute_value_template: str | None = None
    mute_command_topic: str | None = None
    mute_command_template: str | None = None
    payload_mute: str = "ON"
    payload_unmute: str = "OFF"
    source_state_topic: str | None = None
    source_value_template: str | None = None
    source_command_topic: str | None = None
    source_command_template: str | None = None
    source_list: list[str] = msgspec.field(default_factory=list)
    sound_mode_state_topic: str | None = None
    sound_mode_value_template: str | None = None
    sound_mode_command_topic: str | None = None
    sound_mode_command_template: str | None = None
    sound_mode_list: list[str] = msgspec.field(default_factory=list)
    media_topic: str | None = None
    """A JSON object of what plays: `title`, `artist`, `album`, `duration`, `position`, …"""
    media_template: str | None = None
    play_media_command_topic: str | None = None
    play_media_command_template: str | None = None
    seek_command_topic: str | None = None
    seek_command_template: str | None = None
    shuffle_state_topic: str | None = None
    shuffle_value_template: str | None = None
    shuffle_command_topic: str | None = None
    shuffle_command_template: str | None = None
    repeat_state_topic: str | None = None
    repeat_value_template: str | None = None
    repeat_command_topic: str | None = None
    repeat_command_template: str | None = None


class MediaPlayer(MqttEntity):
    """A player of music or films."""

    domain = "media_player"
    schema = MediaPlayerConfig
    actions: ClassVar[frozenset[str]] = frozenset(action.name.partition(".")[2] for action in orders.ACTIONS) - {
        "toggle",
        "volume_up",
        "volume_down",
        "media_play_pause",
    }

    def __init__(self, key: str, config: MediaPlayerConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config
        missing = sorted(f for f in config.supported_features or () if not self._can(f))
        if missing:
            raise DiscoveryError(
                f"supported_features: there is no topic by which it could be told to {', '.join(missing)}"
            )

    @property
    def assumed(self) -> bool:
        """Tell whether nothing comes back."""
        return self.config.optimistic or self.config.state_topic is None

    def features(self) -> frozenset[str]:
        """Return what it can do."""
        config = self.config
        if config.supported_features is not None:
            return frozenset(config.supported_features)
        usual = {name for name in WORDS if name != "clear_playlist" and self._can(name)}
        valued = {name for name in VALUES if self._can(name)}
        if config.schema == "json":
            lists = {"source": config.source_list, "sound_mode": config.sound_mode_list}
            valued = {n for n in valued if self._own_topic(n) or lists.get(n) or n in ("volume", "mute", "play_media")}
        return frozenset(usual | valued)

    def listen(self) -> None:
        """Listen to the state and to what is said apart from it."""
        config = self.config
        self.on(config.state_topic, self.template("value_template"), self._heard)
        self.on(config.media_topic, self.template("media_template"), self._media_heard)
        truth = {config.payload_mute: True, config.payload_unmute: False}
        flags = {
            "ON": True,
            "OFF": False,
            "on": True,
            "off": False,
            "true": True,
            "false": False,
            "True": True,
            "False": False,
        }
        reads: dict[str, tuple[str, Callable[[str], Any]]] = {
            "volume": ("volume_level", self._level),
            "mute": ("is_volume_muted", (flags | truth).__getitem__),
            "source": ("source", str),
            "sound_mode": ("sound_mode", str),
            "shuffle": ("shuffle", flags.__getitem__),
            "repeat": ("repeat", _repeat),
        }
        for name, (attribute, read) in reads.items():
            self.follow(attribute, getattr(config, f"{name}_state_topic"), f"{name}_value_template", read)

    def value(self) -> str | None:
        """Return what it does."""
        return self.known.get("state")

    def attributes(self) -> dict[str, Any]:
        """Return what plays and how."""
        config = self.config
        off = self.known.get("state") in ("off", "standby")
        found = {
            name: self.known[name]
            for name in ATTRIBUTES.values()
            if self.known.get(name) is not None and not (off and name in WHEN_ON)
        }
        if "media_position" in found and "media_position_updated_at" in self.known:
            found["media_position_updated_at"] = self.known["media_position_updated_at"]
        for key in ("source_list", "sound_mode_list"):
            given = getattr(config, key)
            if given and key not in found:
                found[key] = given
        return found

    def turn_on(self, _data: Any) -> None:
        """Turn on."""
        self._word("turn_on", "on")

    def turn_off(self, _data: Any) -> None:
        """Turn off."""
        self._word("turn_off", "off")

    def media_play(self, _data: Any) -> None:
        """Play on."""
        self._word("play", "playing")

    def media_pause(self, _data: Any) -> None:
        """Pause."""
        self._word("pause", "paused")

    def media_stop(self, _data: Any) -> None:
        """Stop."""
        self._word("stop", "idle")

    def media_next_track(self, _data: Any) -> None:
        """Go to the next title."""
        self._word("next")

    def media_previous_track(self, _data: Any) -> None:
        """Go to the title before."""
        self._word("previous")

    def clear_playlist(self, _data: Any) -> None:
        """Empty the list."""
        self._word("clear_playlist")

    def volume_set(self, data: orders.VolumeSet) -> None:
        """Set how loud it is, in the player's own numbers."""
        level = round(data.volume_level * self.config.volume_max, 4)
        self._tell("volume", int(level) if level == int(level) else level)
        self._suppose("volume", volume_level=data.volume_level)

    def volume_mute(self, data: orders.VolumeMute) -> None:
        """Mute, or no longer."""
        config = self.config
        word = config.payload_mute if data.is_volume_muted else config.payload_unmute
        self._tell("mute", word if self._own_topic("mute") else data.is_volume_muted)
        self._suppose("mute", is_volume_muted=data.is_volume_muted)

    def select_source(self, data: orders.SelectSource) -> None:
        """Choose a source."""
        self._tell("source", data.source)
        self._suppose("source", source=data.source)

    def select_sound_mode(self, data: orders.SelectSoundMode) -> None:
        """Choose a way to sound."""
        self._tell("sound_mode", data.sound_mode)
        self._suppose("sound_mode", sound_mode=data.sound_mode)

    def play_media(self, data: orders.PlayMedia) -> None:
        """Play something: JSON with Home Assistant's names, for a template `media_content_id` and the others too."""
        said = msgspec.to_builtins(data)
        said.setdefault("media_content_type", data.media_content_type)
        if self.config.play_media_command_template is not None:
            self.tell(
                self.config.play_media_command_topic, data.media_content_id, "play_media_command_template", **said
            )
        elif self._own_topic("play_media"):
            self.publish(self._own_topic("play_media") or "", msgspec.json.encode(said))
        else:
            self._json({"command": "play_media", **said})
        if self.assumed:
            self.suppose(state="playing")

    def media_seek(self, data: orders.Seek) -> None:
        """Go to a second."""
        at = data.seek_position
        self._tell("seek", int(at) if at == int(at) else at)

    def shuffle_set(self, data: orders.ShuffleSet) -> None:
        """Play in random order, or not."""
        self._tell("shuffle", ("ON" if data.shuffle else "OFF") if self._own_topic("shuffle") else data.shuffle)
        self._suppose("shuffle", shuffle=data.shuffle)

    def repeat_set(self, data: orders.RepeatSet) -> None:
        """Repeat one, all, or nothing."""
        self._tell("repeat", data.repeat)
        self._suppose("repeat", repeat=data.repeat)

    def _can(self, feature: str) -> bool:
        """Tell whether there is a topic to ask for it."""
        if self._own_topic(feature):
            return True
        return bool(self.config.command_topic) and (feature in WORDS or self.config.schema == "json")

    def _own_topic(self, feature: str) -> str | None:
        return getattr(self.config, f"{feature}_command_topic") if feature in VALUES else None

    def _word(self, word: str, then: str | None = None) -> None:
        if self.config.schema == "json":
            self._json({"command": word})
        else:
            self.publish(self.config.command_topic or "", getattr(self.config, f"payload_{word}"))
        if then is not None and self.assumed:
            self.suppose(state=then)

    def _tell(self, name: str, value: Any) -> None:
        if self._own_topic(name):
            self.tell(self._own_topic(name), value, f"{name}_command_template")
        else:
            self._json({"command": name, name: value})

    def _json(self, said: dict[str, Any]) -> None:
        self.publish(self.config.command_topic or "", msgspec.json.encode(said))

    def _suppose(self, name: str, **known: Any) -> None:
        """Count as done what no topic reports: neither one of its own nor a state that has it too."""
        reported = getattr(self.config, f"{name}_state_topic") or (
            self.config.state_topic is not None and set(known) <= self.known.get("reported", set())
        )
        if self.config.optimistic or not reported:
            self.suppose(**known)

    def _level(self, text: Any) -> float:
        level = float(text) / self.config.volume_max
        if not 0 <= level <= 1:
            raise ValueError
        return round(level, 4)

    def _heard(self, text: str) -> None:
        """Take the state: a word, or an object."""
        if text in STATES or text == NONE:
            self.known["state"] = None if text == NONE else text
            self.write()
            return
        said = self._object(text, "state")
        if said is None:
            return
        state = said.get("state")
        if state is not None and (not isinstance(state, str) or state not in STATES):
            self.problem(f"the state {str(state)[:80]!r} is none of {', '.join(sorted(STATES))}")
        elif "state" in said:
            self.known["state"] = state
        self._take(said)

    def _media_heard(self, text: str) -> None:
        said = self._object(text, "media")
        if said is not None:
            self._take(said)

    def _object(self, text: str, what: str) -> dict[str, Any] | None:
        try:
            said = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            said = None
        if not isinstance(said, dict):
            wanted = f"none of {', '.join(sorted(STATES))} and no object" if what == "state" else "no object"
            self.problem(f"the {what} {text[:80]!r} is {wanted}")
            return None
        return said

    def _take(self, said: dict[str, Any]) -> None:
        """Keep what an object says; a value of a wrong kind is a problem and changes nothing."""
        reported: set[str] = self.known.setdefault("reported", set())
        for key, attribute in ATTRIBUTES.items():
            if key not in said:
                continue
            reported.add(attribute)
            value = said[key]
            try:
                self.known[attribute] = None if value is None else self._checked(key, value)
            except (ValueError, TypeError, OverflowError):
                self.problem(f"{key}: {str(value)[:80]!r} cannot be read")
        if "position" in said:
            self.known["media_position_updated_at"] = self.hub.clock.now().isoformat()
        self.write()

    def _checked(self, key: str, value: Any) -> Any:
        if key == "volume":
            return self._level(value)
        if key in ("muted", "shuffle"):
            return _kind(value, bool)
        if key == "repeat":
            return _repeat(value)
        if key in ("duration", "position"):
            seconds = float(value)
            if not 0 <= seconds < 1e9:
                raise ValueError
            return int(seconds) if seconds == int(seconds) else seconds
        if key in ("sources", "sound_modes"):
            return [str(item) for item in _kind(value, list)]
        return str(_kind(value, str | int | float))


def _repeat(value: Any) -> str:
    if value not in ("off", "all", "one"):
        raise ValueError
    return str(value)


def _kind(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError
    return value

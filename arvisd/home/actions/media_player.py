"""Actions of media players."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec

from arvisd.core.actions import NoData
from arvisd.core.errors import ActionDataError
from arvisd.core.states import State
from arvisd.home.actions.definition import EntityAction, Order, asks, is_state, plain, reaches, toggle
from arvisd.home.entity import Entity

ON, OFF, PLAY, PAUSE, STOP = "turn_on", "turn_off", "play", "pause", "stop"
NEXT, PREVIOUS, SEEK, CLEAR = "next", "previous", "seek", "clear_playlist"
VOLUME, MUTE, SOURCE, SOUND_MODE = "volume", "mute", "source", "sound_mode"
PLAY_MEDIA, SHUFFLE, REPEAT = "play_media", "shuffle", "repeat"
FEATURES = (
    ON, OFF, PLAY, PAUSE, STOP, NEXT, PREVIOUS, SEEK, CLEAR, VOLUME, MUTE, SOURCE, SOUND_MODE, PLAY_MEDIA, SHUFFLE, REPEAT,
)  # fmt: skip
"""What a player may be able to do."""

SOUNDING = ("playing", "buffering")
SILENT = ("paused", "idle", "standby", "off", "on")
"""After a stop a player may be any of these."""

STEP = 0.1
"""By how much `volume_up` changes the volume, as in Home Assistant."""

TOLERANCE = 0.02
"""By how much a reported volume may differ: players count in steps of their own, of 50 or of 100."""


class VolumeSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `media_player.volume_set`."""

    volume_level: Annotated[float, msgspec.Meta(ge=0, le=1)]
    """0 is silent, 1 the loudest."""


class VolumeMute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `media_player.volume_mute`."""

    is_volume_muted: bool


class Seek(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `media_player.media_seek`."""

    seek_position: Annotated[float, msgspec.Meta(ge=0)]
    """Seconds from the beginning."""


class SelectSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `media_player.select_source`."""

    source: str


class SelectSoundMode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `media_player.select_sound_mode`."""

    sound_mode: str


class PlayMedia(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `media_player.play_media`."""

    media_content_id: str
    """An address, or what the player calls it."""
    media_content_type: str = "music"
    enqueue: Literal["add", "next", "play", "replace"] | bool | None = None
    """Whether it waits its turn; by default it takes the place of what plays."""
    announce: bool | None = None
    """What plays goes on afterwards."""
    extra: dict[str, Any] | None = None


class ShuffleSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `media_player.shuffle_set`."""

    shuffle: bool


class RepeatSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `media_player.repeat_set`."""

    repeat: Literal["off", "all", "one"]


def _has(*features: str) -> Callable[[Any], frozenset[str]]:
    needed = frozenset(features)
    return lambda _data: needed


def _volume(data: VolumeSet, _entity: Entity, _state: State | None) -> Order:
    def done(after: State) -> bool:
        level = after.attributes.get("volume_level")
        return isinstance(level, int | float) and abs(level - data.volume_level) <= TOLERANCE

    return Order("media_player.volume_set", data, done)


def _louder(sign: int) -> Callable[[Any, Entity, State | None], Order]:
    """Return the order of one step of volume: the player must say how loud it is."""

    def order(_data: Any, entity: Entity, state: State | None) -> Order:
        level = state.attributes.get("volume_level") if state is not None else None
        if not isinstance(level, int | float):
            raise ActionDataError(f"{entity.id} does not say how loud it is: set its volume instead")
        return _volume(VolumeSet(round(max(0.0, min(1.0, level + sign * STEP)), 2)), entity, state)

    return order


def _one_of(
    action: str, key: str, options: str
) -> Callable[[SelectSource | SelectSoundMode, Entity, State | None], Order]:
    """Return the order that chooses one of a list; upper and lower case are the same to who speaks."""

    def order(data: SelectSource | SelectSoundMode, entity: Entity, state: State | None) -> Order:
        wanted = getattr(data, key)
        known = state.attributes.get(options) if state is not None else None
        if known:
            same = [name for name in known if str(name).casefold() == wanted.casefold()]
            if not same:
                what = key.replace("_", " ")
                raise ActionDataError(f"{entity.id} has no {what} {wanted!r}, only {', '.join(map(str, known))}")
            wanted = wanted if wanted in known else same[0]
        exact = msgspec.structs.replace(data, **{key: wanted})
        return Order(action, exact, lambda after: bool(after.attributes.get(key) == wanted))

    return order


_ON = plain("media_player.turn_on", "on", "idle", "playing", "paused", "buffering")
_OFF = plain("media_player.turn_off", "off", "standby")
_PLAY = plain("media_player.media_play", *SOUNDING)
_PAUSE = plain("media_player.media_pause", "paused", "idle", "off", "standby")


def _play_pause(data: Any, entity: Entity, state: State | None) -> Order:
    """Return the order of the other of playing and pausing."""
    playing = state is not None and state.state in SOUNDING
    return (_PAUSE if playing else _PLAY)(data, entity, state)


def _play_media(data: PlayMedia, entity: Entity, state: State | None) -> Order:
    """Return the order to play something; what only waits its turn shows in no state."""
    if data.enqueue in ("add", "next") or data.enqueue is True:
        return asks("media_player.play_media")(data, entity, state)
    return Order("media_player.play_media", data, is_state(*SOUNDING))


def _action(
    name: str,
    description: str,
    order: Callable[[Any, Entity, State | None], Order],
    needs: tuple[str, ...],
    schema: type[msgspec.Struct] = NoData,
) -> EntityAction:
    return EntityAction(f"media_player.{name}", description, order, schema, _has(*needs))


_SOURCE = _one_of("media_player.select_source", "source", "source_list")
_MODE = _one_of("media_player.select_sound_mode", "sound_mode", "sound_mode_list")

ACTIONS = (
    _action("turn_on", "Turns media players on.", _ON, (ON,)),
    _action("turn_off", "Turns media players off.", _OFF, (OFF,)),
    _action("toggle", "Turns media players on or off.", toggle(_ON, _OFF, is_state("off", "standby")), (ON, OFF)),
    _action("media_play", "Lets media players play on.", _PLAY, (PLAY,)),
    _action("media_pause", "Lets media players pause.", _PAUSE, (PAUSE,)),
    _action("media_play_pause", "Pauses what plays and plays what is paused.", _play_pause, (PLAY, PAUSE)),
    _action("media_stop", "Stops media players.", plain("media_player.media_stop", *SILENT), (STOP,)),
    _action("media_next_track", "Goes to the next title.", asks("media_player.media_next_track"), (NEXT,)),
    _action(
        "media_previous_track", "Goes to the title before.", asks("media_player.media_previous_track"), (PREVIOUS,)
    ),
    _action("media_seek", "Goes to a second of the title.", asks("media_player.media_seek"), (SEEK,), Seek),
    _action(
        "clear_playlist", "Empties the list of what is to be played.", asks("media_player.clear_playlist"), (CLEAR,)
    ),
    _action("volume_set", "Sets how loud media players are.", _volume, (VOLUME,), VolumeSet),
    _action("volume_up", "Makes media players a step louder.", _louder(1), (VOLUME,)),
    _action("volume_down", "Makes media players a step less loud.", _louder(-1), (VOLUME,)),
    _action(
        "volume_mute",
        "Mutes media players, or no longer.",
        reaches("media_player.volume_mute", "is_volume_muted"),
        (MUTE,),
        VolumeMute,
    ),
    _action("select_source", "Chooses what media players take their sound from.", _SOURCE, (SOURCE,), SelectSource),
    _action("select_sound_mode", "Chooses how media players sound.", _MODE, (SOUND_MODE,), SelectSoundMode),
    _action("play_media", "Plays something named.", _play_media, (PLAY_MEDIA,), PlayMedia),
    _action(
        "shuffle_set",
        "Plays in random order, or not.",
        reaches("media_player.shuffle_set", "shuffle"),
        (SHUFFLE,),
        ShuffleSet,
    ),
    _action(
        "repeat_set",
        "Repeats one title, all, or nothing.",
        reaches("media_player.repeat_set", "repeat"),
        (REPEAT,),
        RepeatSet,
    ),
)

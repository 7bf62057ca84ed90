"""The intents of media players: play on, pause, next, previous, mute and volume."""

from __future__ import annotations

from typing import Any

from arvisd.home.entity import Entity
from arvisd.intent.handlers.base import Command, Done, Handler, Refusal
from arvisd.intent.handlers.house import House

PLAYERS = frozenset({"media_player"})
SOUNDING = ("playing", "buffering")
STEP = 10
"""By how many percent the volume changes where nothing else is said."""
LITTLE = 5
"""By how many where a little is said."""


def handlers(house: House) -> dict[str, Handler]:
    """Return the handlers of the family."""

    def transport(action: str, states: tuple[str, ...], missing: str) -> Handler:
        async def move(command: Command) -> Done:
            entities = _in_state(house, command, states, missing)
            done = await house.call(command, {action: entities})
            return Done(command.recognition.response, house.described(command, entities), done)

        return move

    def muting(*, mute: bool) -> Handler:
        async def set_mute(command: Command) -> Done:
            entities = _players(house, command)
            done = await house.call(
                command, {"media_player.volume_mute": entities}, lambda _: {"is_volume_muted": mute}
            )
            return Done(command.recognition.response, house.described(command, entities), done)

        return set_mute

    async def set_volume(command: Command) -> Done:
        level = float(command.recognition.value("volume_level"))
        entities = _players(house, command)
        done = await house.call(
            command, {"media_player.volume_set": entities}, lambda _: {"volume_level": round(level / 100, 2)}
        )
        return Done("default", house.described(command, entities) | {"volume": level}, done)

    async def change_volume(command: Command) -> Done:
        by = _step(command.recognition.value("volume_step"), little=command.recognition.value("amount") is not None)
        entities = _sounding_first(house, _players(house, command))
        done: list[str] = []
        level = 0.0
        for entity in entities:
            now = _volume(house, entity)
            if now is None:
                raise Refusal("unknown_state", {"name": entity.name_in(command.language)}, actions=done)
            level = min(100.0, max(0.0, now + by))
            wanted = round(level / 100, 2)
            await house.call(command, {"media_player.volume_set": [entity]}, lambda _, w=wanted: {"volume_level": w})  # type: ignore[misc]
            done = ["media_player.volume_set"]
        return Done("default", house.described(command, entities) | {"volume": round(level)}, done)

    return {
        "HassMediaPause": transport("media_player.media_pause", SOUNDING, "nothing_plays"),
        "HassMediaUnpause": transport("media_player.media_play", ("paused", "idle", "on"), "nothing_paused"),
        "HassMediaNext": transport("media_player.media_next_track", SOUNDING, "nothing_plays"),
        "HassMediaPrevious": transport("media_player.media_previous_track", SOUNDING, "nothing_plays"),
        "HassMediaPlayerMute": muting(mute=True),
        "HassMediaPlayerUnmute": muting(mute=False),
        "HassSetVolume": set_volume,
        "HassSetVolumeRelative": change_volume,
    }


def _players(house: House, command: Command) -> list[Entity]:
    """Return the players that are meant: named, of the last turn, or of the room."""
    if (
        command.recognition.name is None
        and command.recognition.here
        and (last := house.spoken_of(command, "media_player"))
    ):
        return last
    return house.meant(command, PLAYERS)


def _in_state(house: House, command: Command, states: tuple[str, ...], missing: str) -> list[Entity]:
    """Return the players that are meant and in one of some states; where no room has one, those that are anywhere."""
    named = command.recognition.name is not None
    if named:
        return house.meant(command, PLAYERS)
    site = command.utterance.site
    everywhere = [e for e in house.home.entities(PLAYERS) if e.spoken_at(site) and _state(house, e) in states]
    if command.recognition.here and len(everywhere) == 1:
        return everywhere  # only one thing plays in the whole house
    found = [entity for entity in _players(house, command) if _state(house, entity) in states]
    if not found:
        raise Refusal(missing)
    return found


def _sounding_first(house: House, entities: list[Entity]) -> list[Entity]:
    """Return those that sound, all where none does."""
    return [entity for entity in entities if _state(house, entity) in SOUNDING] or entities


def _state(house: House, entity: Entity) -> str:
    state = house.hub.states.get(entity.id)
    return state.state if state is not None else ""


def _volume(house: House, entity: Entity) -> float | None:
    """Return how loud a player is in percent, None where it does not say."""
    state = house.hub.states.get(entity.id)
    level = state.attributes.get("volume_level") if state is not None else None
    return round(float(level) * 100, 1) if isinstance(level, int | float) else None


def _step(said: Any, *, little: bool) -> float:
    """Return by how many percent: `up`, `down` or a number."""
    if said in ("up", "down"):
        step = LITTLE if little else STEP
        return step if said == "up" else -step
    return float(said)

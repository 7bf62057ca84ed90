"""Actions of vacuum cleaners and lawn mowers."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.home.actions.definition import EntityAction, asks, choice, plain

START, PAUSE, STOP, RETURN, LOCATE, SPOT, FAN_SPEED, COMMAND, DOCK = (
    "start",
    "pause",
    "stop",
    "return_home",
    "locate",
    "clean_spot",
    "fan_speed",
    "send_command",
    "dock",
)
"""Features, one for each thing that such a robot may be able to do."""


class SetFanSpeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `vacuum.set_fan_speed`."""

    fan_speed: str


class SendCommand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `vacuum.send_command`."""

    command: str
    params: dict[str, Any] | list[Any] | None = None


def _needs(*features: str) -> Any:
    return lambda _: frozenset(features)


ACTIONS = (
    EntityAction("vacuum.start", "Starts vacuum cleaners.", plain("vacuum.start", "cleaning"), needs=_needs(START)),
    EntityAction(
        "vacuum.pause", "Halts vacuum cleaners.", plain("vacuum.pause", "paused", "idle"), needs=_needs(PAUSE)
    ),
    EntityAction(
        "vacuum.stop", "Stops vacuum cleaners.", plain("vacuum.stop", "idle", "docked", "paused"), needs=_needs(STOP)
    ),
    EntityAction(
        "vacuum.return_to_base",
        "Sends vacuum cleaners home.",
        plain("vacuum.return_to_base", "returning", "docked"),
        needs=_needs(RETURN),
    ),
    EntityAction(
        "vacuum.locate", "Lets vacuum cleaners say where they are.", asks("vacuum.locate"), needs=_needs(LOCATE)
    ),
    EntityAction(
        "vacuum.clean_spot",
        "Cleans around where the robot is.",
        plain("vacuum.clean_spot", "cleaning"),
        needs=_needs(SPOT),
    ),
    EntityAction(
        "vacuum.set_fan_speed",
        "Sets how hard vacuum cleaners suck.",
        choice("vacuum.set_fan_speed", "fan_speed", "fan_speed_list"),
        SetFanSpeed,
        _needs(FAN_SPEED),
    ),
    EntityAction(
        "vacuum.send_command",
        "Sends a command of the maker's own.",
        asks("vacuum.send_command"),
        SendCommand,
        _needs(COMMAND),
    ),
    EntityAction(
        "lawn_mower.start_mowing",
        "Starts lawn mowers.",
        plain("lawn_mower.start_mowing", "mowing"),
        needs=_needs(START),
    ),
    EntityAction("lawn_mower.pause", "Halts lawn mowers.", plain("lawn_mower.pause", "paused"), needs=_needs(PAUSE)),
    EntityAction(
        "lawn_mower.dock",
        "Sends lawn mowers home.",
        plain("lawn_mower.dock", "docked", "returning"),
        needs=_needs(DOCK),
    ),
)

"""The intents of timers: set, cancel, longer, shorter, pause, go on, how long; and commands for later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from arvisd.core.hub import Hub
from arvisd.intent.handlers.base import Command, Done, Handler, Refusal
from arvisd.intent.recognition import Recognition
from arvisd.intent.timers.search import fitting, narrowed, seconds_of
from arvisd.intent.timers.timer import VoiceTimer
from arvisd.intent.timers.timers import LONGEST, MOST, VoiceTimers

Later = Callable[[Command, str], Awaitable[None]]
"""Looks at a command for later; raises Refusal where nobody would understand it, or somebody must agree first."""


def handlers(hub: Hub, timers: VoiceTimers, later: Later) -> dict[str, Handler]:
    """Return the handlers of the family."""

    def now() -> datetime:
        return hub.clock.now()

    async def start(command: Command) -> Done:
        recognition, utterance = command.recognition, command.utterance
        length = seconds_of(recognition)
        if not length:
            raise Refusal("timer_how_long", missing="duration")
        if length > LONGEST.total_seconds():
            raise Refusal("timer_too_long")
        if len(timers.all()) >= MOST:
            raise Refusal("too_many_timers", {"count": MOST})
        said = str(recognition.value("conversation_command") or "").strip()
        if said:
            await later(command, said)
        made = timers.set(
            VoiceTimer(
                id="",
                entity_id="",
                length=length,
                site=utterance.site,
                language=command.language,
                name=_name(recognition),
                area=utterance.area,
                command=said,
                confirmed=utterance.confirmed,
                user=utterance.user,
            ),
            utterance.context,
        )
        answer = {"length": length, "label": made.name, "which": shown(made, now()), "timer": made.entity_id}
        return Done("command" if said else "default", answer, ["timer.start"])

    async def cancel(command: Command) -> Done:
        timer = _one(timers, command, now())
        timers.cancel(timer, command.utterance.context)
        return Done("default", {"which": shown(timer, now())}, ["timer.cancel"])

    async def cancel_all(command: Command) -> Done:
        found = fitting(timers.all(), command.recognition, command.language)
        if not found:
            raise Refusal("no_timer")
        for timer in found:
            timers.cancel(timer, command.utterance.context)
        return Done("default", {"count": len(found)}, ["timer.cancel"])

    def changing(sign: int) -> Handler:
        async def change(command: Command) -> Done:
            by = seconds_of(command.recognition)
            timer = _one(timers, command, now())
            if timer.left(now()) + by > LONGEST.total_seconds():
                raise Refusal("timer_too_long")
            changed = timers.change(timer, sign * by, command.utterance.context)
            return Done("default", {"which": shown(changed, now()), "left": changed.left(now())}, ["timer.change"])

        return change

    async def pause(command: Command) -> Done:
        timer = timers.pause(_one(timers, command, now(), paused=False), command.utterance.context)
        return Done("default", {"which": shown(timer, now()), "left": timer.left(now())}, ["timer.pause"])

    async def resume(command: Command) -> Done:
        timer = timers.resume(_one(timers, command, now(), paused=True), command.utterance.context)
        return Done("default", {"which": shown(timer, now()), "left": timer.left(now())}, ["timer.start"])

    async def status(command: Command) -> Done:
        found = fitting(timers.all(), command.recognition, command.language)
        if not found:
            raise Refusal("no_timer_like" if timers.all() else "no_timer")
        return Done("one" if len(found) == 1 else "default", {"timers": [shown(timer, now()) for timer in found]})

    return {
        "HassStartTimer": start,
        "HassCancelTimer": cancel,
        "HassCancelAllTimers": cancel_all,
        "HassIncreaseTimer": changing(1),
        "HassDecreaseTimer": changing(-1),
        "HassPauseTimer": pause,
        "HassUnpauseTimer": resume,
        "HassTimerStatus": status,
    }


def shown(timer: VoiceTimer, now: datetime) -> dict[str, Any]:
    """Return what answers say of a timer."""
    return {
        "name": timer.name or timer.command,
        "length": timer.length,
        "left": timer.left(now),
        "paused": timer.paused,
        "ringing": timer.ringing,
    }


def _name(recognition: Recognition) -> str:
    name = str(recognition.value("name") or "").strip()
    for article in ("the ", "my ", "для ", "на "):
        name = name.removeprefix(article)
    return name


def _one(timers: VoiceTimers, command: Command, now: datetime, *, paused: bool | None = None) -> VoiceTimer:
    """Return the one timer that is meant; raise Refusal where there is none or it is not clear which."""
    there = timers.all()
    if not there:
        raise Refusal("no_timer")
    found = fitting(there, command.recognition, command.language)
    if not found:
        raise Refusal("no_timer_like")
    if paused is not None:
        found = [timer for timer in found if timer.paused == paused and not timer.ringing]
        if not found:
            raise Refusal("no_timer_like")
    found = narrowed(found, command.utterance.site)
    if len(found) > 1:
        raise Refusal("which_timer", {"timers": [shown(timer, now) for timer in found]}, missing="timer")
    return found[0]

"""Trigger `timer.remaining_time_reached`: a timer that runs has so much time left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.domains.targeting import Target, TargetOptions, Targets, of_domains, target_of
from arvisd.automation.durations import DurationNode
from arvisd.automation.part import Duration, Part
from arvisd.automation.registry import Reference, TriggerOptions, TriggerType
from arvisd.automation.templates.states import TemplateState
from arvisd.core.bus import Message
from arvisd.core.clock import TimerHandle
from arvisd.core.owner import Owner
from arvisd.core.states import State

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment

ACTIVE = "active"
_TIMERS = frozenset({"timer"})


class LeftOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much time is left."""

    remaining: DurationNode


class RemainingOptions(TriggerOptions, frozen=True, kw_only=True):
    """A timer that runs has so much time left."""

    target: TargetOptions
    options: LeftOptions


class RemainingTrigger:
    """Waits until timers have so much time left."""

    __slots__ = ("remaining", "target", "targets")

    def __init__(self, targets: Targets, target: Target, remaining: Duration) -> None:
        self.targets = targets
        self.target = target
        self.remaining = remaining

    def attach(self, to: Attachment) -> None:
        """Follow the timers of the target."""
        _Following(self, to)


class _Following:
    """One attached trigger."""

    __slots__ = ("_due", "_owner", "_remaining", "_to")

    def __init__(self, trigger: RemainingTrigger, to: Attachment) -> None:
        self._to = to
        self._remaining = timedelta(seconds=trigger.remaining.of(to.variables))
        self._owner = Owner(f"{to.label}: timers")
        self._due: dict[str, TimerHandle] = {}
        to.owner.on_stop(self._stop)
        self._follow(trigger.targets.watch(trigger.target, self._follow, to.owner))

    def _follow(self, found: frozenset[str]) -> None:
        self._stop()
        hub = self._to.hub
        for entity_id in sorted(of_domains(found, _TIMERS)):
            hub.bus.subscribe(hub.topics.state(entity_id), self._changed, self._owner)
            self._look(entity_id, None, hub.states.get(entity_id))

    def _changed(self, message: Message) -> None:
        self._look(*self._to.hub.states.changes(message))

    def _look(self, entity_id: str, old: State | None, new: State | None) -> None:
        """Wake when that timer has so much left, if it runs and has more."""
        if (waiting := self._due.pop(entity_id, None)) is not None:
            waiting.cancel()
        if new is None or new.state != ACTIVE:
            return
        try:
            ends = datetime.fromisoformat(str(new.attributes.get("finishes_at")))
        except ValueError:
            return
        clock = self._to.hub.clock
        seconds = (ends - self._remaining - clock.now()).total_seconds()
        if seconds <= 0:
            return
        self._due[entity_id] = clock.call_later(seconds, lambda: self._reached(entity_id, old, new))

    def _reached(self, entity_id: str, old: State | None, new: State) -> None:
        self._due.pop(entity_id, None)
        data: dict[str, Any] = {
            "entity_id": entity_id,
            "from_state": None if old is None else TemplateState(entity_id, old),
            "to_state": TemplateState(entity_id, new),
            "remaining": self._remaining,
            "description": f"time remaining of {entity_id}",
        }
        self._to.fire(data, new.context)

    def _stop(self) -> None:
        self._owner.release()
        for timer in self._due.values():
            timer.cancel()
        self._due.clear()


def _build(options: RemainingOptions, part: Part) -> RemainingTrigger:
    try:
        target = target_of(options.target)
    except ValueError as error:
        raise part.invalid("target", f"target: {error}") from None
    remaining = Part(part.builder, part.node["options"], part.path, part.what).duration("remaining")
    assert remaining is not None
    return RemainingTrigger(part.builder.library.targets, target, remaining)


def _refers(options: RemainingOptions) -> list[Reference]:
    try:
        return target_of(options.target).references()
    except ValueError:
        return []


def trigger_types() -> list[TriggerType]:
    """Return the registry entry."""
    return [TriggerType("timer.remaining_time_reached", RemainingOptions, _build, _refers)]

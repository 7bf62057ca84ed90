"""Helper `timer`: counts down by the wall clock, over restarts too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from arvisd.automation.attachment import STARTED_TOPIC
from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.kind import HelperAction, HelperKind, HelperSettings, Place, Saved
from arvisd.config.durations import Seconds, parse_duration
from arvisd.core.actions import NoData
from arvisd.core.clock import TimerHandle
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError, ActionFailedError

IDLE = "idle"
ACTIVE = "active"
PAUSED = "paused"

LOOK_SECONDS = 30.0
"""The wall clock is looked at this often: a timer ends when it said, though the machine slept or the clock was set."""


class TimerSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `timer:`."""

    duration: Seconds = 0.0
    """How long it runs where `timer.start` says nothing else."""
    restore: bool = True
    """Whether it goes on over a restart."""


class StartTimer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `timer.start`."""

    duration: Any = None
    """Until it is cancelled or finished; empty or 0: as its settings say, or what a pause left."""


class ChangeTimer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `timer.change`."""

    duration: Any
    """How much longer, shorter with a minus; never longer than the timer's whole duration."""


class Timer(HelperEntity[TimerSettings]):
    """A countdown; the state machine is idle → active ⇄ paused → idle."""

    def __init__(self, settings: TimerSettings, place: Place) -> None:
        super().__init__(settings, place)
        self._status = IDLE
        self._whole = timedelta(seconds=settings.duration)
        """How long this countdown is in all."""
        self._remaining: timedelta | None = None
        """What was left when it began or went on, or what a pause left."""
        self._ends: datetime | None = None
        self._transition: str | None = None
        """What happened to it last, as its event is called: what the triggers `timer.…` look at."""
        self._look: TimerHandle | None = None
        self._waiting = False
        """The daemon is still starting: whoever waits for the end does not listen yet."""
        place.owner.on_stop(self._rest)

    def start(self, saved: Saved | None) -> None:
        """Go on as it was; what fell due meanwhile ends as soon as automations can hear of it."""
        if not self.place.engine.running:
            self._waiting = True
            self.place.hub.bus.subscribe(STARTED_TOPIC, lambda _: self._all_started(), self.place.owner)
        if saved is not None and self.settings.restore:
            self._restore(saved)
        self._show(None)
        self._sleep()

    def begin(self, duration: timedelta | None, context: Context) -> None:
        """Start, start anew, or go on after a pause."""
        event = "timer.started" if self._status == IDLE else "timer.restarted"
        if duration is not None:
            self._whole = self._remaining = duration
        elif self._status != PAUSED or self._remaining is None:
            self._remaining = self._whole
        self._status = ACTIVE
        self._ends = self._now() + self._remaining
        self._show(context, event)
        self._tell(event, context)
        self._sleep()

    def pause(self, context: Context) -> None:
        """Stop the countdown where it is; one that does not run stays as it is."""
        if self._status != ACTIVE or self._ends is None:
            return
        self._remaining = max(self._ends - self._now(), timedelta())
        self._status = PAUSED
        self._ends = None
        self._rest()
        self._show(context, "timer.paused")
        self._tell("timer.paused", context)

    def cancel(self, context: Context) -> None:
        """End it without the end's event."""
        if self._status == IDLE:
            return
        self._reset()
        self._show(context, "timer.cancelled")
        self._tell("timer.cancelled", context)

    def finish(self, context: Context | None) -> None:
        """End it now, as if the time were over."""
        if self._status == IDLE:
            return
        ended = self._now() if self._ends is None else min(self._ends, self._now())
        self._reset()
        self._show(context, "timer.finished")
        self._tell("timer.finished", context, finished_at=_shown(ended))

    def change(self, by: timedelta, context: Context) -> None:
        """Let it run longer or shorter; raise ActionFailedError where that cannot be."""
        if self._status != ACTIVE or self._ends is None:
            raise ActionFailedError(f"{self.entity_id} is {self._status}: only an active timer can be changed")
        ends = self._ends + by
        if ends - self._now() > self._whole:
            raise ActionFailedError(
                f"{self.entity_id} cannot be changed beyond its duration of {clock_text(self._whole)}"
            )
        self._ends = max(ends, self._now())
        self._remaining = self._ends - self._now()
        self._show(context)
        self._tell("timer.changed", context)
        self._sleep()

    def _restore(self, saved: Saved) -> None:
        attributes = saved.attributes
        self._transition = attributes.get("last_transition")
        try:
            whole = timedelta(seconds=parse_duration(attributes.get("duration")))
            if saved.state == ACTIVE:
                self._ends = datetime.fromisoformat(attributes["finishes_at"]).astimezone(UTC)
            if saved.state in (ACTIVE, PAUSED):
                self._remaining = timedelta(seconds=parse_duration(attributes.get("remaining")))
        except (KeyError, TypeError, ValueError):
            self._reset()
            return
        if saved.state in (ACTIVE, PAUSED):
            self._status = saved.state
            self._whole = whole

    def _all_started(self) -> None:
        self._waiting = False
        self._sleep()

    def _sleep(self) -> None:
        """Wait for the end."""
        self._rest()
        if self._status != ACTIVE or self._ends is None or self._waiting:
            return
        left = (self._ends - self._now()).total_seconds()
        if left <= 0:
            self.finish(None)
            return
        self._look = self.place.hub.clock.call_later(min(left, LOOK_SECONDS), self._sleep)

    def _rest(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def _reset(self) -> None:
        self._rest()
        self._status = IDLE
        self._ends = self._remaining = None
        self._whole = timedelta(seconds=self.settings.duration)

    def _now(self) -> datetime:
        return self.place.hub.clock.now().astimezone(UTC)

    def _show(self, context: Context | None, event: str = "") -> None:
        if event:
            self._transition = event.partition(".")[2]
        attributes: dict[str, Any] = {"duration": clock_text(self._whole)}
        if self._ends is not None:
            attributes["finishes_at"] = _shown(self._ends)
        if self._remaining is not None:
            attributes["remaining"] = clock_text(self._remaining)
        if self._transition is not None:
            attributes["last_transition"] = self._transition
        attributes["restore"] = self.settings.restore
        self.write(self._status, attributes, context)

    def _tell(self, event: str, context: Context | None, **more: str) -> None:
        self.place.hub.fire(event, {"entity_id": self.entity_id, **more}, context)


def clock_text(length: timedelta) -> str:
    """Return a length of time as Home Assistant writes it: `0:05:00`, with a fraction where there is one."""
    seconds = length.total_seconds()
    whole = int(seconds)
    fraction = f"{seconds - whole:.3f}"[1:].rstrip("0").rstrip(".")
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}{fraction}"


def _shown(moment: datetime) -> str:
    return moment.isoformat()


def _length(value: Any, entity_id: str) -> timedelta:
    try:
        return timedelta(seconds=parse_duration(value))
    except ValueError as error:
        raise ActionDataError(f"{entity_id}: duration: {error}") from None


def _start(helper: Timer, data: StartTimer, context: Context) -> None:
    if data.duration is None:
        helper.begin(None, context)
        return
    duration = _length(data.duration, helper.entity_id)
    if duration < timedelta():
        raise ActionDataError(f"{helper.entity_id}: duration: it must not be negative")
    helper.begin(duration or None, context)


def _pause(helper: Timer, _: NoData, context: Context) -> None:
    helper.pause(context)


def _cancel(helper: Timer, _: NoData, context: Context) -> None:
    helper.cancel(context)


def _finish(helper: Timer, _: NoData, context: Context) -> None:
    helper.finish(context)


def _change(helper: Timer, data: ChangeTimer, context: Context) -> None:
    helper.change(_length(data.duration, helper.entity_id), context)


KIND: HelperKind[TimerSettings] = HelperKind(
    "timer",
    TimerSettings,
    Timer,
    (
        HelperAction("start", StartTimer, "Starts timers, or lets paused ones go on.", _start, instant=True),
        HelperAction("pause", NoData, "Pauses timers.", _pause, instant=True),
        HelperAction("cancel", NoData, "Ends timers as if they had not run.", _cancel, instant=True),
        HelperAction("finish", NoData, "Ends timers as if the time were over.", _finish, instant=True),
        HelperAction("change", ChangeTimer, "Lets running timers run longer or shorter.", _change, instant=True),
    ),
)

"""All timers of a house: they count by the wall clock, ring until somebody stops them, and outlive a kill."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from arvisd.core.bus import Message
from arvisd.core.clock import TimerHandle
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.ids import new_id
from arvisd.core.owner import Owner
from arvisd.core.slug import slug
from arvisd.intent.timers.timer import VoiceTimer
from arvisd.storage.database import Database
from arvisd.storage.errors import StorageError

_LOGGER = logging.getLogger(__name__)

TABLES = ("CREATE TABLE voice_timers (id TEXT PRIMARY KEY, timer BLOB NOT NULL) WITHOUT ROWID;",)

LOOK_SECONDS = 30.0
"""The wall clock is looked at this often: a timer ends when it said, though the machine slept or the clock was set."""
RING_SECONDS = 20.0
"""Between two announcements of a timer that nobody stops."""
RINGS = 9
"""So often it is announced: for three minutes, then nobody is there."""
LATE_SECONDS = 300.0
"""One that ended longer ago while the daemon was off no longer rings, and its command is no longer done: it is said."""
MOST = 50
"""More timers at once are no timers any more."""
LONGEST = timedelta(days=30)

Announce = Callable[[VoiceTimer, str, dict[str, Any]], Awaitable[None]]
"""Says a phrase, by its key and what its template sees, where a timer was set."""
Run = Callable[[VoiceTimer], Awaitable[None]]
"""Does the command of a timer."""


class VoiceTimers:
    """Every timer set by voice, by id; the soonest ends first."""

    def __init__(self, hub: Hub, database: Database, announce: Announce, run: Run) -> None:
        self._hub = hub
        self._database = database
        self._announce = announce
        self._run = run
        self._timers: dict[str, VoiceTimer] = {}
        self._rings: dict[str, int] = {}
        """How often each has been announced."""
        self._look: TimerHandle | None = None
        self._owner: Owner | None = None
        self._going = False

    def start(self, owner: Owner) -> None:
        """Show the timers of before; none ends yet, as nobody could hear of it."""
        self._owner = owner
        self._database.prepare("voice_timers", TABLES)
        for (kept,) in self._database.read("SELECT timer FROM voice_timers"):
            try:
                timer = msgspec.json.decode(kept, type=VoiceTimer)
            except msgspec.MsgspecError as error:
                _LOGGER.warning("a timer that was kept cannot be read: %s", error)
                continue
            self._timers[timer.id] = timer
            self._show(timer, None)
        self._hub.bus.subscribe(self._hub.topics.site("+", "stop"), self._on_stop, owner)
        owner.on_stop(self._rest)

    def go(self) -> None:
        """Let them end from now on: sites can speak and commands can be done."""
        self._going = True
        self._wake()

    def all(self) -> list[VoiceTimer]:
        """Return every timer, the one that ends first first."""
        now = self._hub.clock.now()
        return sorted(self._timers.values(), key=lambda timer: (not timer.ringing, timer.left(now), timer.id))

    def ringing(self) -> list[VoiceTimer]:
        """Return the timers that have ended and were not stopped."""
        return [timer for timer in self._timers.values() if timer.ringing]

    def set(self, wanted: VoiceTimer, context: Context) -> VoiceTimer:
        """Set a timer: its length is what counts, id and entity id are given here."""
        id_ = new_id()
        made = msgspec.structs.replace(wanted, id=id_, entity_id=self._entity_id(wanted))
        made = made.running(made.length, self._hub.clock.now())
        self._keep(made, context, "timer.started")
        return made

    def cancel(self, timer: VoiceTimer, context: Context) -> None:
        """End a timer as if it had never run; one that rings falls silent."""
        self._forget(timer, context, "" if timer.ringing else "timer.cancelled")

    def pause(self, timer: VoiceTimer, context: Context) -> VoiceTimer:
        """Let a timer stand still."""
        return self._keep(timer.standing(self._hub.clock.now()), context, "timer.paused")

    def resume(self, timer: VoiceTimer, context: Context) -> VoiceTimer:
        """Let a paused timer go on."""
        return self._keep(timer.running(timer.remaining, self._hub.clock.now()), context, "timer.restarted")

    def change(self, timer: VoiceTimer, seconds: float, context: Context) -> VoiceTimer:
        """Let a timer run longer or, with a minus, shorter; one with nothing left ends at once."""
        now = self._hub.clock.now()
        left = max(0.0, timer.left(now) + seconds)
        if timer.paused:
            return self._keep(msgspec.structs.replace(timer, remaining=left), context, "timer.changed")
        ringing_no_more = msgspec.structs.replace(timer, ringing=False)
        self._rings.pop(timer.id, None)
        return self._keep(ringing_no_more.running(left, now), context, "timer.changed")

    def silence(self, site: str | None = None) -> list[VoiceTimer]:
        """Stop what rings at a site, or everywhere; return it."""
        stopped = [timer for timer in self.ringing() if site is None or timer.site == site]
        for timer in stopped:
            self._forget(timer, Context(), "")
        return stopped

    def _on_stop(self, message: Message) -> None:
        self.silence(message.topic.split("/")[-2])

    def _wake(self) -> None:
        """End what is due and wait for what comes next."""
        self._rest()
        if not self._going:
            return
        now = self._hub.clock.now()
        for timer in self.all():
            if timer.ends is not None and not timer.ringing and timer.left(now) <= 0:
                self._end(timer, now)
            elif timer.ringing and timer.id not in self._rings:
                self._end(timer, now)  # it rang when the daemon was killed
        left = [timer.left(now) for timer in self._timers.values() if timer.ends is not None and not timer.ringing]
        if left:
            self._look = self._hub.clock.call_later(min([*left, LOOK_SECONDS]), self._wake)

    def _end(self, timer: VoiceTimer, now: datetime) -> None:
        assert timer.ends is not None
        late = (now.astimezone(UTC) - timer.ends).total_seconds() > LATE_SECONDS
        finished = {"finished_at": timer.ends.isoformat()}
        if timer.command or late:
            self._forget(timer, None, "timer.finished", **finished)
            ended = {"ended": timer.ends.astimezone(self._hub.clock.timezone), "command": timer.command}
            if not late:
                self._spawn(self._run(timer))
            else:
                self._spawn(self._announce(timer, "command_missed" if timer.command else "timer_missed", ended))
            return
        rings = msgspec.structs.replace(timer, ringing=True)
        self._rings[timer.id] = 0
        self._keep(rings, None, "timer.finished" if not timer.ringing else "", **finished)
        self._ring(timer.id)

    def _ring(self, id_: str) -> None:
        timer = self._timers.get(id_)
        if timer is None or not timer.ringing:
            return
        if self._rings[id_] >= RINGS:
            self._forget(timer, None, "")
            return
        self._rings[id_] += 1
        self._spawn(self._announce(timer, "timer_rings", {}))
        self._hub.clock.call_later(RING_SECONDS, lambda: self._ring(id_))

    def _keep(self, timer: VoiceTimer, context: Context | None, event: str, **more: str) -> VoiceTimer:
        self._timers[timer.id] = timer
        self._write("INSERT OR REPLACE INTO voice_timers VALUES (?, ?)", (timer.id, msgspec.json.encode(timer)))
        self._show(timer, context)
        self._tell(event, timer, context, more)
        if not timer.ringing:
            self._wake()
        return timer

    def _forget(self, timer: VoiceTimer, context: Context | None, event: str, **more: str) -> None:
        if self._timers.pop(timer.id, None) is None:
            return
        self._rings.pop(timer.id, None)
        self._write("DELETE FROM voice_timers WHERE id = ?", (timer.id,))
        self._hub.states.remove(timer.entity_id)
        self._tell(event, timer, context, more)

    def _tell(self, event: str, timer: VoiceTimer, context: Context | None, more: dict[str, str]) -> None:
        if event:
            self._hub.fire(
                event, {"entity_id": timer.entity_id, "name": timer.name, "site": timer.site, **more}, context
            )

    def _show(self, timer: VoiceTimer, context: Context | None) -> None:
        attributes: dict[str, Any] = {
            "duration": clock_text(timer.length),
            "friendly_name": timer.name or timer.command or clock_text(timer.length),
            "name": timer.name,
            "site": timer.site,
            "restore": True,
        }
        if timer.ringing:
            state = "idle"
            attributes["ringing"] = True
        elif timer.ends is None:
            state = "paused"
            attributes["remaining"] = clock_text(timer.remaining)
        else:
            state = "active"
            attributes["remaining"] = clock_text(timer.left(self._hub.clock.now()))
            attributes["finishes_at"] = timer.ends.isoformat()
        if timer.command:
            attributes["command"] = timer.command
        self._hub.states.set(timer.entity_id, state, attributes, context)

    def _entity_id(self, timer: VoiceTimer) -> str:
        """Return an id that is free: `timer.voice_pasta`, `timer.voice_2`."""
        taken = {one.entity_id for one in self._timers.values()}
        base = f"timer.voice_{slug(timer.name)}" if timer.name and slug(timer.name) else "timer.voice"
        if base != "timer.voice" and base not in taken:
            return base
        number = 1 if base == "timer.voice" else 2
        while f"{base}_{number}" in taken:
            number += 1
        return f"{base}_{number}"

    def _write(self, sql: str, values: tuple[Any, ...]) -> None:
        try:
            self._database.write(sql, values)
        except StorageError as error:
            _LOGGER.warning("a timer will not be as it is now after a restart: %s", error)

    def _spawn(self, work: Any) -> None:
        assert self._owner is not None
        self._owner.spawn(work, "timer")

    def _rest(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None


def clock_text(seconds: float) -> str:
    """Return a length of time as Home Assistant writes it: `0:05:00`."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"

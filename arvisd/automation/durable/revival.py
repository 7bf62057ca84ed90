"""After a restart: runs go on where they stood, and those that cannot say why."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from arvisd.automation import outcomes
from arvisd.automation.durable.book import Broken, Caller, RunBook
from arvisd.automation.durable.record import QUEUED, UNKEEPABLE, Record, restorer_of
from arvisd.automation.run import Run
from arvisd.automation.scope import Scope
from arvisd.automation.trace import Trace
from arvisd.core.context import Context

if TYPE_CHECKING:
    from arvisd.automation.automation import Automation
    from arvisd.automation.entry import Entry
    from arvisd.core.clock import TimerHandle
    from arvisd.core.hub import Hub

_LOGGER = logging.getLogger("arvisd.automation")

PATIENCE_SECONDS = 20.0
"""How long after the start a run waits for its automation to become valid: an integration may bring what it lacks."""
SWITCHED_OFF = "the automation is switched off"


class Revival:
    """Brings runs back.

    They take their places as soon as their automation is loaded, so that what a trigger sets off meanwhile
    meets them there (`mode`), and go on when every part of the daemon runs.
    """

    def __init__(self, hub: Hub, book: RunBook) -> None:
        self._hub = hub
        self._book = book
        self._shelves: list[Mapping[str, Entry]] = []
        self._waiting: list[Record] | None = None
        """Those whose automation is not there yet; None: not read yet."""
        self._resting: dict[str, Run] = {}
        """By id, in the order in which they were written: who calls comes before what is called."""
        self._callers: dict[str, tuple[str, str]] = {}
        """For runs that another waits for: that one, and its step."""
        self._running = False
        self._patience: TimerHandle | None = None

    def watch(self, entries: Mapping[str, Entry]) -> None:
        """Look for automations among these, by entity id."""
        self._shelves.append(entries)

    def loaded(self) -> None:
        """Give the runs of what was loaded their places."""
        if self._waiting is None:
            read = self._book.read()
            self._waiting = [record for record in read if isinstance(record, Record)]
            for broken in read:
                if isinstance(broken, Broken):
                    self._lose(broken.run, broken.owner, broken.owner_id, None, broken.reason)
        if self._waiting:
            self._waiting = [record for record in self._waiting if not self._placed(record)]
            if self._running:
                self._go_on()

    def started(self) -> None:
        """Let them go on; those without an automation wait a while for it."""
        self._running = True
        self.loaded()
        self._go_on()
        if self._waiting:
            self._patience = self._hub.clock.call_later(PATIENCE_SECONDS, self._give_up)

    def stop(self) -> None:
        """Leave what waits still for the next life of the daemon."""
        if self._patience is not None:
            self._patience.cancel()

    def _go_on(self) -> None:
        resting, self._resting = self._resting, {}
        for called, (caller, path) in self._callers.items():
            if called in resting and caller in resting:
                resting[called].called_by = Caller(resting[caller], path)
        self._callers.clear()
        runners = {id(run.automation): run.automation for run in resting.values()}
        refused = [run for run in resting.values() if not run.automation.takes_up]
        for run in sorted(refused, key=lambda run: not run.queued):  # else the next of the queue would begin
            run.lose(SWITCHED_OFF, outcomes.CANCELLED)
        for run in resting.values():
            if run.called_by is not None and not run.called_by.run.running:
                run.stop()
            else:
                run.go_on()
        for owner in runners.values():
            owner.runner.begin_next()

    def _placed(self, record: Record) -> bool:
        """Rebuild a run; return whether its fate is known."""
        entry = self._entry(record)
        owner = entry.automation if entry is not None else None
        if owner is None or (entry is not None and entry.error):
            return False
        if record.status == UNKEEPABLE:
            self._refuse(owner, record, record.reason)
        elif owner.fingerprint != record.fingerprint:
            self._refuse(owner, record, "its document was changed while arvisd was off")
        else:
            self._rebuild(owner, record)
        return True

    def _rebuild(self, owner: Automation, record: Record) -> None:
        try:
            restorer = restorer_of(record, owner.this)
            run = self._run(owner, record, restorer.trigger)
            if record.status == QUEUED:
                run.kept = run.queued = True
                run.scope.own.update(restorer.variables(record.position["own"]))
                owner.runner.requeue(run)
            else:
                run.rebuild(owner.runner.block, record.position, restorer)
                owner.runner.restore(run)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            _LOGGER.debug("%s: a record that cannot be used", owner.label, exc_info=error)
            self._refuse(owner, record, f"its record cannot be used: {error}")
            return
        self._resting[run.id] = run
        if record.head.called_from is not None:
            self._callers[run.id] = record.head.called_from
            self._book.resumed[record.head.called_from] = run
        self._hub.causes.begins(run.trace)

    def _run(self, owner: Automation, record: Record, trigger: dict[str, Any]) -> Run:
        head, clock = record.head, self._hub.clock
        trace = Trace(record.run, trigger, head.context, head.started, clock.monotonic, owner.origin)
        trace.resumed((clock.now() - head.started).total_seconds(), self._book.trace_of(record.run))
        run = Run(owner, self._hub, Scope({}, None, owner.runner.block.path), head.context, trace)
        run.traced = trace.length
        return run

    def _refuse(self, owner: Automation, record: Record, reason: str) -> None:
        """End a run whose automation is there."""
        try:
            trigger = restorer_of(record, owner.this).trigger
        except (ValueError, TypeError, KeyError):
            trigger = {}
        run = self._run(owner, record, trigger)
        run.kept = True
        run.lose(reason)

    def _give_up(self) -> None:
        self.loaded()
        waiting, self._waiting = self._waiting or [], []
        for record in waiting:
            entry = self._entry(record)
            reason = (
                f"it is invalid now: {entry.error}" if entry is not None else "there is no such automation any more"
            )
            self._lose(record.run, record.owner, record.owner_id, record, reason)

    def _lose(self, run: str, entity_id: str, id_: str, record: Record | None, reason: str) -> None:
        """End a run that nobody takes up."""
        _LOGGER.warning("%s: a run does not go on: %s", entity_id, reason)
        self._hub.report("warning", "automation", f"{entity_id}: a run does not go on: {reason}")
        now = self._hub.clock.now()
        context = Context(run) if record is None else record.head.context
        started = now if record is None else record.head.started
        trace = Trace(run, {}, context, started, self._hub.clock.monotonic)
        trace.resumed((now - started).total_seconds(), self._book.trace_of(run))
        trace.end(outcomes.LOST, reason)
        self._book.drop(run)
        self._hub.bus.publish(self._hub.topics.automation_trace(id_), trace.record(id_, entity_id))

    def _entry(self, record: Record) -> Entry | None:
        """Return the automation that a run is of: by its id, which it keeps under another name, else by its entity."""
        for shelf in self._shelves:
            entry = shelf.get(record.owner)
            if entry is not None and entry.id == record.owner_id:
                return entry
        domain = record.owner.partition(".")[0] + "."
        for shelf in self._shelves:
            for entry in shelf.values():
                if entry.id == record.owner_id and entry.entity_id.startswith(domain):
                    return entry
        return None

"""How many runs of an automation go on at once: its mode."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING

from arvisd.automation import outcomes

if TYPE_CHECKING:
    from arvisd.automation.run import Run
    from arvisd.automation.steps.block import Block

_LOGGER = logging.getLogger("arvisd.automation")

QUIET_SECONDS = 1.0
"""A trigger too many is logged once in this time: in a storm the log must not become one too."""


class Runner:
    """The runs of one automation."""

    __slots__ = (
        "_label",
        "_level",
        "_logged",
        "_max",
        "_mode",
        "_queue",
        "_starting",
        "_suspended",
        "block",
        "refused",
        "runs",
    )

    def __init__(self, label: str, block: Block, mode: str, most: int, level: int | None) -> None:
        self._label = label
        self.block = block
        """What they do."""
        self._mode = mode
        self._max = most
        self._level = level
        self._logged = float("-inf")
        self.runs: list[Run] = []
        """Those that go on."""
        self._queue: deque[Run] = deque()
        self._starting = False
        self._suspended = False
        self.refused = 0
        """Triggers that led to no run because another one goes on."""

    @property
    def current(self) -> int:
        """How many runs go on or queue."""
        return len(self.runs) + len(self._queue)

    def refusal(self) -> str:
        """Return the outcome of a trigger that may not become a run now; empty where it may."""
        if not self.runs:
            return ""
        if self._mode == "single":
            return outcomes.FAILED_SINGLE
        if self._mode != "restart" and self.current >= self._max:
            return outcomes.FAILED_MAX_RUNS
        return ""

    def refuse(self, now: float) -> None:
        """Count and log a trigger too many."""
        self.refused += 1
        if self._level is not None and now - self._logged >= QUIET_SECONDS:
            self._logged = now
            why = "already running" if self._mode == "single" else f"{self._max} runs already go on or wait"
            _LOGGER.log(self._level, "%s: %s", self._label, why)

    def launch(self, run: Run) -> None:
        """Begin a run, now or when its turn comes."""
        if self._mode == "queued" and self.runs:
            self._queue.append(run)
            run.queued = True
            if any(before.kept for before in self.runs):
                run.keep()
            else:
                run.keep_soon()
            return
        before = list(self.runs) if self._mode == "restart" else ()
        self.runs.append(run)
        for older in before:
            older.stop()
        run.start(self.block)

    def restore(self, run: Run) -> None:
        """Give a run that was rebuilt after a restart its place; it goes on by itself."""
        self.runs.append(run)

    def requeue(self, run: Run) -> None:
        """Give a run that queued before a restart its place."""
        self._queue.append(run)

    def begin_next(self) -> None:
        """Begin the next of the queue, where nothing goes on."""
        if self._starting or self._suspended:
            return
        self._starting = True
        try:
            while self._queue and not self.runs:
                following = self._queue.popleft()
                self.runs.append(following)
                following.start(self.block)
        finally:
            self._starting = False

    def ended(self, run: Run) -> None:
        """Take a run away; begin the next of the queue."""
        if run in self.runs:
            self.runs.remove(run)
        elif run in self._queue:
            self._queue.remove(run)
        self.begin_next()

    def stop(self) -> list[Run]:
        """Stop every run and forget the queue; return the runs that are still to end."""
        queued, self._queue = self._queue, deque()
        for run in (*queued, *self.runs):
            run.stop()
        return list(self.runs)

    def suspend(self) -> list[Run]:
        """Let every run be, for the next life of the daemon; return those of which something still goes on."""
        self._suspended = True
        for run in (*self.runs, *self._queue):
            run.suspend()
        return list(self.runs)

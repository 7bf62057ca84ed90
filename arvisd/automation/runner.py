"""How many runs of an automation go on at once: its mode."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING

from arvisd.automation import trace as outcomes

if TYPE_CHECKING:
    from arvisd.automation.run import Run
    from arvisd.automation.steps.block import Block

_LOGGER = logging.getLogger("arvisd.automation")

QUIET_SECONDS = 1.0
"""A trigger too many is logged once in this time: in a storm the log must not become one too."""


class Runner:
    """The runs of one automation."""

    __slots__ = ("_block", "_label", "_level", "_logged", "_max", "_mode", "_queue", "_starting", "refused", "runs")

    def __init__(self, label: str, block: Block, mode: str, most: int, level: int | None) -> None:
        self._label = label
        self._block = block
        self._mode = mode
        self._max = most
        self._level = level
        self._logged = float("-inf")
        self.runs: list[Run] = []
        """Those that go on."""
        self._queue: deque[Run] = deque()
        self._starting = False
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
            return
        before = list(self.runs) if self._mode == "restart" else ()
        self.runs.append(run)
        for older in before:
            older.stop()
        run.start(self._block)

    def ended(self, run: Run) -> None:
        """Take a run away; begin the next of the queue."""
        if run in self.runs:
            self.runs.remove(run)
        if self._starting:
            return
        self._starting = True
        try:
            while self._queue and not self.runs:
                following = self._queue.popleft()
                self.runs.append(following)
                following.start(self._block)
        finally:
            self._starting = False

    def stop(self) -> list[Run]:
        """Stop every run and forget the queue; return the runs that are still to end."""
        self._queue.clear()
        for run in list(self.runs):
            run.stop()
        return list(self.runs)

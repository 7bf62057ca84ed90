"""Lets the event loop breathe: automations that set each other off in circles must not hold up everything else."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

_LOGGER = logging.getLogger("arvisd.automation")

RUNS_AT_ONCE = 256
"""Runs that may begin before the event loop turns: more than a full read of the broker's socket brings."""
MOST_WAITING = 20_000
"""Triggers that may wait for their turn; two automations that double each other's messages reach it within a second."""


class Turnstile:
    """Counts the runs of one turn of the event loop; those too many wait for the next, in order."""

    def __init__(self) -> None:
        self._left = RUNS_AT_ONCE
        self._waiting: deque[Callable[[], object]] = deque()
        self._turning = False
        self.dropped = 0
        """Triggers that were lost because too many waited."""

    def enter(self) -> bool:
        """Tell whether a run may begin now; where not, give it to `wait`."""
        if not self._turning:
            self._turning = True
            asyncio.get_running_loop().call_soon(self._turn)
        if self._waiting or self._left <= 0:
            return False
        self._left -= 1
        return True

    def wait(self, begin: Callable[[], object]) -> None:
        """Begin a run at the next turn."""
        if len(self._waiting) >= MOST_WAITING:
            self.dropped += 1
            if self.dropped == 1 or self.dropped % 10_000 == 0:
                _LOGGER.error("automations set each other off faster than they run: %d triggers dropped", self.dropped)
            return
        self._waiting.append(begin)

    def _turn(self) -> None:
        self._left = RUNS_AT_ONCE
        for _ in range(min(RUNS_AT_ONCE, len(self._waiting))):
            self._left -= 1
            self._waiting.popleft()()
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._turn)
        else:
            self._turning = False
            self._left = RUNS_AT_ONCE

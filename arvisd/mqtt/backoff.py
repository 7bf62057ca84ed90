"""How long to wait before the next attempt to connect."""

from __future__ import annotations

import random
from collections.abc import Callable

FIRST = 1.0
LONGEST = 60.0
JITTER = 0.25
"""Each wait varies by so much, so that many clients of a restarted broker do not come all at once."""
STABLE = 10.0
"""A connection that lasted so many seconds counts as good: after it everything begins anew."""
REFUSED = 60.0
"""Wait after a refusal: a wrong password does not become right by asking, and brokers ban who asks often."""


class Backoff:
    """At once after the first loss, then 1 s doubling to 60 s."""

    def __init__(self, randomness: Callable[[], float] = random.random) -> None:
        self._random = randomness
        self._failures = 0

    def next(self) -> float:
        """Return the seconds to wait now, and wait longer the next time."""
        self._failures += 1
        if self._failures == 1:
            return 0.0
        wait = min(LONGEST, FIRST * 2.0 ** min(self._failures - 2, 16))
        return wait * (1 - JITTER + 2 * JITTER * self._random())

    def lasted(self, seconds: float) -> None:
        """Hear how long a connection held."""
        if seconds >= STABLE:
            self._failures = 0

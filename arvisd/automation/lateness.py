"""What becomes of what fell due while nobody was there to see it: `missed: run | skip`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

MissedRule = Literal["run", "skip"]

LATEST = timedelta(minutes=5)
"""What is later than this is skipped by default: a light at seven must not go on at noon because the lid was closed."""
_WINDOWS = (timedelta(days=1), timedelta(days=8), timedelta(days=800))
"""How far back the latest missed time is looked for, one after the other: most are daily, a few are yearly."""

Following = Callable[[datetime], "datetime | None"]
"""Given a time, the next one after it at which something is due."""


def _unsaid(due: datetime, reason: str) -> None:
    """Say nothing."""


class Late(msgspec.Struct, frozen=True):
    """What is done about what was missed."""

    rule: MissedRule | None = None
    """None: it runs where it is less than five minutes late."""
    say: Callable[[datetime, str], object] = _unsaid
    """Told of each that is skipped: when it was due, and why."""
    again: bool = False
    """Whether it is due once more when the clock is set back a little, and at once, whatever it may have to show then."""


ALWAYS = Late("run", again=True)
"""For what shows the time of day and only has to be right now: it is called however late it is."""


def runs(rule: MissedRule | None, due: datetime, now: datetime) -> bool:
    """Tell whether what was missed is made up for."""
    return rule == "run" or (rule is None and elapsed(due, now) < LATEST)


def why_skipped(rule: MissedRule | None, due: datetime, now: datetime, cause: str) -> str:
    """Return the sentence that says what was missed, and how it would have run."""
    late = f"missed {due.isoformat(timespec='seconds')}, {lasted(elapsed(due, now))} late: {cause}"
    return f"{late}; it says 'missed: skip'" if rule == "skip" else f"{late}; 'missed: run' would run it all the same"


def latest_due(following: Following, since: datetime, now: datetime) -> datetime | None:
    """Return the last time in (since, now] at which something was due, None where nothing was."""
    for window in _WINDOWS:
        begin = max(since.astimezone(UTC), now.astimezone(UTC) - window)
        found = None
        due = following(begin.astimezone(now.tzinfo))
        while due is not None and due.astimezone(UTC) <= now.astimezone(UTC):
            found = due
            due = following(due)
        if found is not None or begin == since.astimezone(UTC):
            return found
    return None


def elapsed(due: datetime, now: datetime) -> timedelta:
    """Return how late it is; within one zone Python would compare wall clocks, blind to daylight saving."""
    return now.astimezone(UTC) - due.astimezone(UTC)


def lasted(length: timedelta) -> str:
    """Return a length of time as people say it: `40 s`, `12 min`, `3 h 5 min`, `2 days`."""
    seconds = int(length.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 2 * 86400:
        return f"{seconds // 3600} h {seconds // 60 % 60} min"
    return f"{seconds // 86400} days"

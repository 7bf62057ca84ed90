"""How long to wait before the next attempt."""

from __future__ import annotations

from arvisd.mqtt.backoff import Backoff


def test_at_once_then_doubling_to_a_minute() -> None:
    backoff = Backoff(lambda: 0.5)
    assert [backoff.next() for _ in range(10)] == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_waits_are_spread_by_a_quarter() -> None:
    low, high = Backoff(lambda: 0.0), Backoff(lambda: 1.0)
    low.next()
    high.next()
    assert (low.next(), high.next()) == (0.75, 1.25)


def test_only_a_connection_that_lasted_begins_anew() -> None:
    backoff = Backoff(lambda: 0.5)
    for _ in range(5):
        backoff.next()
    backoff.lasted(9.9)
    assert backoff.next() == 16
    backoff.lasted(10)
    assert backoff.next() == 0

"""What is known of contexts: bounded, runs apart from turns, what goes on as long as it does."""

from __future__ import annotations

from datetime import UTC, datetime

from arvisd.core.actions import Target
from arvisd.core.causes import CALLS, ENDED, REMEMBERED, Causes, Request
from arvisd.core.context import Context

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def request() -> Request:
    return Request(Context(), NOON, "light.turn_on", Target())


def test_what_goes_on_is_known_however_much_comes() -> None:
    causes = Causes()
    lasting, first, turn = request(), request(), request()
    causes.begins(lasting)
    causes.acts(first)
    causes.happened(turn)
    for _ in range(3 * REMEMBERED):
        causes.acts(request())
    assert causes.get(lasting.context.id) is lasting
    assert causes.get(first.context.id) is None
    assert causes.get(turn.context.id) is turn  # runs push no turn out
    for _ in range(3 * REMEMBERED):
        causes.happened(request())
    assert causes.get(turn.context.id) is None
    assert causes.get(None) is None


def test_what_ended_is_known_for_a_while() -> None:
    causes = Causes()
    lasting = request()
    causes.begins(lasting)
    causes.ended(lasting)
    for _ in range(ENDED - 1):
        causes.acts(request())
    assert causes.get(lasting.context.id) is lasting
    for _ in range(2 * ENDED):
        causes.acts(request())
    assert causes.get(lasting.context.id) is None


def test_what_nobody_stores_does_not_grow() -> None:
    causes = Causes()
    for _ in range(3 * REMEMBERED):
        causes.happened(request())
    assert len(causes.changed) == REMEMBERED


def test_calls_the_newest_first() -> None:
    causes = Causes()
    context, other = Context(), Context()
    for name in ("a.one", "a.two"):
        causes.called(name, Target(), context)
        causes.called("a.other", Target(), other)
    assert [call.action for call in causes.calls(context.id)] == ["a.two", "a.one"]
    for _ in range(CALLS):
        causes.called("a.other", Target(), other)
    assert causes.calls(context.id) == []

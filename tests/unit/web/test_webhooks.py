"""Which webhooks are waited for."""

from __future__ import annotations

import pytest

from arvisd.automation.attachment import WebhookCall
from arvisd.core.owner import Owner
from arvisd.web.webhooks import Webhooks

OUTSIDE = "8.8.8.8"


class Waiting:
    """Somebody who waits, and what came of it."""

    def __init__(
        self, hooks: Webhooks, owner: Owner, id_: str = "a", methods: str = "POST PUT", *, local_only: bool = True
    ) -> None:
        self.calls: list[WebhookCall] = []
        self.reasons: list[str] = []
        hooks.register(
            id_,
            self.calls.append,
            lambda call, reason: self.reasons.append(reason),
            owner,
            methods=methods.split(),
            local_only=local_only,
        )


def call(method: str = "POST", id_: str = "a") -> WebhookCall:
    return WebhookCall(id_, method, {}, {})


def test_all_who_wait_are_told() -> None:
    hooks = Webhooks()
    one, other = Waiting(hooks, Owner("1")), Waiting(hooks, Owner("2"))
    hooks.deliver(call(), "")
    assert one.calls == other.calls == [call()]


def test_each_has_rules_of_its_own() -> None:
    hooks = Webhooks()
    owner = Owner("x")
    house, world = Waiting(hooks, owner), Waiting(hooks, owner, methods="GET", local_only=False)
    assert hooks.methods("a", "") == {"POST", "PUT", "GET"}
    assert hooks.methods("a", OUTSIDE) == {"GET"}
    hooks.deliver(call("GET"), OUTSIDE)
    assert world.calls == [call("GET")]
    assert house.reasons == ["it came from 8.8.8.8: 'local_only: false' lets everybody call it"]
    hooks.deliver(call("POST"), "")
    assert world.reasons == ["the method was POST: 'allowed_methods' says which are taken"]


def test_who_stops_waits_no_more() -> None:
    hooks = Webhooks()
    news: list[bool] = []
    hooks.on_change = lambda: news.append(bool(hooks))
    one, other = Owner("1"), Owner("2")
    Waiting(hooks, one)
    Waiting(hooks, other)
    one.release()
    assert hooks.known("a")
    other.release()
    assert not hooks.known("a")
    assert hooks.methods("a", "") == frozenset()
    assert news == [True, True, True, False]


def test_a_faulty_one_costs_the_others_nothing(caplog: pytest.LogCaptureFixture) -> None:
    hooks = Webhooks()
    owner = Owner("x")

    def broken(_: WebhookCall) -> None:
        raise RuntimeError("unforeseen")

    hooks.register("secret-id", broken, lambda *_: None, owner, methods=["POST"], local_only=True)
    other = Waiting(hooks, owner, "secret-id")
    hooks.deliver(call(id_="secret-id"), "")
    assert len(other.calls) == 1
    assert "who waits for the webhook secr… failed" in caplog.text
    assert "secret-id" not in "".join(record.getMessage() for record in caplog.records)

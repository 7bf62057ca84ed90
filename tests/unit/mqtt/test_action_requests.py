"""Requests for actions: once each, bounded, answered; without a broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest

from arvisd.core.actions import Action, ActionCall, NoData
from arvisd.core.bus import Message, Origin
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.mqtt.action_requests import CONCURRENT, WAITING, ActionRequests
from tests.simulators.clock import FakeClock


class Bench:
    """A hub with one slow action, and what comes out of it."""

    def __init__(self, hub: Hub, owner: Owner) -> None:
        self.hub = hub
        self.answers: dict[str, list[dict]] = {}
        self.running = self.most = self.done = 0
        self.go = asyncio.Event()
        hub.actions.register(Action("test.slow", NoData, "Wait.", handler=self._slow), owner)
        hub.bus.subscribe("arvis/result/+", self._answered, owner)
        ActionRequests(hub, owner).start()

    async def _slow(self, call: ActionCall) -> object:
        self.running += 1
        self.most = max(self.most, self.running)
        await self.go.wait()
        self.running -= 1
        self.done += 1
        return object() if call.target.entity_id == "unsendable" else None

    def _answered(self, message: Message) -> None:
        self.answers.setdefault(message.topic.rpartition("/")[2], []).append(msgspec.json.decode(message.data))

    def ask(self, id_: str, entity: str = "x") -> None:
        payload = msgspec.json.encode({"id": id_, "target": {"entity_id": entity}})
        self.hub.bus.deliver(Message("arvis/action/test/slow", payload, origin=Origin.REMOTE))


@pytest.fixture
async def bench(hub: Hub) -> AsyncIterator[Bench]:
    async with Owner("test") as owner:
        yield Bench(hub, owner)


async def test_concurrency_is_bounded_and_too_many_are_refused(bench: Bench, clock: FakeClock) -> None:
    for number in range(WAITING + 3):
        bench.ask(f"r{number}")
    await clock.settle()
    assert bench.most == CONCURRENT
    refused = {
        "ok": False,
        "error": {"code": "busy", "message": "test.slow: 1000 requests are waiting already, try again later"},
    }
    assert bench.answers == {f"r{WAITING + n}": [refused] for n in range(3)}
    bench.go.set()
    await clock.settle()
    await clock.settle()
    assert bench.done == WAITING
    assert bench.most == CONCURRENT


async def test_an_id_may_be_used_again_after_a_minute(bench: Bench, clock: FakeClock) -> None:
    bench.go.set()
    bench.ask("one")
    await clock.advance(59.9)
    bench.ask("one")
    await clock.settle()
    assert bench.done == 1
    await clock.advance(0.2)
    bench.ask("one")
    await clock.settle()
    assert bench.done == 2
    assert bench.answers == {"one": [{"ok": True}] * 2}


async def test_a_result_that_is_no_json_is_said(bench: Bench, clock: FakeClock) -> None:
    bench.go.set()
    bench.ask("odd", "unsendable")
    await clock.settle()
    assert bench.answers["odd"][0]["error"] == {
        "code": "failed",
        "message": "the result cannot be sent: Encoding objects of type object is unsupported",
    }


async def test_an_id_that_is_no_topic_level_gets_no_answer(bench: Bench, clock: FakeClock) -> None:
    bench.go.set()
    for id_ in ("a/b", "+", "#"):
        bench.ask(id_)
    await clock.settle()
    assert bench.done == 3
    assert bench.answers == {}

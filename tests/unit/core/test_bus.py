"""The bus: order, kept messages, owners, and listeners that fail."""

from __future__ import annotations

import msgspec
import pytest

from arvisd.core.bus import Bus, Message, Origin
from arvisd.core.owner import Owner


class Note(msgspec.Struct, frozen=True):
    text: str


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def owner() -> Owner:
    return Owner("test")


def test_a_message_reaches_each_listener_whose_filter_matches(bus: Bus, owner: Owner) -> None:
    seen: list[tuple[str, str]] = []
    for filter_ in ("a/b", "a/+", "a/#", "b/#"):
        bus.subscribe(filter_, lambda m, f=filter_: seen.append((f, m.topic)), owner)
    bus.publish("a/b", b"1")
    assert sorted(seen) == [("a/#", "a/b"), ("a/+", "a/b"), ("a/b", "a/b")]


def test_what_a_listener_publishes_comes_after_the_message_it_heard(bus: Bus, owner: Owner) -> None:
    seen: list[str] = []
    bus.subscribe("first", lambda _: bus.publish("second", b""), owner)
    bus.subscribe("#", lambda m: seen.append(m.topic), owner)
    bus.subscribe("first", lambda _: seen.append("late listener"), owner)
    bus.publish("first", b"")
    assert seen.index("second") > seen.index("late listener")
    assert seen.index("second") > seen.index("first")


def test_a_listener_that_fails_does_not_cost_the_others_the_message(
    bus: Bus, owner: Owner, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []

    def fail(_: Message) -> None:
        raise RuntimeError("no")

    bus.subscribe("a", fail, owner)
    bus.subscribe("a", lambda m: seen.append(m.topic), owner)
    bus.publish("a", b"")
    bus.publish("a", b"")
    assert seen == ["a", "a"]
    assert bus.failures == 2
    assert "a listener of test failed on a" in caplog.text


def test_kept_messages_are_replayed_and_carry_what_they_replace(bus: Bus, owner: Owner) -> None:
    seen: list[tuple[object, object]] = []
    bus.subscribe("s", lambda m: seen.append((m.payload, m.previous)), owner)
    bus.publish("s", Note("1"), retain=True)
    bus.publish("s", Note("2"), retain=True)
    assert seen == [(Note("1"), None), (Note("2"), Note("1"))]
    late: list[Message] = []
    bus.subscribe("+", late.append, owner, replay=True)
    assert [(m.payload, m.retain, m.previous) for m in late] == [(Note("2"), True, None)]


def test_an_empty_payload_clears_a_kept_message(bus: Bus) -> None:
    bus.publish("s", Note("1"), retain=True)
    bus.publish("s", b"", retain=True)
    assert bus.retained() == []


def test_what_comes_from_outside_is_not_kept(bus: Bus) -> None:
    bus.deliver(Message("s", b"1", retain=True, origin=Origin.REMOTE))
    assert bus.retained() == []


def test_an_owner_that_stops_hears_nothing_more(bus: Bus, owner: Owner) -> None:
    seen: list[str] = []
    bus.subscribe("a", lambda m: seen.append(m.topic), owner)
    bus.publish("a", b"")
    owner.release()
    bus.publish("a", b"")
    assert seen == ["a"]
    assert len(bus._tree) == 0


def test_a_listener_cancelled_during_a_message_does_not_get_it(bus: Bus, owner: Owner) -> None:
    seen: list[str] = []
    later = Owner("later")
    bus.subscribe("a", lambda _: later.release(), owner)
    bus.subscribe("a", lambda _: seen.append("late"), later)
    bus.publish("a", b"")
    assert seen == []


def test_the_mirror_is_told_of_filters_that_need_the_broker_once_each(bus: Bus) -> None:
    told: list[tuple[str, bool]] = []
    bus.on_remote_filter = lambda f, on: told.append((f, on))
    one, two = Owner("one"), Owner("two")
    bus.subscribe("z/+", lambda _: None, one, remote=True)
    bus.subscribe("z/+", lambda _: None, two, remote=True)
    bus.subscribe("local", lambda _: None, two)
    one.release()
    assert bus.remote_filters == ["z/+"]
    two.release()
    assert told == [("z/+", True), ("z/+", False)]
    assert bus.remote_filters == []


def test_a_payload_is_bytes_and_struct_alike() -> None:
    message = Message("a", Note("ещё"))
    assert message.data == '{"text":"ещё"}'.encode()
    assert message.decode(Note) is message.payload
    assert Message("a", message.data).decode(Note) == Note("ещё")

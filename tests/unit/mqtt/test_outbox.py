"""What waits for the broker: order, collapsing, bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from arvisd.mqtt.outbox import OVERHEAD, Outbox, Outgoing
from arvisd.mqtt.wire import Extras


def event(number: int, size: int = 1) -> Outgoing:
    return ("e", b"%d" % number if size == 1 else b"x" * size, 1, False, None, None)


def state(topic: str, value: str) -> Outgoing:
    return (topic, value.encode(), 1, True, None, None)


def drain(box: Outbox) -> list[str]:
    return [f"{m[0]}={m[1].decode()}" for m in iter(lambda: box.pop() if box else None, None)]


def test_events_keep_their_order_and_states_collapse_in_the_place_of_the_first() -> None:
    box = Outbox(100, 10_000)
    box.add(event(1))
    box.add(state("s/a", "on"))
    box.add(event(2))
    box.add(state("s/a", "off"))
    box.add(state("s/b", "on"))
    assert len(box) == 4
    assert drain(box) == ["e=1", "s/a=off", "e=2", "s/b=on"]
    assert (len(box), box.bytes) == (0, 0)


def test_the_oldest_events_go_first_and_states_last() -> None:
    box = Outbox(3, 10_000)
    dropped = [box.add(m) for m in (state("s/a", "1"), event(1), event(2), event(3), state("s/b", "1"))]
    assert dropped == [0, 0, 0, 1, 1]
    assert drain(box) == ["s/a=1", "e=3", "s/b=1"]
    for topic in "abcd":
        box.add(state(topic, "1"))
    assert drain(box) == ["b=1", "c=1", "d=1"]
    assert box.dropped == 3


def test_bytes_are_bounded_too() -> None:
    box = Outbox(1_000, 3 * (101 + OVERHEAD))
    for _ in range(5):
        box.add(event(0, size=100))
    assert len(box) == 3
    assert box.dropped == 2
    assert box.add(event(0, size=100_000)) == 4
    assert (len(box), box.bytes) == (0, 0)


def test_what_was_perhaps_not_received_comes_first_again_but_for_old_states() -> None:
    box = Outbox(100, 10_000)
    box.add(event(3))
    box.add(state("s/a", "new"))
    box.put_back([event(1), state("s/a", "old"), event(2), state("s/b", "kept")])
    assert drain(box) == ["e=1", "e=2", "s/b=kept", "e=3", "s/a=new"]


def test_states_are_sent_again_before_all_events_with_their_latest_value() -> None:
    box = Outbox(3, 10_000)
    box.add(event(1))
    box.add(state("gone", ""))
    box.add(state("s/a", "old"))
    box.put_states_first([state("status", "online"), state("s/a", "new"), state("s/b", "1")])
    assert box.dropped == 0
    assert drain(box) == ["status=online", "s/a=new", "s/b=1", "gone=", "e=1"]
    assert box.bytes == 0


@given(st.lists(st.tuples(st.sampled_from(["add", "pop", "back", "first"]), st.integers(0, 4), st.integers(0, 50))))
def test_the_count_of_bytes_and_the_bounds_always_hold(steps: list[tuple[str, int, int]]) -> None:
    box = Outbox(8, 600)
    for what, topic, size in steps:
        message: Outgoing = (f"t{topic}", b"x" * size, 1, topic < 2, None, None)
        if what == "add":
            box.add(message)
            assert len(box) <= 8
            assert box.bytes <= 600
        elif what == "back":
            box.put_back([message])
        elif what == "first" and message[3]:
            box.put_states_first([message])
        elif len(box):
            box.pop()
    left = [box.pop() for _ in range(len(box))]
    assert box.bytes == 0
    assert len({m[0] for m in left if m[3]}) == sum(1 for m in left if m[3])


def test_answers_outlast_a_storm_of_events_in_their_order() -> None:
    box = Outbox(3, 10_000)
    answer: Outgoing = ("reply/to", b"yes", 1, False, Extras(correlation=b"1"), None)
    box.add(("arvis/result/7", b"ok", 1, False, None, None))
    for number in range(10):
        box.add(event(number))
    box.add(answer)
    box.add(event(10))
    assert drain(box) == ["arvis/result/7=ok", "reply/to=yes", "e=10"]

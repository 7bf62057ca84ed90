"""Rings: the oldest is dropped and counted, nothing is lost or doubled between threads, the pre-roll keeps its length."""

from __future__ import annotations

import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arvisd.audio.ring import FrameRing, PreRoll, RingClosedError, frames_in


async def test_frames_come_in_order() -> None:
    ring = FrameRing(3)
    for frame in (b"a", b"b", b"c"):
        ring.put(frame)
    assert [await ring.get() for _ in range(3)] == [b"a", b"b", b"c"]
    assert ring.dropped == 0


async def test_the_oldest_is_dropped_and_counted() -> None:
    ring = FrameRing(2)
    for frame in (b"a", b"b", b"c", b"d", b"e"):
        ring.put(frame)
    assert len(ring) == 2
    assert [await ring.get(), await ring.get()] == [b"d", b"e"]
    assert ring.dropped == 3


async def test_a_waiting_reader_is_woken_from_another_thread() -> None:
    ring = FrameRing(2)
    waiting = asyncio.create_task(ring.get())
    await asyncio.sleep(0)
    thread = threading.Thread(target=ring.put, args=(b"a",))
    thread.start()
    assert await asyncio.wait_for(waiting, 5) == b"a"
    thread.join()


async def test_every_frame_is_read_or_counted() -> None:
    """A producer that never waits and a reader that is slow now and then."""
    ring, total = FrameRing(20), 20_000

    def produce() -> None:
        for number in range(total):
            ring.put(number.to_bytes(4, "big"))
        ring.close()

    thread = threading.Thread(target=produce)
    thread.start()
    seen = []
    try:
        while True:
            seen.append(int.from_bytes(await ring.get(), "big"))
            if len(seen) % 100 == 0:
                await asyncio.sleep(0)
    except RingClosedError:
        pass
    thread.join()
    assert len(seen) + ring.dropped == total
    assert seen == sorted(set(seen))
    assert seen[-1] == total - 1


async def test_a_cancelled_reader_loses_nothing() -> None:
    ring = FrameRing(4)
    reader = asyncio.create_task(ring.get())
    await asyncio.sleep(0)
    reader.cancel()
    ring.put(b"a")
    with pytest.raises(asyncio.CancelledError):
        await reader
    assert await ring.get() == b"a"


async def test_a_closed_ring_gives_what_it_holds_and_then_ends() -> None:
    ring = FrameRing(4)
    ring.put(b"a")
    ring.close()
    ring.put(b"b")
    assert await ring.get() == b"a"
    with pytest.raises(RingClosedError):
        await ring.get()


async def test_closing_wakes_the_reader() -> None:
    ring = FrameRing(4)
    reader = asyncio.create_task(ring.get())
    await asyncio.sleep(0)
    ring.close()
    with pytest.raises(RingClosedError):
        await asyncio.wait_for(reader, 5)


def test_putting_after_the_loop_has_closed_is_harmless() -> None:
    ring = FrameRing(2)

    async def read_in_vain() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ring.get(), 0.01)

    asyncio.run(read_in_vain())
    ring._waiting = True  # as when the loop ended while the reader waited
    ring.put(b"a")
    assert len(ring) == 1


async def test_clearing_is_not_dropping() -> None:
    ring = FrameRing(4)
    ring.put(b"a")
    ring.put(b"b")
    assert ring.clear() == 2
    assert (len(ring), ring.dropped) == (0, 0)


def test_a_ring_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError) as caught:
        FrameRing(0)
    assert str(caught.value) == "a ring holds at least 1 frame, not 0"


@pytest.mark.parametrize(("seconds", "frames"), [(2.0, 100), (0.02, 1), (0.001, 1), (1.5, 75)])
def test_frames_in(seconds: float, frames: int) -> None:
    assert frames_in(seconds) == frames


@given(st.lists(st.integers(1, 800), max_size=60), st.floats(0.005, 0.5))
def test_pre_roll_keeps_the_newest_sound(lengths: list[int], seconds: float) -> None:
    pre_roll = PreRoll(seconds)
    stream = b""
    for number, samples in enumerate(lengths):
        frame = bytes([number % 256, 1]) * samples
        stream += frame
        pre_roll.add(frame)
    size = round(seconds * 16_000) * 2
    assert pre_roll.last() == stream[-size:]
    assert pre_roll.position == len(stream) // 2
    assert pre_roll.last(seconds / 2) == stream[len(stream) - min(len(stream), round(seconds / 2 * 16_000) * 2) :]


def test_a_cleared_pre_roll_goes_on_counting() -> None:
    pre_roll = PreRoll(1.0)
    pre_roll.add(bytes(640))
    pre_roll.clear()
    assert pre_roll.last() == b""
    pre_roll.add(bytes(640))
    assert (len(pre_roll.last()), pre_roll.position) == (640, 640)

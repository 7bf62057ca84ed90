"""Reloads that are asked for while one goes on become one."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from arvisd.reloading import Reloading


class Reader:
    """Takes as long as it is let."""

    def __init__(self) -> None:
        self.read: list[list[str]] = []
        self.gate = asyncio.Event()
        self.failing = False

    async def __call__(self, changed: Collection[str]) -> None:
        self.read.append(sorted(changed))
        await self.gate.wait()
        if self.failing:
            raise OSError


async def ask_all(reloading: Reloading, *asked: Collection[str]) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(reloading.ask(changed)) for changed in asked]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def test_those_that_come_meanwhile_become_one() -> None:
    reader = Reader()
    tasks = await ask_all(Reloading(reader), {"a.yaml"}, {"b.yaml"}, {"c.yaml"}, {"b.yaml"})
    assert reader.read == [["a.yaml"]]
    reader.gate.set()
    await asyncio.gather(*tasks)
    assert reader.read == [["a.yaml"], ["b.yaml", "c.yaml"]]


async def test_everything_is_more_than_some() -> None:
    reader = Reader()
    tasks = await ask_all(Reloading(reader), {"a.yaml"}, {"b.yaml"}, ())
    reader.gate.set()
    await asyncio.gather(*tasks)
    assert reader.read == [["a.yaml"], []]


async def test_nobody_is_served_by_a_reload_that_began_before_he_asked() -> None:
    reader = Reader()
    reloading = Reloading(reader)
    (first,) = await ask_all(reloading, {"a.yaml"})
    (second,) = await ask_all(reloading, {"a.yaml"})
    reader.gate.set()
    await asyncio.gather(first, second)
    assert reader.read == [["a.yaml"], ["a.yaml"]]


async def test_what_was_broken_off_is_read_by_the_next() -> None:
    reader = Reader()
    reader.failing = True
    reader.gate.set()
    reloading = Reloading(reader)
    with pytest.raises(OSError):
        await reloading.ask({"a.yaml"})
    reader.failing = False
    await reloading.ask({"b.yaml"})
    assert reader.read == [["a.yaml"], ["a.yaml", "b.yaml"]]

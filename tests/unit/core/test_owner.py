"""Owners: everything ends with them, in order, and nothing that fails is hidden."""

from __future__ import annotations

import asyncio

import pytest

from arvisd.core.owner import Owner


async def test_leaving_undoes_in_reverse_order_and_cancels_the_tasks() -> None:
    log: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            log.append("task ended")

    async with Owner("part") as owner:
        owner.on_stop(lambda: log.append("first"))
        owner.on_stop(lambda: log.append("second"))
        task = owner.spawn(work(), "work")
        await asyncio.sleep(0)
        assert task.get_name() == "part: work"
    assert log == ["second", "first", "task ended"]
    assert task.cancelled()


async def test_a_task_that_fails_ends_the_owner_with_its_error() -> None:
    undone: list[str] = []

    async def fail() -> None:
        raise RuntimeError("broken")

    with pytest.RaisesGroup(pytest.RaisesExc(RuntimeError, match="broken")):
        async with Owner("part") as owner:
            owner.on_stop(lambda: undone.append("undone"))
            owner.spawn(fail(), "fail")
            await asyncio.Event().wait()
    assert undone == ["undone"]


async def test_an_undo_that_fails_does_not_keep_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    log: list[str] = []
    owner = Owner("part")
    owner.on_stop(lambda: log.append("kept"))
    owner.on_stop(lambda: 1 // 0)
    owner.release()
    assert log == ["kept"]
    assert "part: cleaning up failed" in caplog.text


async def test_what_is_forgotten_is_not_undone() -> None:
    log: list[str] = []
    owner = Owner("part")
    forget = owner.on_stop(lambda: log.append("x"))
    forget()
    forget()
    owner.release()
    assert log == []


async def test_spawning_outside_is_refused() -> None:
    async def work() -> None:
        return

    with pytest.raises(RuntimeError, match="enter the owner with 'async with' first"):
        Owner("part").spawn(work(), "x")


async def test_an_error_of_the_block_comes_out_as_it_is_and_ends_the_tasks() -> None:
    tasks = []

    async def work() -> None:
        async with Owner("part") as owner:
            tasks.append(owner.spawn(asyncio.Event().wait(), "wait"))
            await asyncio.sleep(0)
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        await work()
    assert tasks[0].cancelled()

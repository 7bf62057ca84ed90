"""A kill right after each write: what was being done at that moment is left out, and nothing is ever done twice."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from arvisd.automation.durable.book import RunBook
from arvisd.automation.run import Run
from tests.simulators.durable_scripts import TABLE, automation
from tests.simulators.lives import Lives, lives_in


class Moment(NamedTuple):
    """What the disk holds right after a write, and what had been done by then."""

    file: Path
    notes: list[str]
    seconds: float
    acting: bool
    """It said that something is being done."""


async def moments(lives: Lives, steps: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[Moment]:
    """Run to the end and keep the database as it was after each write."""
    kept: list[Moment] = []

    def copied() -> Path:
        path = folder / f"{len(kept)}.db"
        with sqlite3.connect(path) as copy:
            source = sqlite3.connect(lives.database_path)
            source.backup(copy)
            source.close()
        return path

    def write(book: RunBook, run: Run) -> bool:
        done = original(book, run)
        scope: Any = run.scope
        acting = scope.held is None
        kept.append(Moment(copied(), list(rig.notes), rig.clock.monotonic(), acting))
        return done

    original = RunBook.write
    monkeypatch.setattr(RunBook, "write", write)
    rig = await lives.begin(automation(steps))
    rig.publish("go", "hello")
    await rig.clock.advance(200)
    monkeypatch.setattr(RunBook, "write", original)
    return kept


@pytest.mark.parametrize("name", TABLE)
async def test_right_after_each_write(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, expected = TABLE[name]
    copies = tmp_path / "copies"
    copies.mkdir()
    async with lives_in(tmp_path) as lives:
        kept = await moments(lives, steps, copies, monkeypatch)
        begun = lives.rig.clock.now()
        assert kept
    for number, moment in enumerate(kept):
        folder = tmp_path / str(number)
        folder.mkdir()
        shutil.copy(moment.file, folder / "arvisd.db")
        async with lives_in(folder) as lives:
            lives.now = begun.replace(hour=12, minute=0, second=0, microsecond=0)
            rig = await lives.begin(automation(steps), off=moment.seconds)
            await rig.clock.advance(200)
            done = Counter(moment.notes + rig.notes)
        missing = Counter(expected) - done
        assert not done - Counter(expected), f"done twice after write {number}"
        assert missing.total() <= 1, f"lost after write {number}"

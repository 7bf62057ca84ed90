"""Real files, real notices of the kernel; only quiet is measured by a clock that stands still."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from pathlib import Path

import pytest

import arvisd.config.watch as watch_module
from arvisd.config.watch import QUIET_SECONDS, ConfigWatch
from arvisd.core.clock import SystemClock
from tests.simulators.clock import FakeClock

GUARD = 20.0
"""Seconds after which a test that waits for something that never comes gives up."""


class Watched:
    """A running watch and what it reported."""

    def __init__(self, folder: Path, clock: SystemClock | FakeClock, **options) -> None:
        self.reports: asyncio.Queue[tuple[frozenset[str], str]] = asyncio.Queue()
        self.folder = folder
        self.watch = ConfigWatch(folder, clock, self._report, **options)

    async def _report(self, names: frozenset[str]) -> None:
        main = self.folder / "configuration.yaml"
        await self.reports.put((names, main.read_text() if main.exists() else ""))

    async def next(self) -> frozenset[str]:
        return (await asyncio.wait_for(self.reports.get(), GUARD))[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "configuration.yaml").write_text("a: 1\n")
    (folder / "marker.yaml").write_text("n: 0\n")
    return folder


@contextlib.asynccontextmanager
async def watching(folder: Path, clock: SystemClock | FakeClock | None = None, **options):
    watched = Watched(folder, clock or SystemClock(), **options)
    task = asyncio.create_task(watched.watch.run())
    await asyncio.wait_for(watched.watch.ready.wait(), GUARD)
    try:
        yield watched
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, GUARD)


async def mark(watched: Watched) -> frozenset[str]:
    """Change the marker file and return the first report: what should not be told would come with it or before."""
    (watched.folder / "marker.yaml").write_text("n: 1\n")
    return await watched.next()


async def test_a_file_written_in_place_is_reported(folder: Path) -> None:
    async with watching(folder) as watched:
        (folder / "configuration.yaml").write_text("a: 2\n")
        assert await watched.next() == {"configuration.yaml"}
        (folder / "configuration.yaml").write_text("a: 3\n")
        assert await watched.next() == {"configuration.yaml"}


async def test_an_editors_rename_over_save_is_one_report(folder: Path) -> None:
    async with watching(folder) as watched:
        draft = folder / ".configuration.yaml.swp"
        draft.write_text("a: 2\n")
        (folder / "configuration.yaml").rename(folder / "configuration.yaml~")
        draft.rename(folder / "configuration.yaml")
        assert await watched.next() == {"configuration.yaml"}
        assert await mark(watched) == {"marker.yaml"}


async def test_a_new_file_a_new_folder_and_a_removal_are_reported(folder: Path) -> None:
    async with watching(folder) as watched:
        (folder / "automations").mkdir()
        (folder / "automations" / "a.yaml").write_text("- id: a\n")
        assert await watched.next() == {"automations/a.yaml"}
        (folder / "automations" / "a.yaml").write_text("- id: b\n")
        assert await watched.next() == {"automations/a.yaml"}
        shutil.rmtree(folder / "automations")
        assert await watched.next() == {"automations/a.yaml"}


async def test_a_touch_and_what_is_no_configuration_report_nothing(folder: Path) -> None:
    async with watching(folder) as watched:
        os.utime(folder / "configuration.yaml")
        (folder / "configuration.yaml").write_text("a: 1\n")
        (folder / "configuration.yaml~").write_text("a: 9\n")
        (folder / ".configuration.yaml.swp").write_text("a: 9\n")
        (folder / "#configuration.yaml#").write_text("a: 9\n")
        (folder / "home-assistant.log").write_text("x\n")
        (folder / "integrations" / "mine" / "__pycache__").mkdir(parents=True)
        (folder / "integrations" / "mine" / "__pycache__" / "x.py").write_text("x = 1\n")
        (folder / ".git").mkdir()
        (folder / ".git" / "x.yaml").write_text("a: 9\n")
        assert await mark(watched) == {"marker.yaml"}


async def test_the_users_own_integration_is_watched(folder: Path) -> None:
    (folder / "integrations" / "mine").mkdir(parents=True)
    async with watching(folder) as watched:
        (folder / "integrations" / "mine" / "__init__.py").write_text("x = 1\n")
        assert await watched.next() == {"integrations/mine/__init__.py"}


async def test_the_whole_folder_swapped_by_rename(folder: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "configuration.yaml").write_text("a: 2\n")
    (fresh / "marker.yaml").write_text("n: 0\n")
    async with watching(folder) as watched:
        folder.rename(tmp_path / "old")  # noqa: ASYNC240
        fresh.rename(folder)
        assert await watched.next() == {"configuration.yaml"}
        (folder / "configuration.yaml").write_text("a: 3\n")
        assert await watched.next() == {"configuration.yaml"}
        (tmp_path / "old" / "configuration.yaml").write_text("a: 4\n")
        assert await mark(watched) == {"marker.yaml"}


async def test_the_folder_itself_is_a_link_that_is_replaced(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"release{number}").mkdir()
        (tmp_path / f"release{number}" / "configuration.yaml").write_text(f"a: {number}\n")
    folder = tmp_path / "current"
    folder.symlink_to("release1")
    async with watching(folder) as watched:
        (tmp_path / "next").symlink_to("release2")
        (tmp_path / "next").rename(folder)
        assert await watched.next() == {"configuration.yaml"}
        (tmp_path / "release2" / "configuration.yaml").write_text("a: 3\n")
        assert await watched.next() == {"configuration.yaml"}


async def test_kubernetes_swaps_the_data_link(tmp_path: Path) -> None:
    folder = tmp_path / "mount"
    for number in (1, 2):
        (folder / f"..2024_{number}").mkdir(parents=True)
        (folder / f"..2024_{number}" / "configuration.yaml").write_text(f"a: {number}\n")
        (folder / f"..2024_{number}" / "same.yaml").write_text("b: 1\n")
    (folder / "..data").symlink_to("..2024_1")
    for name in ("configuration.yaml", "same.yaml"):
        (folder / name).symlink_to(f"..data/{name}")
    async with watching(folder) as watched:
        (folder / "..data_tmp").symlink_to("..2024_2")
        (folder / "..data_tmp").rename(folder / "..data")
        shutil.rmtree(folder / "..2024_1")
        assert await watched.next() == {"configuration.yaml"}


async def test_nix_replaces_a_link_on_the_way_to_the_store(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / "store" / f"hash{number}").mkdir(parents=True)
        (tmp_path / "store" / f"hash{number}" / "configuration.yaml").write_text(f"a: {number}\n")
    static = tmp_path / "static"
    static.symlink_to(tmp_path / "store" / "hash1")
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "configuration.yaml").symlink_to(static / "configuration.yaml")
    async with watching(folder) as watched:
        (tmp_path / "new").symlink_to(tmp_path / "store" / "hash2")
        (tmp_path / "new").rename(static)
        assert await watched.next() == {"configuration.yaml"}


async def test_the_target_of_a_link_edited_in_place(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    target = tmp_path / "dotfiles" / "arvis.yaml"
    target.write_text("a: 1\n")
    (folder / "linked.yaml").symlink_to(target)
    async with watching(folder) as watched:
        target.write_text("a: 2\n")
        assert await watched.next() == {"linked.yaml"}


async def test_an_included_file_outside_of_the_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    other = tmp_path / "elsewhere" / "shared.yaml"
    other.write_text("a: 1\n")
    async with watching(folder, outside=lambda: [other]) as watched:
        other.write_text("a: 2\n")
        assert await watched.next() == {other.as_posix()}


async def test_a_folder_that_comes_later(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    async with watching(folder) as watched:
        folder.mkdir()
        (folder / "configuration.yaml").write_text("a: 1\n")
        assert await watched.next() == {"configuration.yaml"}


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often the watch looked at the folder."""
    counted: list[int] = []
    take = watch_module.take_snapshot

    def counting(*arguments):
        result = take(*arguments)
        counted.append(1)
        return result

    monkeypatch.setattr(watch_module, "take_snapshot", counting)
    return counted


async def listening(looks: list[int]) -> None:
    """Wait for the second look, which comes once the kernel's notices are listened to."""
    while len(looks) < 2:
        await asyncio.sleep(0.005)


async def looked_again(looks: list[int]) -> None:
    seen = len(looks)

    async def poll() -> None:
        while len(looks) == seen:
            await asyncio.sleep(0.005)

    await asyncio.wait_for(poll(), GUARD)


@pytest.mark.parametrize(
    "half",
    ["", "a: 1\nb: [1,", "a: 1\nb: lon", 'a: "open\n'],
    ids=["truncated", "not valid YAML", "no end of line", "open quote"],
)
async def test_a_half_written_file_waits_for_its_other_half(folder: Path, half: str, looks: list[int]) -> None:
    clock = FakeClock()
    async with watching(folder, clock) as watched:
        await listening(looks)
        (folder / "configuration.yaml").write_text(half)
        await looked_again(looks)
        assert watched.reports.empty()
        whole = "a: 1\nb: [1, 2]\n"
        (folder / "configuration.yaml").write_text(whole)
        assert await asyncio.wait_for(watched.reports.get(), GUARD) == ({"configuration.yaml"}, whole)


async def test_a_file_that_stays_broken_is_reported_after_quiet(folder: Path, looks: list[int]) -> None:
    clock = FakeClock()
    async with watching(folder, clock) as watched:
        await listening(looks)
        (folder / "configuration.yaml").write_text("a: [1,")
        while watched.reports.empty():
            await clock.advance(QUIET_SECONDS)
            await asyncio.sleep(0.01)
        assert await watched.next() == {"configuration.yaml"}

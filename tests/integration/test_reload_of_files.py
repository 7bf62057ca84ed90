"""Files saved as editors save them, watched as the daemon watches them: what changed is active, the rest was not touched."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from arvisd.automation.engine import AutomationEngine
from arvisd.config import Pieces, load
from arvisd.config.watch import ConfigWatch
from arvisd.core.clock import SystemClock
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner

pytestmark = pytest.mark.integration

FILES = ("automations.yaml", "more/one.yaml", "more/two.yaml")
PATIENCE = 20.0
"""Seconds until something must be active; it takes a tenth of one, on a machine that has time."""


def renamed(path: Path, text: str) -> None:
    """Save as most editors do."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text)
    temporary.replace(path)


def truncated(path: Path, text: str) -> None:
    """Save in place."""
    path.write_text(text)


def in_pieces(path: Path, text: str) -> None:
    """Save as a slow editor does: the file is seen half-written."""
    half = len(text) // 2
    with path.open("w") as file:
        file.write(text[:half])
        file.flush()
        file.write(text[half:])


def twice(path: Path, text: str) -> None:
    """Save, and save again at once."""
    path.write_text("- id: [")
    renamed(path, text)


def through_a_backup(path: Path, text: str) -> None:
    """Save as vim does with `backupcopy=no`."""
    backup = path.with_name(f"{path.name}~")
    path.rename(backup)
    path.write_text(text)
    backup.unlink()


SAVES: tuple[Callable[[Path, str], None], ...] = (renamed, truncated, in_pieces, twice, through_a_backup)


class Watched:
    """An engine that follows a folder."""

    def __init__(self, folder: Path, owner: Owner) -> None:
        self.folder = folder
        self.hub = Hub(SystemClock())
        self.engine = AutomationEngine(self.hub, None, owner)
        self.loads = 0
        self._pieces = Pieces()
        self._owner = owner
        self.watch = ConfigWatch(folder, self.hub.clock, self._changed)

    async def start(self) -> None:
        await self._load()
        self.engine.started()
        self._owner.spawn(self.watch.run(), "watch")
        await asyncio.wait_for(self.watch.ready.wait(), PATIENCE)

    async def _changed(self, _: frozenset[str]) -> None:
        self.loads += 1
        await self._load()

    async def _load(self) -> None:
        loaded = load(self.folder, {}, self._pieces)
        await self.engine.load(loaded.tree.get("automation"), loaded.unreadable, loaded.tree.get("script"))

    def versions(self) -> dict[str, str]:
        """Return the alias of each automation that is listed, by id."""
        return {info.id: info.alias for info in self.engine.list()}

    async def until(self, versions: dict[str, str]) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.versions() != versions or any(info.state != "on" for info in self.engine.list()):
                await asyncio.sleep(0.01)


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    (tmp_path / "more").mkdir()
    (tmp_path / "configuration.yaml").write_text(
        "automation: !include automations.yaml\nautomation more: !include_dir_merge_list more\n"
    )
    for name in FILES:
        (tmp_path / name).write_text("[]\n")
    async with Owner("watched") as owner:
        made = Watched(tmp_path, owner)
        await made.start()
        yield made
        await made.engine.stop()


def written(automations: dict[str, int]) -> str:
    return "".join(
        f"- id: {id_}\n  alias: {id_} {version}\n  triggers: [{{trigger: mqtt, topic: go}}]\n  actions: [{{delay: 3600}}]\n"
        for id_, version in automations.items()
    ) or "[]\n"  # fmt: skip


async def test_random_saves(watched: Watched) -> None:
    dice = random.Random(20)
    house: dict[str, dict[str, int]] = {name: {} for name in FILES}
    for number in range(9):
        house[FILES[number % 3]][f"a{number}"] = 0
    for name in FILES:
        renamed(watched.folder / name, written(house[name]))
    await watched.until({id_: f"{id_} {v}" for file in house.values() for id_, v in file.items()})
    watched.hub.bus.publish("go", b"")
    await asyncio.sleep(0)
    fresh: set[str] = set()
    for _ in range(25):
        name = dice.choice(FILES)
        file = house[name]
        id_ = dice.choice(list(file) or [f"n{dice.randrange(99)}"])
        if dice.random() < 0.2 and len(file) > 1:
            del file[id_]
            fresh.discard(id_)
        else:
            file[id_] = file.get(id_, 0) + 1
            fresh.add(id_)
        dice.choice(SAVES)(watched.folder / name, written(file))
        await watched.until({id_: f"{id_} {v}" for file in house.values() for id_, v in file.items()})
        running = {info.id for info in watched.engine.list() if info.current}
        assert running == {id_ for file in house.values() for id_ in file} - fresh


async def test_a_file_that_is_broken_for_a_while_costs_nothing(watched: Watched) -> None:
    path = watched.folder / "automations.yaml"
    path.write_text(written({"a": 1, "b": 1}))
    await watched.until({"a": "a 1", "b": "b 1"})
    watched.hub.bus.publish("go", b"")
    await asyncio.sleep(0)
    before = watched.loads
    path.write_text("- id: a\n  actions: [{\n")
    async with asyncio.timeout(PATIENCE):
        while watched.loads == before:
            await asyncio.sleep(0.01)
    assert watched.versions() == {"a": "a 1", "b": "b 1"}
    path.write_text(written({"a": 1, "b": 2}))
    await watched.until({"a": "a 1", "b": "b 2"})
    assert {info.id: info.current for info in watched.engine.list()} == {"a": 1, "b": 0}

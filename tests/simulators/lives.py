"""The lives of one house: an engine that is killed, and the next one that finds its database and its files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.storage.database import Database
from tests.simulators.automation_rig import AutomationRig
from tests.simulators.clock import FakeClock


class Lives:
    """`rig = await lives.begin()`, later `await lives.kill()`, or `await lives.stop()`, and `begin` again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database_path = folder / "arvisd.db"
        self.notes: list[str] = []
        """Texts that `test.note` was given in all lives that are over."""
        self.now: datetime | None = None
        self.problems: list[str] = []
        self.rig: AutomationRig
        self.database: Database
        self._stack: AsyncExitStack | None = None

    async def begin(
        self, text: str | None = None, *, off: float = 0.0, started: bool = True, scripts: str | None = None
    ) -> AutomationRig:
        """Begin a life after `off` seconds of none; `text` is written to automations.yaml first, `scripts` likewise."""
        if self.now is not None:
            self.now += timedelta(seconds=off)
        clock = FakeClock(self.now)
        hub = Hub(clock)
        self.database = Database(self.database_path).open()
        self._stack = AsyncExitStack()
        owner = await self._stack.enter_async_context(Owner("automations"))
        self.rig = AutomationRig(hub, clock, owner, self.folder, self.database)
        if scripts is not None:
            self.rig.write(scripts, "scripts.yaml")
            self.rig.write(
                "automation: !include automations.yaml\nscript: !include scripts.yaml\n", "configuration.yaml"
            )
        if text is not None:
            self.rig.write(text)
        self.problems = await self.rig.reload()
        if started:
            self.rig.engine.started()
            await clock.settle()
        return self.rig

    async def kill(self) -> None:
        """End it as `kill -9` does: from now on nothing is written and nothing done."""
        self.database.close()
        await self._over()

    async def stop(self) -> None:
        """End it as SIGTERM does."""
        stopping = asyncio.ensure_future(self.rig.engine.stop())
        await self.rig.clock.settle()
        await stopping
        await self._over()
        self.database.close()

    async def restart(self, off: float = 0.0) -> AutomationRig:
        """Kill it and begin the next life."""
        await self.kill()
        return await self.begin(off=off)

    def records(self) -> list[tuple[str, str]]:
        """Return owner and status of what is written down."""
        return [tuple(row) for row in self.database.read("SELECT owner, status FROM run ORDER BY number")]

    async def _over(self) -> None:
        assert self._stack is not None
        self.now = self.rig.clock.now()
        self.notes += self.rig.notes
        self.rig.calls.clear()
        stack, self._stack = self._stack, None
        await stack.aclose()
        self.rig.calls.clear()

    async def close(self) -> None:
        if self._stack is not None:
            await self.kill()


@asynccontextmanager
async def lives_in(folder: Path) -> AsyncIterator[Lives]:
    """Give a house whose last life ends with the test."""
    lives = Lives(folder)
    try:
        yield lives
    finally:
        await lives.close()

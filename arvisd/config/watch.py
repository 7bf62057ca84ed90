"""Tells when the configuration changed: once for each change that is finished, and only for other content."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from arvisd.config.snapshot import NOTHING, Snapshot, is_watched, take_snapshot
from arvisd.core.clock import Clock

_LOGGER = logging.getLogger(__name__)

STEP_MS = 20
"""How often the kernel's notices are collected: a saved file is seen within this."""
QUIET_SECONDS = 0.3
"""A file that looks half-written is reported when nothing happened for so long. Editors write within milliseconds."""
PATIENCE_SECONDS = 5.0
"""A file that is written all the time is reported after this, as it is."""
POLL_SECONDS = 5.0
"""The folder is also looked at this often: some file systems (NFS, some containers) send no notices."""

Report = Callable[[frozenset[str]], Awaitable[None]]


class ConfigWatch:
    """Watches a configuration folder.

    Survives what editors and deployments do: rename over save, a file written in pieces, the whole folder
    swapped, links replaced (Kubernetes' `..data`, Nix's store). A touch without a change reports nothing.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        report: Report,
        outside: Callable[[], Iterable[Path]] = lambda: (),
    ) -> None:
        """Prepare; nothing is watched before `run`.

        Args:
            folder: the configuration folder.
            clock: measures quiet.
            report: awaited with the names of changed files, relative to the folder; never twice at once.
            outside: gives the included files that lie outside of the folder.
        """
        self._folder = folder.absolute()
        self._clock = clock
        self._report = report
        self._outside = outside
        self._seen: Snapshot = NOTHING
        self._suspects: set[str] = set()
        self._noticed = asyncio.Event()
        self.ready = asyncio.Event()
        """Set once what is there has been seen: every later change is reported."""

    async def run(self) -> None:
        """Watch until cancelled."""
        self._seen = await self._look(NOTHING)
        self.ready.set()
        while True:
            await self._round()

    async def _round(self) -> None:
        """Listen until other folders are to be listened in."""
        places = self._seen.places
        links = self._seen.links
        async with asyncio.TaskGroup() as group:
            listener = group.create_task(self._listen(places, links), name="configuration: kernel notices")
            while places == self._seen.places and links == self._seen.links:
                await self._wait(POLL_SECONDS)
                await self._check()
            listener.cancel()

    async def _check(self) -> None:
        """Report what changed, once it is finished."""
        now = await self._look(self._seen)
        changed = now.changes(self._seen)
        since = self._clock.monotonic()
        while changed and not now.settled(changed) and self._clock.monotonic() - since < PATIENCE_SECONDS:
            quiet = not await self._wait(QUIET_SECONDS)
            before, now = now, await self._look(now)
            changed = now.changes(self._seen)
            if quiet and not now.changes(before):
                break
        self._seen = now
        if changed:
            _LOGGER.debug("configuration changed: %s", ", ".join(sorted(changed)))
            await self._report(changed)

    async def _look(self, before: Snapshot) -> Snapshot:
        suspects = frozenset(self._suspects)
        self._suspects.clear()
        return await asyncio.to_thread(take_snapshot, self._folder, tuple(self._outside()), before, suspects)

    async def _wait(self, seconds: float) -> bool:
        """Return whether something was noticed within that time."""
        try:
            await self._clock.wait_for(self._noticed.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            self._noticed.clear()
        return True

    async def _listen(self, places: frozenset[tuple[str, int, int]], links: frozenset[str]) -> None:
        """Collect the kernel's notices; ends by itself where the folders are gone, polling goes on."""
        from watchfiles import awatch

        inside = f"{self._folder}/"
        stop = asyncio.Event()
        paths = [path for path, _, _ in places]
        # awatch listens before it first waits, so this comes after: a look for what changed until then.
        asyncio.get_running_loop().call_soon(self._noticed.set)
        try:
            with contextlib.suppress(FileNotFoundError):
                async for notices in awatch(
                    *paths,
                    watch_filter=None,
                    step=STEP_MS,
                    debounce=5 * STEP_MS,
                    stop_event=stop,
                    recursive=False,
                    ignore_permission_denied=True,
                ):
                    told = {path for _, path in notices}
                    if any(self._matters(path, inside, links) for path in told):
                        self._suspects |= told
                        self._noticed.set()
        finally:
            stop.set()

    def _matters(self, path: str, inside: str, links: frozenset[str]) -> bool:
        """Whether a notice may mean another content: not a swap file, not a neighbour of the folder."""
        if path in links:
            return True
        if not path.startswith(inside):
            return False
        name = path.rpartition("/")[2]
        return (
            is_watched(name) or name.startswith("..") or (name[0] != "." and (Path(path).is_dir() or "." not in name))
        )

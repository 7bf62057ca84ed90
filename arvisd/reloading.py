"""Reloads come one after the other, and those that were asked for meanwhile become one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection


class Reloading:
    """Does what a save, an action or a signal asks for; whoever asks waits until what he has saved is in force."""

    def __init__(self, read: Callable[[Collection[str]], Awaitable[None]]) -> None:
        """Prepare.

        Args:
            read: reads the configuration anew; it is given the files that have changed, none for everything.
        """
        self._read = read
        self._lock = asyncio.Lock()
        self._files: set[str] = set()
        self._everything = False
        self._asked = 0
        self._done = 0
        """How many of those who asked have been served."""

    async def ask(self, changed: Collection[str] = ()) -> None:
        """Read what has changed; return when a reload that began after this call is done.

        Args:
            changed: the files; none: everything, sentences too.
        """
        self._files.update(changed)
        self._everything |= not changed
        self._asked += 1
        turn = self._asked
        async with self._lock:
            if self._done >= turn:
                return
            covered, files, everything = self._asked, self._files, self._everything
            self._files, self._everything = set(), False
            try:
                await self._read(() if everything else files)
            except BaseException:
                self._files |= files
                self._everything |= everything
                raise
            self._done = covered

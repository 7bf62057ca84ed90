"""What is awaited in a run that goes on after a restart: nothing is done before it is awaited."""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from typing import Any


class Later:
    """Begins its work when it is awaited.

    A run is first rebuilt as a whole, all branches of it, and then goes on: what its first branch does
    writes the position of all of them.
    """

    __slots__ = ("_begin",)

    def __init__(self, begin: Any, *arguments: Any) -> None:
        self._begin = (begin, arguments)

    def __await__(self) -> Generator[Any, None, None]:
        begin, arguments = self._begin
        work: Coroutine[Any, Any, None] = begin(*arguments)
        return work.__await__()


async def nothing() -> None:
    """Do nothing."""

"""Who called whom: scripts that call themselves in a circle are told, and none of them goes too deep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arvisd.core.context import Context

if TYPE_CHECKING:
    from arvisd.automation.run import Run

DEEPEST = 64
"""Scripts that may wait for each other in one chain."""
AT_ONCE = 8
"""Scripts within scripts that begin on the spot; deeper ones begin in a task of their own, as Python's stack ends."""


class Call:
    """A run that somebody called."""

    __slots__ = ("caller", "depth", "run")

    def __init__(self, run: Run, caller: Call | None, depth: int) -> None:
        self.run = run
        self.caller = caller
        """Whose step waits for its end; None: of an automation, a person, or nobody waits."""
        self.depth = depth
        """How many calls led to it, waited for or not."""


class Calls:
    """The called runs that go on."""

    def __init__(self) -> None:
        self._going: dict[str, Call] = {}
        """By the id of the run, which is the id of its context."""

    def of(self, context: Context) -> Call | None:
        """Return the called run that has this context, None where it is none."""
        return self._going.get(context.id)

    def enter(self, run: Run, caller: Call | None, *, wait: bool) -> None:
        """Remember a run until it ends."""
        depth = 0 if caller is None else caller.depth + 1
        self._going[run.id] = Call(run, caller if wait else None, depth)
        run.cleanups.append(lambda: self._going.pop(run.id, None))


def chain_of(call: Call | None) -> list[str]:
    """Return the entity ids of the runs that wait for the next call, the first caller first."""
    chain = []
    while call is not None:
        chain.append(call.run.automation.entity_id)
        call = call.caller
    return chain[::-1]

"""What ends a block or a run before its last step, without being an error.

Signal
├── BlockEnd       a condition among the steps is not met: its block ends, the steps around it go on
├── RunStop        `stop`: the run ends as finished
├── RunAbort       `stop` with `error: true`, too many loops: the run ends as aborted
├── RunMissed      what the run waited for fell due while the daemon was off, and is too late now
└── RunCancelled   somebody stopped the run: a reload, `automation.turn_off`, `mode: restart`
"""

from __future__ import annotations

from typing import Any


class Signal(Exception):  # noqa: N818  # none of them is an error
    """Base of what ends a block or a run."""


class BlockEnd(Signal):
    """A condition among the steps is not met."""


class RunStop(Signal):
    """The run ends here."""

    def __init__(self, reason: str, result: Any = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.result = result


class RunAbort(Signal):
    """The run ends here, and counts as failed."""


class RunMissed(Signal):
    """What the run waited for fell due while the daemon was off, and is too late now: the text says how late."""


class RunCancelled(Signal):
    """Somebody stopped the run."""

"""Who waits for whom: scripts that call themselves in a circle are told, and none of them goes too deep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation import outcomes
from arvisd.core.errors import ActionFailedError

if TYPE_CHECKING:
    from arvisd.automation.durable.book import Caller
    from arvisd.automation.run import Run

DEEPEST = 64
"""Scripts that may wait for each other in one chain."""
AT_ONCE = 8
"""Scripts within scripts that begin on the spot; deeper ones begin in a task of their own, as Python's stack ends."""


def answer_of(run: Run) -> Any:
    """Return what a run gave back, `{}` for nothing; raise ActionFailedError where it failed.

    One that was stopped, or that a condition or `stop` ended, is no error of who called it, as in Home Assistant.
    """
    if run.outcome == outcomes.FAILED:
        raise ActionFailedError(f"{run.automation.entity_id} failed: {run.trace.reason}")
    return {} if run.result is None else run.result


def chain_of(caller: Caller | None) -> list[str]:
    """Return the entity ids of the scripts that wait for what this step calls, the first caller first."""
    chain: list[str] = []
    run: Run | None = None if caller is None else caller.run
    while run is not None:
        if run.automation.entity_id.startswith("script."):
            chain.append(run.automation.entity_id)
        run = None if run.called_by is None else run.called_by.run
    return chain[::-1]

"""Whose a run is: all that runs want of an automation or a script."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from arvisd.automation.attachment import Surroundings
    from arvisd.automation.durable.book import RunBook
    from arvisd.automation.lateness import MissedRule
    from arvisd.automation.run import Run
    from arvisd.automation.runner import Runner


class RunOwner(Protocol):
    """An automation, or a script: whoever begins runs."""

    label: str
    """What people call it, for messages."""
    runner: Runner

    @property
    def id(self) -> str:
        """Its id, by which it is told over edits."""

    @property
    def entity_id(self) -> str:
        """Id of its entity."""

    @property
    def takes_up(self) -> bool:
        """Whether runs of it go on after a restart: not those of an automation that is switched off."""

    @property
    def fingerprint(self) -> str:
        """Digest of its document: a run goes on only in the one that it was begun in."""

    @property
    def missed(self) -> MissedRule | None:
        """What becomes of a wait that was over while the daemon was off."""

    @property
    def book(self) -> RunBook:
        """Where its runs are written down."""

    @property
    def surroundings(self) -> Surroundings:
        """What its waits may listen to."""

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a coroutine in the background."""

    def ended(self, run: Run) -> None:
        """Take notice that a run has ended."""

"""One automation as the engine holds it: valid or not, on or off, in the version that runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from arvisd.automation.automation import Automation
from arvisd.automation.parts import attributes_of
from arvisd.automation.schema import Document
from arvisd.config.problems import Problem
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.states import UNAVAILABLE


class AutomationInfo(msgspec.Struct, frozen=True):
    """What `arvisd automation list` shows of one."""

    id: str
    entity_id: str
    alias: str
    state: str
    """`on`, `off` or `unavailable`."""
    mode: str
    current: int
    """Runs that go on or queue."""
    runs: int
    """How often it has run since it was first seen."""
    last_triggered: datetime | None
    next_due: datetime | None
    """When its next clock trigger is due."""
    file: str
    line: int
    error: str
    """What is wrong with it; empty: nothing. Its last good version may go on running."""


class Entry:
    """The first-class object of an automation, an invalid one too."""

    __slots__ = ("automation", "entity_id", "error", "id", "on", "problems", "source")

    def __init__(self, source: Document, id_: str, entity_id: str) -> None:
        self.source = source
        """The document as it was last read."""
        self.id = id_
        self.entity_id = entity_id
        self.automation: Automation | None = None
        """What runs: of the document, or of its last good version; None: nothing."""
        self.on = True
        """Whether the user has it switched on."""
        self.error = ""
        self.problems: list[Problem] = []

    @property
    def state(self) -> str:
        """Value of its entity."""
        if self.error or self.automation is None:
            return UNAVAILABLE
        if not self.source.triggered:
            return self.automation.value
        return "on" if self.on else "off"

    def show(self, hub: Hub, context: Context | None = None) -> None:
        """Write its state; `context` is of who switched it."""
        attributes: dict[str, Any]
        if self.automation is not None:
            attributes = attributes_of(self.automation)
        else:
            attributes = {"id": self.id, "friendly_name": self.source.label}
        if self.error:
            attributes["error"] = self.error
            attributes["last_good_version_runs"] = self.automation is not None and self.automation.attached
        hub.states.set(self.entity_id, self.state, attributes, context)

    def switch(self, *, on: bool) -> None:
        """Let its triggers listen, or not."""
        self.on = on
        if self.automation is not None:
            if on:
                self.automation.attach()
            else:
                self.automation.detach()

    def info(self, next_due: datetime | None) -> AutomationInfo:
        """Return what a list shows."""
        mark = self.source.mark
        running = self.automation
        return AutomationInfo(
            id=self.id,
            entity_id=self.entity_id,
            alias=self.source.label,
            state=self.state,
            mode="" if running is None else running.definition.document.mode,
            current=0 if running is None else running.runner.current,
            runs=0 if running is None else running.history.count,
            last_triggered=None if running is None else running.history.last_triggered,
            next_due=next_due,
            file=mark.file,
            line=mark.line,
            error=self.error,
        )

"""What every automation of one engine shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from arvisd.automation.alive import Alive
from arvisd.automation.attachment import Sentences, Surroundings
from arvisd.automation.durable.book import RunBook
from arvisd.automation.durable.revival import Revival
from arvisd.automation.durable.values import This
from arvisd.automation.dwells import Dwells
from arvisd.automation.schedule import Schedule
from arvisd.automation.traces.store import TraceStore
from arvisd.automation.turnstile import Turnstile
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.storage.database import Database

if TYPE_CHECKING:
    from arvisd.automation.automation import Automation
    from arvisd.automation.run import Run


class OwnState(This):
    """`this` in templates: the automation's own state, as it is when it is read."""

    __slots__ = ("_automation",)

    def __init__(self, automation: Automation) -> None:
        self._automation = automation

    @property
    def entity_id(self) -> str:
        """Id of the automation's entity."""
        return self._automation.entity_id

    @property
    def object_id(self) -> str:
        """Second half of the id."""
        return self._automation.entity_id.partition(".")[2]

    @property
    def domain(self) -> str:
        """`automation` or `script`."""
        return self._automation.definition.source.domain

    @property
    def name(self) -> str:
        """What people call it."""
        return self._automation.label

    @property
    def state(self) -> str:
        """`on` or `off`."""
        return self._automation.value

    @property
    def attributes(self) -> dict[str, Any]:
        """The entity's attributes."""
        return attributes_of(self._automation)


def attributes_of(automation: Automation) -> dict[str, Any]:
    """Return the attributes of an automation's entity."""
    document = automation.definition.document
    last = automation.history.last_triggered
    known: dict[str, Any] = {
        **({"id": automation.id} if automation.definition.source.triggered else {}),
        "friendly_name": automation.label,
        "last_triggered": None if last is None else last.isoformat(),
        "mode": document.mode,
        "current": automation.runner.current,
    }
    if document.mode in ("queued", "parallel"):
        known["max"] = document.max
    if (icon := getattr(document, "icon", None)) is not None:
        known["icon"] = icon
    return known


class Parts:
    """Hub, clockwork, owner and the one place that is told what happens."""

    def __init__(
        self,
        hub: Hub,
        owner: Owner,
        sentences: Sentences | None,
        changed: Callable[[Automation], None],
        started: Callable[[Automation, Run], None],
        database: Database | None = None,
    ) -> None:
        self.hub = hub
        self.owner = owner
        """Its stop cancels the runs that wait."""
        database = database or Database(None).open()
        self.schedule = Schedule(hub.clock, Alive(database, hub.clock))
        self.dwells = Dwells(database)
        self.surroundings = Surroundings(hub, self.schedule, sentences, self.dwells)
        self.traces = TraceStore(database, hub.clock, owner.spawn)
        """Where traces, switches and counts outlive a restart."""
        self.book = RunBook(database, hub)
        """Where runs that wait outlive a restart."""
        self.book.at_work_until = self.schedule.since
        self.revival = Revival(hub, self.book)
        self.turnstile = Turnstile()
        self.changed = changed
        """Told of every change that people may want to see."""
        self.started = started
        """Told of every run that begins."""

    def own_state(self, automation: Automation) -> OwnState:
        """Return what templates see as `this`."""
        return OwnState(automation)

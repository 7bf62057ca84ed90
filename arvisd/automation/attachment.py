"""What a trigger is handed when it begins to listen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from arvisd.automation.dwells import Drawer, Dwells
from arvisd.automation.lateness import Following, Late, MissedRule
from arvisd.automation.schedule import Schedule
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner

if TYPE_CHECKING:
    from arvisd.automation.history import Reason
    from arvisd.automation.run import Run

STARTED_TOPIC = "$arvisd/started"
"""Published within the process when every part of the daemon runs."""
STOPPING_TOPIC = "$arvisd/stopping"
"""Published within the process when the daemon begins to stop."""


class SentenceMatch(Protocol):
    """A sentence that somebody said and a trigger waits for."""

    @property
    def sentence(self) -> str:
        """What was said."""

    @property
    def slots(self) -> dict[str, Any]:
        """What the sentence's lists and wildcards stood for."""

    @property
    def language(self) -> str:
        """Code of the language it was said in: `en`, `ru`."""

    @property
    def site(self) -> str:
        """Where it was said."""

    @property
    def session(self) -> str:
        """Its conversation."""

    @property
    def context(self) -> Context:
        """The turn that it is."""


class Sentences(Protocol):
    """The part that knows which sentences triggers wait for."""

    def register(
        self,
        sentences: list[str],
        handler: Callable[[Any], Awaitable[str | None]],
        owner: Owner,
        language: str | None = None,
    ) -> object:
        """Call the handler when one of the sentences is said; what it returns is the reply."""


class WebhookCall(msgspec.Struct, frozen=True):
    """A request to a webhook."""

    webhook_id: str
    method: str
    """`POST`, `PUT`, `GET` or `HEAD`."""
    query: dict[str, str]
    """What stands behind the `?`."""
    content: dict[str, Any]
    """What the request holds: `json`, or `data` of a form, or `body`, a text; empty: nothing."""


class Webhooks(Protocol):
    """The part that knows which webhooks triggers wait for."""

    def register(
        self,
        webhook_id: str,
        handler: Callable[[WebhookCall], object],
        refused: Callable[[WebhookCall, str], object],
        owner: Owner,
        *,
        methods: Collection[str],
        local_only: bool,
    ) -> None:
        """Call the handler for each request to it, or `refused` with the reason, until the owner stops."""


class Surroundings:
    """All that triggers may listen to."""

    __slots__ = ("dwells", "hub", "schedule", "sentences", "webhooks")

    def __init__(self, hub: Hub, schedule: Schedule, sentences: Sentences | None, dwells: Dwells | None = None) -> None:
        self.hub = hub
        self.schedule = schedule
        self.sentences = sentences
        self.dwells = dwells
        self.webhooks: Webhooks | None = None
        """Set by the daemon; None: no webhook is heard."""


class Lasting:
    """What lets the triggers of an automation outlive a restart."""

    __slots__ = ("automation", "drawers", "missed", "since")

    def __init__(self, automation: str, missed: MissedRule | None) -> None:
        self.automation = automation
        """Its id."""
        self.missed = missed
        """What becomes of what fell due while the daemon was off."""
        self.drawers: set[str] = set()
        """Names under which its triggers keep what they wait for."""
        self.since: datetime | None = None
        """For the triggers of a wait: until when they had seen to their times."""


Fire = Callable[[dict[str, Any], Context | None], "Run | None"]


class Attachment:
    """One trigger's way to its automation."""

    __slots__ = (
        "_dwells",
        "_lasting",
        "_node",
        "fire",
        "hub",
        "label",
        "missed",
        "owner",
        "schedule",
        "sentences",
        "since",
        "skip",
        "variables",
        "webhooks",
    )

    def __init__(
        self,
        surroundings: Surroundings,
        owner: Owner,
        fire: Fire,
        variables: Any,
        label: str,
        skip: Callable[[dict[str, Any], Reason], None] | None = None,
        lasting: Lasting | None = None,
        node: Any = None,
    ) -> None:
        self.hub = surroundings.hub
        self.schedule = surroundings.schedule
        self.sentences = surroundings.sentences
        self.webhooks = surroundings.webhooks
        self.owner = owner
        """What it stops with."""
        self.fire = fire
        """Called with what templates see as `trigger`, and the context of what happened; returns the run."""
        self.variables = variables
        """For templates that the trigger renders itself."""
        self.label = label
        """The automation, for messages."""
        self.skip = skip or (lambda data, reason: None)
        """Called when something came that the trigger then refused, with the reason or what gives it; seen in the traces."""
        self.missed = lasting.missed if lasting is not None else None
        """What becomes of what fell due while the daemon was off; None: it runs where it is less than five minutes late."""
        self.since = (lasting.since or self.schedule.since) if lasting is not None else None
        """While the daemon starts: until when it was at work before; what was due since then was missed."""
        self._dwells = surroundings.dwells
        self._lasting = lasting
        self._node = node

    def drawer(self) -> Drawer | None:
        """Return where a `for:` outlives a restart; None: the trigger does not, as in `wait_for_trigger`."""
        if self._dwells is None or self._lasting is None or self._lasting.since is not None:
            return None
        drawer = self._dwells.drawer(self._lasting.automation, self._node)
        self._lasting.drawers.add(drawer.trigger)
        return drawer

    def ring(
        self,
        following: Following,
        data: Callable[[datetime], dict[str, Any]],
        owner: Owner | None = None,
        since: datetime | None = None,
    ) -> None:
        """Fire at each time that `following` gives, and see to the latest that was missed.

        Args:
            following: gives the next due time after a time.
            data: gives what templates see as `trigger`.
            owner: what it ends with; None: the trigger's own.
            since: until when the trigger's times were seen to; None: until now.
        """
        self.schedule.add(
            following,
            lambda due: self.fire(data(due), None),
            owner or self.owner,
            self.label,
            late=Late(self.missed, lambda due, reason: self.skip(data(due), reason)),
            since=since,
        )

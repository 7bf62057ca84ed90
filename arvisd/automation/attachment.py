"""What a trigger is handed when it begins to listen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

from arvisd.automation.schedule import Schedule
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner

if TYPE_CHECKING:
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


class Surroundings:
    """All that triggers may listen to."""

    __slots__ = ("hub", "schedule", "sentences")

    def __init__(self, hub: Hub, schedule: Schedule, sentences: Sentences | None) -> None:
        self.hub = hub
        self.schedule = schedule
        self.sentences = sentences


Fire = Callable[[dict[str, Any], Context | None], "Run | None"]


class Attachment:
    """One trigger's way to its automation."""

    __slots__ = ("fire", "hub", "label", "owner", "schedule", "sentences", "skip", "variables")

    def __init__(
        self,
        surroundings: Surroundings,
        owner: Owner,
        fire: Fire,
        variables: Any,
        label: str,
        skip: Callable[[dict[str, Any], str], None] | None = None,
    ) -> None:
        self.hub = surroundings.hub
        self.schedule = surroundings.schedule
        self.sentences = surroundings.sentences
        self.owner = owner
        """What it stops with."""
        self.fire = fire
        """Called with what templates see as `trigger`, and the context of what happened; returns the run."""
        self.variables = variables
        """For templates that the trigger renders itself."""
        self.label = label
        """The automation, for messages."""
        self.skip = skip or (lambda data, reason: None)
        """Called when something came that the trigger then refused, with the reason; seen in the traces."""

"""What a handler of an intent is given and gives back, and the registry of handlers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from arvisd.core.owner import Owner
from arvisd.intent.answer import Utterance
from arvisd.intent.recognition import Recognition


class Command(msgspec.Struct, frozen=True):
    """What was asked for."""

    recognition: Recognition
    utterance: Utterance
    language: str


class Done(msgspec.Struct, frozen=True):
    """It was done."""

    response: str
    """Key among the intent's answers; where there is none of that key, `default`."""
    variables: dict[str, Any] = msgspec.field(default_factory=dict)
    """What the answer's template sees."""
    actions: list[str] = msgspec.field(default_factory=list)
    """Names of the actions that were done."""


class Refusal(Exception):  # noqa: N818  it is an outcome that is spoken, not a fault
    """It was understood and not done; the answer says why."""

    def __init__(
        self,
        phrase: str,
        variables: dict[str, Any] | None = None,
        *,
        missing: str = "",
        options: tuple[str, ...] = (),
        actions: list[str] | None = None,
        confirm: bool = False,
    ) -> None:
        super().__init__(phrase)
        self.phrase = phrase
        """Key among the phrases of the language."""
        self.variables = variables or {}
        self.missing = missing
        """Slot that is asked back for; empty: nothing is."""
        self.options = options
        """Values among which the slot's may be; empty: any."""
        self.confirm = confirm
        """The phrase asks whether it is really to be done."""
        self.actions = actions or []
        """Actions that were tried."""


Handler = Callable[[Command], Awaitable[Done]]
"""Does what an intent asks for; raises Refusal where it cannot."""


class IntentHandlers:
    """Who does what for which intent."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}

    def register(self, intent: str, handler: Handler, owner: Owner) -> None:
        """Do an intent until the owner stops; the newest handler of an intent is the one that is asked."""
        before = self._handlers.get(intent)
        self._handlers[intent] = handler

        def withdraw() -> None:
            if self._handlers.get(intent) is handler:
                if before is not None:
                    self._handlers[intent] = before
                else:
                    del self._handlers[intent]

        owner.on_stop(withdraw)

    def get(self, intent: str) -> Handler | None:
        """Return the handler of an intent, None where nobody does it."""
        return self._handlers.get(intent)

    def names(self) -> list[str]:
        """Return the intents that somebody does."""
        return list(self._handlers)

    def __contains__(self, intent: object) -> bool:
        return intent in self._handlers

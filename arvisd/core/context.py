"""The thread that answers "why did this happen": who and what caused a message."""

from __future__ import annotations

import msgspec

from arvisd.core.ids import new_id


class Context(msgspec.Struct, frozen=True, omit_defaults=True):
    """What caused an event, an action or a state."""

    id: str = msgspec.field(default_factory=new_id)
    """Unique id of this cause."""
    parent_id: str | None = None
    """Id of the context that led to this one; None where a person or the outside began it."""
    user: str | None = None
    """Who asked, where that is known."""
    source: str | None = None
    """Topic of the message from outside that it came with, where nobody in the daemon caused it."""

    def child(self) -> Context:
        """Return a new context caused by this one, for the same user."""
        return Context(parent_id=self.id, user=self.user)

"""Which webhooks are waited for, and by whom."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection

import msgspec

from arvisd.automation.attachment import WebhookCall
from arvisd.core.owner import Owner

_LOGGER = logging.getLogger(__name__)

Handler = Callable[[WebhookCall], object]
Refused = Callable[[WebhookCall, str], object]


class Waiting(msgspec.Struct, frozen=True):
    """One who waits for a webhook."""

    handler: Handler
    refused: Refused
    """Told, with the reason, of a call that it does not want."""
    methods: frozenset[str]
    local_only: bool


class Webhooks:
    """The webhooks of one daemon, by id; several may wait for the same."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Waiting]] = {}
        self.on_change: Callable[[], object] = lambda: None
        """Called when the first one comes or the last one goes."""

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def register(
        self,
        webhook_id: str,
        handler: Handler,
        refused: Refused,
        owner: Owner,
        *,
        methods: Collection[str],
        local_only: bool,
    ) -> None:
        """Call the handler for each request to `/api/webhook/<id>`, until the owner stops."""
        entry = Waiting(handler, refused, frozenset(methods), local_only)
        self._waiting.setdefault(webhook_id, []).append(entry)
        owner.on_stop(lambda: self._forget(webhook_id, entry))
        self.on_change()

    def known(self, webhook_id: str) -> bool:
        """Tell whether anybody waits for that id."""
        return webhook_id in self._waiting

    def methods(self, webhook_id: str, outsider: str) -> frozenset[str]:
        """Return the methods that somebody takes; none where nobody waits for that id, or nobody from outside."""
        entries = self._waiting.get(webhook_id, ())
        return frozenset().union(*(entry.methods for entry in entries if not (outsider and entry.local_only)))

    def deliver(self, call: WebhookCall, outsider: str) -> None:
        """Hand a call to all who wait for it, or tell them why not; one that fails costs the others nothing.

        Args:
            call: what was asked.
            outsider: the address outside of the house that it came from; empty: it came from within.
        """
        for entry in list(self._waiting.get(call.webhook_id, ())):
            try:
                if outsider and entry.local_only:
                    entry.refused(call, f"it came from {outsider}: 'local_only: false' lets everybody call it")
                elif call.method not in entry.methods:
                    entry.refused(call, f"the method was {call.method}: 'allowed_methods' says which are taken")
                else:
                    entry.handler(call)
            except Exception:  # whoever waits may be anybody's: a faulty one must not cost the others the call
                _LOGGER.exception("who waits for the webhook %s… failed", call.webhook_id[:4])

    def _forget(self, webhook_id: str, entry: Waiting) -> None:
        entries = self._waiting.get(webhook_id, [])
        entries[:] = [one for one in entries if one is not entry]
        if not entries:
            self._waiting.pop(webhook_id, None)
        self.on_change()

"""The webhooks of a stage: no port is open, a test calls them."""

from __future__ import annotations

from collections.abc import Callable, Collection

from arvisd.automation.attachment import WebhookCall
from arvisd.core.owner import Owner

Heard = Callable[[WebhookCall], object]
Refused = Callable[[WebhookCall, str], object]


class StageWebhooks:
    """Who waits for which webhook."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[Heard, Refused, frozenset[str]]]] = {}

    def register(
        self,
        webhook_id: str,
        handler: Heard,
        refused: Refused,
        owner: Owner,
        *,
        methods: Collection[str],
        local_only: bool,
    ) -> None:
        """Call one of the two for each request until the owner stops; a test always calls from within the house."""
        entry = (handler, refused, frozenset(methods))
        self._waiting.setdefault(webhook_id, []).append(entry)
        owner.on_stop(lambda: self._waiting[webhook_id].remove(entry))

    def call(self, call: WebhookCall) -> None:
        """Send a request."""
        for handler, refused, methods in list(self._waiting.get(call.webhook_id, ())):
            if call.method in methods:
                handler(call)
            else:
                refused(call, f"the method was {call.method}")

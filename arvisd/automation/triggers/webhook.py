"""Trigger `webhook`: somebody calls `/api/webhook/<id>` over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from arvisd.automation.attachment import WebhookCall
from arvisd.automation.registry import TriggerOptions, TriggerType
from arvisd.automation.triggers.intent import listed

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part

METHODS = ("GET", "HEAD", "POST", "PUT")
DEFAULT_METHODS = ("POST", "PUT")


class WebhookOptions(TriggerOptions, frozen=True, kw_only=True):
    """Somebody calls `/api/webhook/<id>` over HTTP."""

    webhook_id: str
    """The last part of the address: whoever knows it may call, so let nobody guess it. A template is rendered once."""
    allowed_methods: str | list[str] = msgspec.field(default_factory=lambda: list(DEFAULT_METHODS))
    """Of GET, HEAD, POST and PUT."""
    local_only: bool = True
    """Only from the house's own networks."""


class WebhookTrigger:
    """Waits for one webhook."""

    __slots__ = ("_id", "_local_only", "_methods")

    def __init__(self, webhook_id: str, methods: list[str], *, local_only: bool) -> None:
        self._id = webhook_id
        self._methods = methods
        self._local_only = local_only

    def attach(self, to: Attachment) -> None:
        """Register with the part that listens for HTTP."""
        if to.webhooks is None:
            return
        to.webhooks.register(
            self._id,
            lambda call: to.fire(_data(call), None),
            lambda call, reason: to.skip(_data(call), reason),
            to.owner,
            methods=self._methods,
            local_only=self._local_only,
        )


def _data(call: WebhookCall) -> dict[str, object]:
    return {
        "webhook_id": call.webhook_id,
        "method": call.method,
        "query": call.query,
        **call.content,
        "description": "webhook",
    }


def build(options: WebhookOptions, part: Part) -> WebhookTrigger:
    """Check the id and the methods."""
    webhook_id = str(part.limited("webhook_id")).strip()
    if not webhook_id or "/" in webhook_id:
        raise part.invalid(
            "webhook_id", f"{webhook_id!r} cannot be the id of a webhook: write letters, digits, '-', '_'"
        )
    methods = [method.upper() for method in listed(options.allowed_methods)]
    for method in methods:
        if method not in METHODS:
            raise part.invalid("allowed_methods", f"{method!r} is not one of {', '.join(METHODS)}")
    if not methods:
        raise part.invalid("allowed_methods", "'allowed_methods' names none")
    return WebhookTrigger(webhook_id, methods, local_only=options.local_only)


TYPE = TriggerType("webhook", WebhookOptions, build)

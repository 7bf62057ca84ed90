"""What one trigger or condition was asked for: its options, made ready to compare states with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation.domains.threshold import Threshold

if TYPE_CHECKING:
    from arvisd.core.hub import Hub


class Asked:
    """Options of one trigger or condition."""

    __slots__ = ("chosen", "hub", "threshold")

    def __init__(self, hub: Hub, chosen: tuple[Any, ...], threshold: Threshold | None) -> None:
        self.hub = hub
        self.chosen = chosen
        """What its one list names: modes, event types, a zone."""
        self.threshold = threshold

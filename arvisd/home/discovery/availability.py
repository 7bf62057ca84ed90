"""Whether a device is there, by what its topics of availability say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from arvisd.home.discovery.config import AvailabilityEntry

if TYPE_CHECKING:
    from arvisd.home.discovery.component import MqttComponent


class Availability:
    """Follows the topics; `available` is the answer by the mode: `latest`, `all` or `any`."""

    __slots__ = ("_changed", "_latest", "_mode", "_said")

    def __init__(self, mode: str, changed: Callable[[], object]) -> None:
        self._mode = mode
        self._changed = changed
        self._said: list[bool | None] = []
        """By topic, None while it has said nothing."""
        self._latest: bool | None = None

    def listen(self, component: MqttComponent, entries: list[AvailabilityEntry]) -> None:
        """Begin to follow the topics."""
        if len(self._said) != len(entries):
            self._said = [None] * len(entries)
        for index, entry in enumerate(entries):
            template = None
            if entry.value_template is not None:
                template = component.compiled(entry.value_template, "availability value_template")
            component.on(entry.topic, template, lambda text, index=index, entry=entry: self._heard(index, entry, text))  # type: ignore[misc]

    def adopt(self, before: Availability) -> None:
        """Go on from what was known."""
        self._said = list(before._said)
        self._latest = before._latest

    @property
    def available(self) -> bool:
        """Tell whether the device is there; one that never says so is."""
        if not self._said:
            return True
        if self._mode == "all":
            return all(said is True for said in self._said)
        if self._mode == "any":
            return any(said is True for said in self._said)
        return self._latest is True

    @property
    def said(self) -> bool:
        """Tell whether the device says now that it is there; one that never says so does not."""
        return bool(self._said) and self.available

    @property
    def gone(self) -> bool:
        """Tell whether the device says now that it is not there."""
        return not self.available and False in self._said

    def _heard(self, index: int, entry: AvailabilityEntry, text: str) -> None:
        if text == entry.payload_available:
            said = True
        elif text == entry.payload_not_available:
            said = False
        else:
            return
        before = self.available
        self._said[index] = self._latest = said
        if self.available != before:
            self._changed()

"""Trigger `mode_changed`: the daemon works in another mode now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from arvisd.automation.registry import TriggerOptions, TriggerType
from arvisd.automation.triggers.intent import listed
from arvisd.core.bus import Message
from arvisd.core.events import Info

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part

Mode = Literal["standalone", "hybrid", "cloud"]


class ModeOptions(TriggerOptions, frozen=True, kw_only=True):
    """The daemon works in another mode now."""

    from_: Mode | list[Mode] | None = msgspec.field(default=None, name="from")
    to: Mode | list[Mode] | None = None


class ModeTrigger:
    """Listens to `arvis/info`."""

    __slots__ = ("_from", "_to")

    def __init__(self, before: list[str], after: list[str]) -> None:
        self._from = before
        self._to = after

    def attach(self, to: Attachment) -> None:
        """Subscribe."""
        to.hub.bus.subscribe(to.hub.topics.info, lambda message: self._changed(message, to), to.owner)

    def _changed(self, message: Message, to: Attachment) -> None:
        before, after = message.previous, message.payload
        if not isinstance(before, Info) or not isinstance(after, Info) or before.mode == after.mode:
            return
        data = {"from_mode": before.mode, "to_mode": after.mode, "description": f"mode {after.mode}"}
        if self._from and before.mode not in self._from:
            to.skip(data, f"it was {before.mode}")
        elif self._to and after.mode not in self._to:
            to.skip(data, f"it became {after.mode}")
        else:
            to.fire(data, after.context)


def build(options: ModeOptions, part: Part) -> ModeTrigger:
    """Nothing can be wrong here."""
    before: list[str] = listed(options.from_)  # type: ignore[arg-type]  # literals are text
    after: list[str] = listed(options.to)  # type: ignore[arg-type]
    return ModeTrigger(before, after)


TYPE = TriggerType("mode_changed", ModeOptions, build)

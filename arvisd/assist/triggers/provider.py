"""Trigger `provider`: a provider of speech or language fails, or does its work again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from arvisd.automation.registry import TriggerOptions, TriggerType
from arvisd.automation.triggers.intent import listed
from arvisd.core.bus import Message
from arvisd.core.events import Info, ProviderHealth

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part

Health = Literal["up", "down"]


class ProviderOptions(TriggerOptions, frozen=True, kw_only=True):
    """A provider of speech or language fails, or does its work again."""

    capability: str | list[str] | None = None
    """`stt`, `tts`, `wake`, `vad`; none: any."""
    name: str | list[str] | None = None
    """`piper`, `vosk`; none: any."""
    from_: Health | None = msgspec.field(default=None, name="from")
    to: Health | None = None


class ProviderTrigger:
    """Listens to `arvis/info`, which tells of the health of each within a moment of its change."""

    __slots__ = ("_capabilities", "_from", "_names", "_to")

    def __init__(self, capabilities: list[str], names: list[str], before: str | None, after: str | None) -> None:
        self._capabilities = capabilities
        self._names = names
        self._from = before
        self._to = after

    def attach(self, to: Attachment) -> None:
        """Subscribe."""
        to.hub.bus.subscribe(to.hub.topics.info, lambda message: self._changed(message, to), to.owner)

    def _changed(self, message: Message, to: Attachment) -> None:
        """Compare with what was told before; one that is new or gone has not changed."""
        before, after = message.previous, message.payload
        if not isinstance(before, Info) or not isinstance(after, Info):
            return
        known = {(one.capability, one.name): one for one in before.providers}
        for now in after.providers:
            was = known.get((now.capability, now.name))
            if was is not None and was.ok != now.ok and self._is_wanted(now):
                self._tell(now, after, to)

    def _is_wanted(self, provider: ProviderHealth) -> bool:
        if self._capabilities and provider.capability not in self._capabilities:
            return False
        return not self._names or provider.name in self._names

    def _tell(self, now: ProviderHealth, info: Info, to: Attachment) -> None:
        before, after = ("down", "up") if now.ok else ("up", "down")
        data = {
            "capability": now.capability,
            "name": now.name,
            "from_health": before,
            "to_health": after,
            "detail": now.detail,
            "description": f"{now.capability} by {now.name} {after}",
        }
        if self._from not in (None, before) or self._to not in (None, after):
            to.skip(data, f"it went {after}")
        else:
            to.fire(data, info.context)


def build(options: ProviderOptions, part: Part) -> ProviderTrigger:
    """Check that what is asked for is a change."""
    if options.from_ is not None and options.from_ == options.to:
        raise part.invalid("to", f"from {options.to} to {options.to} is no change: leave one of them out")
    return ProviderTrigger(listed(options.capability), listed(options.name), options.from_, options.to)


TYPE = TriggerType("provider", ProviderOptions, build)

"""Trigger `intent`: something that was asked for, whoever recognised it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.registry import Reference, TriggerOptions, TriggerType
from arvisd.core.bus import Message
from arvisd.core.intents import Intent

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part


class IntentOptions(TriggerOptions, frozen=True, kw_only=True):
    """Something that was asked for."""

    intent: str | list[str]
    """Name of the intent, or several: `HassTurnOn`, `unrecognized`."""
    slots: dict[str, Any] = msgspec.field(default_factory=dict)
    """Fires only when each of these slots has that value, or one of a list of values."""
    site: str | list[str] | None = None
    """Fires only at that site, or one of these."""
    language: str | list[str] | None = None
    """Fires only in that language, or one of these."""


class IntentTrigger:
    """Listens to some intents."""

    __slots__ = ("_languages", "_names", "_sites", "_slots")

    def __init__(self, names: list[str], slots: dict[str, Any], sites: list[str], languages: list[str]) -> None:
        self._names = names
        self._slots = slots
        self._sites = sites
        self._languages = languages

    def attach(self, to: Attachment) -> None:
        """Subscribe to each intent's topic."""
        for name in self._names:
            to.hub.bus.subscribe(to.hub.topics.intent(name), functools.partial(self._heard, to, name), to.owner)

    def _heard(self, to: Attachment, name: str, message: Message) -> None:
        name = message.topic.rpartition("/")[2] if name == "+" else name
        intent = message.decode(Intent)
        slots = {key: slot.value for key, slot in intent.slots.items()}
        data = {
            "intent": name,
            "slots": slots,
            "texts": {key: slot.text for key, slot in intent.slots.items()},
            "text": intent.text,
            "sentence": intent.text,
            "confidence": intent.confidence,
            "language": intent.language,
            "site": intent.site,
            "session": intent.session,
            "speaker": intent.speaker,
            "by": intent.by,
            "description": f"intent {name}",
        }
        if (reason := self._refused(intent, data)) is not None:
            to.skip(data, reason)
            return
        to.fire(data, intent.context)

    def _refused(self, intent: Intent, data: dict[str, Any]) -> str | None:
        if self._sites and intent.site not in self._sites:
            return f"it was at the site {intent.site}"
        if self._languages and intent.language not in self._languages:
            return f"it was in the language {intent.language}"
        for key, wanted in self._slots.items():
            slot = intent.slots.get(key)
            if slot is None or not _matches(wanted, slot.value, slot.text):
                return f"the slot {key} was {data['slots'].get(key)!r}"
        return None


def _matches(wanted: Any, value: Any, text: str) -> bool:
    if isinstance(wanted, list):
        return any(_matches(one, value, text) for one in wanted)
    return wanted == value or str(wanted).casefold() in (str(value).casefold(), text.casefold())


def listed(value: str | list[str] | None) -> list[str]:
    """Return a list of one or more."""
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def build(options: IntentOptions, part: Part) -> IntentTrigger:
    """Check the names."""
    names = listed(options.intent)
    if not names:
        raise part.invalid("intent", "'intent' names none")
    for name in names:
        if not name or "/" in name or "#" in name or ("+" in name and name != "+"):
            raise part.invalid("intent", f"{name!r} cannot be the name of an intent")
    return IntentTrigger(names, part.limited("slots") or {}, listed(options.site), listed(options.language))


TYPE = TriggerType(
    "intent",
    IntentOptions,
    build,
    lambda options: tuple(Reference("intent", name, "intent") for name in listed(options.intent)),
)

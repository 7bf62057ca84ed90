"""Trigger `conversation`: a sentence that somebody says or types."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from arvisd.automation import outcomes
from arvisd.automation.registry import TriggerOptions, TriggerType
from arvisd.automation.triggers.intent import listed
from arvisd.core.errors import ActionFailedError

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part

PATIENCE = 10.0
"""Seconds that the speaker waits for the reply of a run; what it says later is not heard."""


class ConversationOptions(TriggerOptions, frozen=True, kw_only=True):
    """A sentence that somebody says or types."""

    command: str | list[str]
    """Sentence or list of them: `[please] (open|raise) the {what}`."""
    language: str | None = None
    """Only in this language; else in any."""


class ConversationTrigger:
    """Waits for some sentences."""

    __slots__ = ("_language", "_sentences")

    def __init__(self, sentences: list[str], language: str | None) -> None:
        self._sentences = sentences
        self._language = language

    def attach(self, to: Attachment) -> None:
        """Register the sentences; the run's `set_conversation_response` is the reply."""
        if to.sentences is None:
            return

        async def said(match: Any) -> str | None:
            run = to.fire(
                {
                    "sentence": match.sentence,
                    "slots": match.slots,
                    "details": {
                        name: {"name": name, "text": str(value), "value": value} for name, value in match.slots.items()
                    },
                    "language": match.language,
                    "site": match.site,
                    "session": match.session,
                    "device_id": None,
                    "description": f"sentence {match.sentence!r}",
                },
                match.context,
            )
            if run is None:
                return None
            if run.running:
                with contextlib.suppress(TimeoutError):
                    await to.hub.clock.wait_for(run.wait(), PATIENCE)
            if run.response is None and run.outcome == outcomes.FAILED:
                raise ActionFailedError(run.trace.reason)
            return run.response

        to.sentences.register(self._sentences, said, to.owner, self._language)


def build(options: ConversationOptions, part: Part) -> ConversationTrigger:
    """Check the sentences."""
    sentences = listed(options.command)
    if not sentences or not all(sentence.strip() for sentence in sentences):
        raise part.invalid("command", "'command' needs a sentence")
    from arvisd.intent.sentence_triggers import check  # hassil takes 0.1 s to import: only for those who use it

    for sentence in sentences:
        try:
            check(sentence)
        except ValueError as error:
            raise part.invalid("command", str(error)) from None
    return ConversationTrigger(sentences, options.language)


TYPE = TriggerType("conversation", ConversationOptions, build)

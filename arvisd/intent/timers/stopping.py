"""A single word stops what rings: "stop", «хватит»."""

from __future__ import annotations

from arvisd.intent.answer import Answer, Answerer, Utterance
from arvisd.intent.normalization import normalize
from arvisd.intent.sentence_triggers import Phrase
from arvisd.intent.timers.timers import VoiceTimers

WORDS = {
    "en": frozenset(
        {"stop", "stop it", "ok", "okay", "enough", "quiet", "be quiet", "silence", "shut up", "thanks", "thank you"}
        | {"got it", "all right", "alright", "turn it off", "turn off", "stop the timer", "stop timer", "cancel"}
        | {"turn off the timer", "stop ringing", "stop the alarm", "dismiss", "i heard you", "that's enough"}
    ),
    "ru": frozenset(
        {"стоп", "хватит", "спасибо", "хорошо", "ладно", "тихо", "тише", "замолчи", "отключи", "выключи", "отмена"}
        | {"выключи таймер", "останови таймер", "отключи таймер", "понял", "поняла", "ок", "окей", "остановись"}
        | {"выключи его", "отбой", "достаточно", "слышу", "молчи", "перестань", "прекрати"}
    ),
}


class RingStopper(Answerer):
    """Comes before all that understands sentences, as long as something rings."""

    name = "timers"

    def __init__(self, timers: VoiceTimers, phrase: Phrase) -> None:
        self._timers = timers
        self._phrase = phrase

    async def answer(self, utterance: Utterance) -> Answer | None:
        """Stop what rings here, else what rings elsewhere."""
        if not self._stops(utterance):
            return None
        if not self._timers.silence(utterance.site):
            self._timers.silence()
        reply = await self._phrase(utterance.language, "ring_stopped")
        return Answer(reply, self.name, utterance.language, confidence=utterance.confidence)

    async def complete(self, utterance: Utterance) -> bool:
        """Tell whether this would stop something."""
        return self._stops(utterance)

    def _stops(self, utterance: Utterance) -> bool:
        if not self._timers.ringing():
            return False
        return normalize(utterance.text, utterance.language) in WORDS.get(utterance.language, WORDS["en"])

"""One voice turn from a recording: no devices, no wake word needed, as fast as the machine can."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.assist.answers import Answers
from arvisd.assist.calling import without_call
from arvisd.assist.settings import AssistSettings
from arvisd.audio.endpoint import Endpointer
from arvisd.audio.formats import SAMPLE_BYTES, SAMPLE_RATE, Framer, samples_of
from arvisd.core.bus import Message
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.ids import new_id
from arvisd.core.intents import Intent
from arvisd.core.owner import Owner
from arvisd.intent.answer import Answer, Utterance
from arvisd.providers.chains import Chains
from arvisd.providers.stt_chain import Recognised
from arvisd.providers.utterance import UtteranceAudio
from arvisd.providers.vad import VadDetector

SITE = "file"
"""The site of such a turn."""
LEAD = 0.3
"""Seconds before the first voiced sample that recognition gets."""

PATIENCE = 2.0
"""Seconds that a recogniser gets for each second of the recording, beside its usual limit."""


class Outcome(msgspec.Struct, frozen=True):
    """What became of a recording; the machine-readable output of `arvisd listen` and `ask`."""

    text: str
    """Empty: nothing was understood."""
    intent: str | None
    slots: dict[str, Any]
    reply: str
    actions: list[str]
    stages_ms: dict[str, float]


class Segment(msgspec.Struct, frozen=True):
    """An utterance in a recording, in samples."""

    begin: int
    end: int
    """Where the end of the utterance was told."""
    last_voiced: int


async def listen(
    pcm: bytes, language: str, hub: Hub, chains: Chains, answers: Answers, settings: AssistSettings
) -> Outcome:
    """Do one voice turn from sound: 16 kHz mono s16le.

    The first utterance that holds more than the wake word is the turn's. Whether anybody speaks at all is
    told by the voice activity detector.

    Raises:
        ProviderError: no recogniser or no voice activity detector can work; the text holds the remedy.
    """
    clock = hub.clock
    vad = await chains.vad.ready()
    await chains.stt.ready(language)
    begun = clock.monotonic()
    segments = find_utterances(pcm, vad.detector(), settings)
    stages = {"endpoint": _ms(begun, clock.monotonic())}
    text = ""
    heard: Recognised | None = None
    for segment in segments:
        begun = clock.monotonic()
        heard = await _recognise(pcm, segment, language, chains, settings)
        stages["stt"] = _ms(begun, clock.monotonic())
        text = without_call(heard.hypothesis.text, settings.wake.names)
        if text:
            break
    if heard is None:
        return Outcome("", None, {}, "", [], stages)
    answer = await answer_text(text, language, hub, answers, stages, heard.hypothesis.confidence)
    return outcome(text, answer, stages)


async def answer_text(
    text: str, language: str, hub: Hub, answers: Answers, stages: dict[str, float], confidence: float = 1.0
) -> Answer:
    """Answer a text outside of any site, noting the stages `intent` and `answer` in milliseconds."""
    clock = hub.clock
    understood: list[float] = []

    def note(message: Message) -> None:
        if isinstance(message.payload, Intent) and message.payload.site == SITE:
            understood.append(clock.monotonic())

    owner = Owner("offline turn")
    hub.bus.subscribe(hub.topics.intent("+"), note, owner)
    begun = clock.monotonic()
    try:
        answer = await answers.answer(
            Utterance(new_id(), text, language, SITE, new_id(), Context(), confidence=confidence)
        )
    finally:
        owner.release()
    ended = clock.monotonic()
    middle = understood[0] if understood else ended
    stages["intent"], stages["answer"] = _ms(begun, middle), _ms(middle, ended)
    return answer


def outcome(text: str, answer: Answer, stages: dict[str, float]) -> Outcome:
    """Return what is shown of an answer."""
    slots = {name: slot.value for name, slot in answer.slots.items()}
    return Outcome(text, answer.intent, slots, answer.reply, answer.actions, stages)


def find_utterances(pcm: bytes, detector: VadDetector, settings: AssistSettings) -> list[Segment]:
    """Return the utterances of a recording; the last may go on to its end."""
    endpointer = Endpointer(msgspec.structs.replace(settings.endpoint, no_speech_timeout=120.0))
    detector.reset()
    segments: list[Segment] = []
    offset = 0
    lead = samples_of(LEAD)

    def found(end: int) -> None:
        first, last = endpointer.first_voiced_sample, endpointer.last_voiced_sample
        if first is not None and last is not None:
            before = segments[-1].end if segments else 0
            segments.append(Segment(max(before, offset + first - lead), end, offset + last))

    framer = Framer(detector.frame_samples * SAMPLE_BYTES)
    for frame in (*framer.cut(pcm), *([rest] if (rest := framer.flush()) else [])):
        event = endpointer.feed(detector.process(frame), detector.frame_samples)
        if event is not None and event.final:
            found(offset + endpointer.position)
            offset += endpointer.position
            endpointer.reset()
    if endpointer.speaking:
        found(len(pcm) // SAMPLE_BYTES)
    return segments


async def _recognise(
    pcm: bytes, segment: Segment, language: str, chains: Chains, settings: AssistSettings
) -> Recognised:
    audio = UtteranceAudio()
    sound = pcm[segment.begin * SAMPLE_BYTES : segment.end * SAMPLE_BYTES]
    step = SAMPLE_RATE // 10 * SAMPLE_BYTES
    for at in range(0, len(sound), step):
        audio.append(sound[at : at + step])
    audio.finish()
    usual = settings.chains()
    # the recogniser gets at once what it has seconds for otherwise
    longer = len(sound) / SAMPLE_BYTES / SAMPLE_RATE * PATIENCE
    chains.use(msgspec.structs.replace(usual, first_result=usual.first_result + longer, budget=usual.budget + longer))
    try:
        return await chains.stt.transcribe(audio, language)
    finally:
        chains.use(usual)


def _ms(begin: float, end: float) -> float:
    return round((end - begin) * 1000, 1)

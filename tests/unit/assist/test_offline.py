"""Voice turns from recordings."""

from __future__ import annotations

import asyncio

import pytest

from arvisd.assist.offline import find_utterances, listen
from arvisd.assist.settings import AssistSettings
from arvisd.core.errors import ProviderError
from arvisd.core.owner import Owner
from arvisd.providers.chains import Chains
from arvisd.providers.registry import ProviderRegistry
from tests.simulators.providers import FakeAnswers, FakeStt, FakeVad, FakeVadDetector
from tests.simulators.sounds import silence, speech, wake_word


async def heard(hub, clock, pcm, *providers):
    registry, owner = ProviderRegistry(), Owner("test")
    for provider in providers or (FakeVad(), FakeStt(clock=clock, delay=0.2)):
        registry.register(provider, owner)
    answers = FakeAnswers(clock, {"turn on the light": "The light is on."})
    async with Owner("chains") as running:
        chains = Chains(registry, clock, running)
        work = asyncio.create_task(listen(pcm, "en", hub, chains, answers, AssistSettings()))
        await clock.advance(30)
        await asyncio.gather(work, return_exceptions=True)
    return work.result(), answers.asked


@pytest.mark.parametrize(
    "pcm",
    [
        silence(0.5) + speech("turn on the light") + silence(1),
        speech("turn on the light"),
        silence(8) + speech("turn on the light") + silence(1),
        wake_word() + speech("turn on the light") + silence(1),
        wake_word() + silence(2) + speech("turn on the light"),
    ],
    ids=["command", "no silence at all", "late", "wake word before", "wake word and a pause"],
)
async def test_a_command_is_found(hub, clock, pcm):
    outcome, asked = await heard(hub, clock, pcm)
    assert (outcome.text, outcome.intent, outcome.reply) == ("turn on the light", "HassTurnOn", "The light is on.")
    assert outcome.actions == ["light.turn_on"]
    assert outcome.stages_ms["stt"] == 200.0
    assert outcome.stages_ms["intent"] + outcome.stages_ms["answer"] == 50.0
    assert [utterance.text for utterance in asked] == ["turn on the light"]


async def test_silence_asks_nobody(hub, clock):
    outcome, asked = await heard(hub, clock, silence(5))
    assert (outcome.text, outcome.intent, outcome.reply, asked) == ("", None, "", [])


async def test_what_is_no_command_is_refused(hub, clock):
    outcome, _ = await heard(hub, clock, speech("make me a sandwich"))
    assert (outcome.text, outcome.intent, outcome.reply) == ("make me a sandwich", None, "I did not understand.")


async def test_a_slow_recogniser_gets_the_time_of_the_recording(hub, clock):
    outcome, _ = await heard(hub, clock, speech("turn on the light"), FakeVad(), FakeStt(clock=clock, delay=5.5))
    assert outcome.text == "turn on the light"


async def test_what_is_missing_is_named(hub, clock):
    with pytest.raises(ProviderError, match="there is no provider of vad"):
        await heard(hub, clock, silence(1), FakeStt())
    with pytest.raises(ProviderError, match="there is no provider of stt for 'en'"):
        await heard(hub, clock, silence(1), FakeVad())


def test_utterances_of_a_recording():
    pcm = silence(1) + speech("one two") + silence(2) + speech("three four five") + silence(0.1)
    first, second = find_utterances(pcm, FakeVadDetector(), AssistSettings())
    assert (first.begin / 16000, first.last_voiced / 16000) == (
        pytest.approx(0.7, abs=0.04),
        pytest.approx(1.6, abs=0.04),
    )
    assert first.end / 16000 == pytest.approx(2.3, abs=0.05)
    assert second.begin / 16000 == pytest.approx(3.3, abs=0.04)
    assert second.end == len(pcm) // 2

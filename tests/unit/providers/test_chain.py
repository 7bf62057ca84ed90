"""Who is tried, in what order, for how long, and what is said when nobody can."""

from __future__ import annotations

import asyncio

import pytest

from arvisd.core.errors import ProviderError, ProviderUnavailableError
from arvisd.core.owner import Owner
from arvisd.providers.base import ProviderInfo
from arvisd.providers.chain import ChainSettings
from arvisd.providers.chains import Chains
from arvisd.providers.errors import BrokenOffError, ChainFailedError, NoProviderError
from arvisd.providers.registry import ProviderRegistry
from arvisd.providers.selection import ordered
from arvisd.providers.tts import SpeechRequest
from arvisd.providers.utterance import UtteranceAudio
from tests.simulators.providers import FakeStt, FakeTts
from tests.simulators.sounds import speech, words_in


@pytest.fixture
def registry():
    return ProviderRegistry()


@pytest.fixture
async def chains(registry, clock):
    async with Owner("chains") as owner:
        yield Chains(registry, clock, owner)


def offer(registry, *providers):
    for provider in providers:
        registry.register(provider, Owner("test"))


def cloud(provider):
    provider.info = ProviderInfo(
        provider.info.name, provider.info.capability, local=False, languages=provider.info.languages
    )
    return provider


@pytest.mark.parametrize(
    ("order", "language", "local_only", "expected"),
    [
        ((), "", False, ["b", "ru", "en", "a_cloud"]),
        ((), "", True, ["b", "ru", "en"]),
        ((), "ru", False, ["b", "ru", "a_cloud"]),
        ((), "en-GB", True, ["b", "en"]),
        (("a_cloud", "en"), "en", False, ["a_cloud", "en", "b"]),
        (("en", "nobody", "en"), "en", True, ["en", "b"]),
    ],
)
def test_order(order, language, local_only, expected):
    providers = [
        cloud(FakeStt("a_cloud")),
        FakeStt("b"),
        FakeStt("ru", languages=("ru",)),
        FakeStt("en", languages=("en",)),
    ]
    assert [p.info.name for p in ordered(providers, order, language, local_only=local_only)] == expected


def finished(text: str) -> UtteranceAudio:
    audio = UtteranceAudio()
    audio.append(speech(text))
    audio.finish()
    return audio


async def test_nobody_serves_the_language(registry, chains):
    offer(registry, FakeStt("english", languages=("en",)))
    with pytest.raises(NoProviderError, match=r"^there is no provider of stt for 'ru': 'arvisd doctor' says what to"):
        await chains.stt.transcribe(finished("x"), "ru")


async def test_a_failing_provider_is_held_down_longer_each_time(registry, chains, clock):
    first, second = FakeStt("first", fail_after=0), FakeStt("second")
    offer(registry, first, second)

    def names():
        return [provider.info.name for provider in chains.stt.candidates("en")]

    for hold in (30, 60, 120, 240, 300, 300):
        assert names() == ["first", "second"]
        assert (await chains.stt.transcribe(finished("x"), "en")).provider == "second"
        assert names() == ["second", "first"]
        await clock.advance(hold - 1)
        assert names() == ["second", "first"], hold
        await clock.advance(1)
    first.fail_after = None
    assert (await chains.stt.transcribe(finished("x"), "en")).provider == "first"
    first.fail_after = 0
    await chains.stt.transcribe(finished("x"), "en")
    await clock.advance(30)
    assert names() == ["first", "second"], "it did its work in between: the count begins anew"


async def test_health_is_told_when_it_changes(registry, chains, clock):
    changes = []
    chains.on_change(lambda: changes.append([(h.name, h.ok, h.detail) for h in chains.health()]))
    first = FakeStt("first", fail_after=0)
    offer(registry, first, FakeStt("second"))
    for _ in range(3):
        await chains.stt.transcribe(finished("x"), "en")
    first.fail_after = None
    await clock.advance(400)
    await chains.stt.transcribe(finished("x"), "en")
    assert changes == [
        [("first", False, "the line is dead"), ("second", True, "")],
        [("first", True, ""), ("second", True, "")],
    ]


async def test_loaded_once_for_all_who_ask_at_the_same_time(registry, chains):
    provider = FakeStt("one")
    offer(registry, provider)
    await asyncio.gather(*(chains.stt.transcribe(finished("x"), "en") for _ in range(5)))
    await chains.stt.ready("en")
    assert provider.loads == 1


async def test_what_cannot_load_is_passed_over_and_tried_again_later(registry, chains, clock):
    broken = FakeStt("broken", unavailable=ProviderUnavailableError("no model: run 'arvisd models pull x'"))
    offer(registry, broken)
    for _ in range(3):
        with pytest.raises(ProviderError):
            await chains.stt.transcribe(finished("x"), "en")
    assert broken.loads == 1
    assert chains.health()[0].detail == "no model: run 'arvisd models pull x'"
    broken.unavailable = None
    await clock.advance(31)
    assert (await chains.stt.transcribe(finished("x"), "en")).provider == "broken"
    assert chains.health()[0].ok


async def test_an_error_of_foreign_code_is_mapped(registry, chains):
    class Buggy(FakeStt):
        async def load(self) -> None:
            raise KeyError("weights")

    offer(registry, Buggy("buggy"))
    with pytest.raises(
        ChainFailedError, match=r"no provider of stt for 'en' could do it \(buggy: KeyError: 'weights'\)"
    ):
        await chains.stt.transcribe(finished("x"), "en")


async def test_one_budget_for_all(registry, chains, clock):
    offer(registry, *(FakeStt(str(index), hang=True) for index in range(3)))
    audio = UtteranceAudio()
    work = asyncio.create_task(chains.stt.transcribe(audio, "en"))
    await clock.advance(60)
    assert not work.done(), "time counts from the end of the utterance"
    audio.finish()
    await clock.advance(3.9)
    assert not work.done()
    await clock.advance(0.2)
    with pytest.raises(ChainFailedError):
        work.result()


async def test_the_last_one_gets_all_the_time_that_is_left(registry, chains, clock):
    offer(registry, FakeStt("slow", clock, delay=3.5))
    work = asyncio.create_task(chains.stt.transcribe(finished("turn on"), "en"))
    await clock.advance(4)
    assert work.result().hypothesis.text == "turn on"


async def test_a_recogniser_without_a_result_is_one_that_failed(registry, chains):
    class Silent(FakeStt):
        async def transcribe(self, audio, language):
            async for _ in audio:
                pass
            return
            yield

    offer(registry, Silent("silent"), FakeStt("second"))
    assert (await chains.stt.transcribe(finished("turn on"), "en")).provider == "second"


async def test_each_recogniser_hears_all_of_it_while_it_is_being_said(registry, chains, clock):
    first, second = FakeStt("first", fail_after=0.5), FakeStt("second")
    offer(registry, first, second)
    audio, partials = UtteranceAudio(), []
    work = asyncio.create_task(chains.stt.transcribe(audio, "en", partials.append))
    for word in ("turn", "on", "the", "light"):
        audio.append(speech(word))
        await clock.settle()
    assert partials[-1].text == "turn on the light", "the second one has caught up before the end"
    audio.finish()
    assert (await work).hypothesis.text == "turn on the light"
    assert words_in(second.heard[0]) == ["turn", "on", "the", "light"]


async def test_cancelling_leaves_nothing_behind(registry, chains, clock):
    before = asyncio.all_tasks()
    offer(registry, FakeStt("hanging", hang=True))
    work = asyncio.create_task(chains.stt.transcribe(finished("x"), "en"))
    await clock.settle()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert asyncio.all_tasks() == before


async def sound(chains, text="Hello there."):
    return [voiced.provider async for voiced in chains.tts.synthesize(SpeechRequest(text, "en", "nobody"))]


async def test_a_voice_that_fails_before_its_first_sound_is_replaced(registry, chains):
    first, second = FakeTts("first", fail_on="Hello"), FakeTts("second")
    offer(registry, first, second)
    assert set(await sound(chains)) == {"second"}
    assert second.requests[0].voice == "", "a voice that it does not have is left out"


async def test_a_voice_that_fails_later_breaks_the_sentence_off(registry, chains):
    offer(registry, FakeTts("first", fail_on="Hello", fail_after=1), FakeTts("second"))
    with pytest.raises(BrokenOffError, match="^first broke off: the voice broke$"):
        await sound(chains)
    assert set(await sound(chains)) == {"second"}


async def test_a_voice_that_takes_too_long_is_replaced(registry, chains, clock):
    offer(registry, FakeTts("slow", clock, delay=10), FakeTts("second", clock))
    work = asyncio.create_task(sound(chains))
    await clock.advance(1.9)
    assert not work.done()
    await clock.advance(0.3)
    assert set(work.result()) == {"second"}


async def test_no_sound_is_a_failure(registry, chains):
    class Mute(FakeTts):
        async def synthesize(self, request):
            return
            yield

    offer(registry, Mute("mute"))
    with pytest.raises(ChainFailedError, match=r"\(mute: mute gave no sound for 'Hello there.'\)"):
        await sound(chains)


async def test_settings_are_taken_at_once(registry, chains):
    offer(registry, FakeStt("a"), FakeStt("b"))
    assert (await chains.stt.transcribe(finished("x"), "en")).provider == "a"
    chains.use(ChainSettings({"stt": ("b",)}))
    assert (await chains.stt.transcribe(finished("x"), "en")).provider == "b"


async def test_vocabulary_is_given_before_loading(registry, clock):
    class Listening(FakeStt):
        def use(self, vocabulary):
            assert self.loads == 0
            self.vocabulary = vocabulary

    provider, vocabulary = Listening("one"), object()
    offer(registry, provider)
    async with Owner("chains") as owner:
        await Chains(registry, clock, owner, vocabulary=vocabulary).preload(["en"])
    assert provider.vocabulary is vocabulary


async def test_providers_that_are_gone_are_closed(registry, chains):
    closed = []

    class Closing(FakeStt):
        async def close(self):
            closed.append(self.info.name)

    leaving = Owner("integration")
    registry.register(Closing("leaving"), leaving)
    offer(registry, Closing("never_loaded"))
    await chains.stt.ready("en")
    leaving.release()
    await chains.forget_gone()
    assert closed == ["leaving"]
    await chains.stt.ready("en")
    await chains.close()
    assert closed == ["leaving", "never_loaded"]

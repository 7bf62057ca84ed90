"""Speech by the real espeak-ng library."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator

import pytest
from arvisd.integrations.espeak import library as library_module
from arvisd.integrations.espeak.library import Prosody, open_library
from arvisd.integrations.espeak.provider import EspeakTts, speak_runs
from arvisd.integrations.espeak.settings import Settings

from arvisd.api import ProviderError, ProviderUnavailableError, SpeechChunk, SpeechRequest

pytest.importorskip("espeakng_loader", reason="espeak is not installed: pip install 'arvisd[espeak]'")

LONG = "Сегодня вечером обещают дождь, поэтому возьми с собой зонт и тёплую куртку. " * 20


@pytest.fixture
async def espeak() -> AsyncIterator[EspeakTts]:
    provider = EspeakTts(Settings())
    await provider.load()
    yield provider
    await provider.close()


async def speak(provider: EspeakTts, text: str, language: str, **rest: object) -> list[SpeechChunk]:
    return [chunk async for chunk in provider.synthesize(SpeechRequest(text, language, **rest))]  # type: ignore[arg-type]


def symbols(chunks: list[SpeechChunk]) -> str:
    return " ".join(phoneme.symbol or "|" for chunk in chunks for phoneme in chunk.phonemes)


def seconds(chunks: list[SpeechChunk]) -> float:
    return sum(len(chunk.pcm) for chunk in chunks) / 2 / chunks[0].rate


@pytest.mark.parametrize(
    ("language", "text", "heard"),
    [
        ("en", "Hello world", "h ə l ˈoʊ w ˈɜː l d"),
        ("ru", "Привет, дом", "p rʲ i vʲ ˈe t | d ˈo m"),
        ("ru", "Включи Wi-Fi", 'f k ɭʲ u" tʃʲ ˈɪ w ˈaɪ f ˌaɪ'),
        ("en", "Say дом now", "s ˈeɪ d ˈo m n ˈaʊ"),
        ("ru", "-5", "mʲ ˈi n u s pʲ ˈɑ tʲ"),
    ],
)
async def test_phonemes_of_two_languages(espeak: EspeakTts, language: str, text: str, heard: str) -> None:
    assert symbols(await speak(espeak, text, language)).removesuffix(" |") == heard


async def test_times_cover_the_sound_without_overlap(espeak: EspeakTts) -> None:
    chunks = await speak(espeak, "Привет, как твои дела? Включи свет на кухне.", "ru")
    phonemes = [phoneme for chunk in chunks for phoneme in chunk.phonemes]
    for before, after in itertools.pairwise(phonemes):
        assert before.start_ms + before.ms == after.start_ms
    assert abs(phonemes[-1].start_ms + phonemes[-1].ms - seconds(chunks) * 1000) <= 1


async def test_a_chunk_has_the_times_of_what_begins_in_it(espeak: EspeakTts) -> None:
    begin = 0.0
    for chunk in await speak(espeak, LONG, "ru"):
        end = begin + len(chunk.pcm) / 2 / chunk.rate * 1000
        starts = [part.start_ms for part in (*chunk.phonemes, *chunk.words)]
        assert all(begin - 1 <= start <= end + 1 for start in starts)
        begin = end


async def test_words_point_into_the_text_as_written(espeak: EspeakTts) -> None:
    text = "**Дома** 21 °C 🙂, hello."
    chunks = await speak(espeak, text, "ru")
    words = [text[word.offset : word.offset + word.length] for chunk in chunks for word in chunk.words]
    assert words[0] == "Дома"
    assert words[-1] == "hello"
    assert "21" in words


@pytest.mark.parametrize("text", ["", " \n", "🙂", "**", "\x00"])
async def test_nothing_to_say_is_no_sound(espeak: EspeakTts, text: str) -> None:
    assert await speak(espeak, text, "en") == []


async def test_speed_and_voice_are_heard(espeak: EspeakTts) -> None:
    slow, fast = await speak(espeak, LONG, "ru"), await speak(espeak, LONG, "ru", speed=2.0)
    assert 0.45 < seconds(fast) / seconds(slow) < 0.65
    other = await speak(espeak, LONG, "ru", voice="ru+f2")
    assert other[0].pcm != slow[0].pcm


async def test_unknown_voices_and_languages_are_refused_by_name(espeak: EspeakTts) -> None:
    with pytest.raises(ProviderError, match="^espeak-ng has no voice 'ru-xx'; it has ru, ru-cl, ru-lv$"):
        await speak(espeak, "да", "ru", voice="ru-xx")
    with pytest.raises(ProviderError, match="^espeak-ng has no variant 'nobody'; it has Alex, "):
        await speak(espeak, "да", "ru", voice="ru+nobody")
    with pytest.raises(ProviderError, match="^espeak-ng does not speak 'xx'; it speaks af, am, "):
        await speak(espeak, "da", "xx")
    assert symbols(await speak(espeak, "дом", "ru")) == "d ˈo m |"  # and it goes on in the right voice


async def test_what_is_spoken_is_known_once_loaded(espeak: EspeakTts) -> None:
    assert {"en", "ru", "de", "uk"} <= set(espeak.info.languages)
    assert espeak.serves("en-GB")
    assert not espeak.serves("xx")
    assert espeak.voices("ru") == ["ru", "ru-cl", "ru-lv"]
    assert espeak.voices("en")[0] == "en-us"


async def test_closing_the_iterator_leaves_the_engine_free(espeak: EspeakTts) -> None:
    speaking = espeak.synthesize(SpeechRequest(LONG, "ru"))
    first = await anext(speaking)
    await speaking.aclose()  # type: ignore[attr-defined]
    assert len(first.pcm) > 0
    assert symbols(await speak(espeak, "дом", "ru")) == "d ˈo m |"


async def test_cancelling_the_taker_leaves_the_engine_free(espeak: EspeakTts) -> None:
    task = asyncio.ensure_future(speak(espeak, LONG * 20, "ru"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert symbols(await speak(espeak, "дом", "ru")) == "d ˈo m |"


def test_a_set_stop_ends_the_synthesis_within_its_next_piece() -> None:
    stop, chunks = threading.Event(), []

    def deliver(chunk: SpeechChunk) -> None:
        chunks.append(chunk)
        stop.set()

    speak_runs(open_library(), [(0, LONG, "zle/ru")], Prosody(), deliver, stop)
    assert len(chunks) == 1


def test_an_error_while_taking_sound_is_raised_and_not_lost_in_c() -> None:
    def deliver(_: SpeechChunk) -> None:
        raise RuntimeError("the loop is closed")

    with pytest.raises(ProviderError, match="^espeak-ng: taking its sound failed: the loop is closed$"):
        speak_runs(open_library(), [(0, LONG, "zle/ru")], Prosody(), deliver, threading.Event())


async def test_two_speakers_at_once_do_not_mix_their_voices() -> None:
    one, two = EspeakTts(Settings()), EspeakTts(Settings(voices={"ru": "ru+f2"}))
    await one.load()
    await two.load()
    alone = symbols(await speak(one, LONG, "ru")), symbols(await speak(two, "Turn on the light", "en"))
    both = await asyncio.gather(*(speak(one, LONG, "ru") for _ in range(3)), speak(two, "Turn on the light", "en"))
    assert [symbols(chunks) for chunks in both] == [alone[0]] * 3 + [alone[1]]
    await one.close()
    await two.close()


@pytest.mark.parametrize(
    ("voice", "message"),
    [
        ("ru-xx", "espeak: voices: ru: espeak-ng has no voice 'ru-xx'; it has ru, ru-cl, ru-lv"),
        ("ru+nobody", "espeak: voices: ru: espeak-ng has no variant 'nobody'; it has Alex, Alicia, "),
    ],
)
async def test_a_wrong_setting_is_said_when_it_is_loaded(voice: str, message: str) -> None:
    with pytest.raises(ProviderUnavailableError) as error:
        await EspeakTts(Settings(voices={"ru": voice})).load()
    assert str(error.value).startswith(message)


def test_a_missing_library_names_the_command() -> None:
    def missing(_: str) -> object:
        raise ImportError("No module named 'espeakng_loader'")

    with pytest.raises(ProviderUnavailableError) as error:
        library_module._load(missing)
    assert str(error.value) == (
        "espeak-ng cannot be loaded (No module named 'espeakng_loader'): install it with pip install 'arvisd[espeak]'"
    )


async def test_speaking_before_loading_is_refused() -> None:
    with pytest.raises(ProviderUnavailableError, match="^espeak: not loaded$"):
        await speak(EspeakTts(Settings()), "да", "ru")

"""Speech by piper-tts, with a stand-in voice: no real one is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from arvisd.integrations.piper.provider import PiperTts
from arvisd.integrations.piper.settings import Settings
from arvisd.integrations.piper.voice import Halt, open_voice
from arvisd.integrations.piper.voices import VoiceFile

from arvisd.api import ProviderError, ProviderUnavailableError, SpeechChunk, SpeechRequest
from tests.simulators.piper_voice import HOP, RATE, STEPS, write_voice

pytest.importorskip("piper", reason="piper is not installed: pip install 'arvisd[piper]'")


def no_model(_: str) -> Path | None:
    return None


async def loaded(settings: Settings, folder: Path, find_model: Callable[[str], Path | None] = no_model) -> PiperTts:
    provider = PiperTts(settings, folder, find_model)
    await provider.load()
    return provider


async def speak(provider: PiperTts, text: str, language: str = "en", **rest: object) -> list[SpeechChunk]:
    return [chunk async for chunk in provider.synthesize(SpeechRequest(text, language, **rest))]  # type: ignore[arg-type]


async def test_a_sentence_comes_with_its_phonemes_and_the_file_is_not_touched(tmp_path: Path) -> None:
    model = write_voice(tmp_path)
    before = model.read_bytes()
    provider = await loaded(Settings(voices={"en": "voice.onnx"}), tmp_path)
    [chunk] = await speak(provider, "Hello, world.")
    assert chunk.rate == RATE
    assert len(chunk.pcm) % (2 * HOP * STEPS) == 0
    assert [phoneme.symbol for phoneme in chunk.phonemes] == [
        "",
        "h",
        "ə",
        "l",
        "ˈo",
        "ʊ",
        "",
        "w",
        "ˈɜː",
        "l",
        "d",
        "",
    ]
    last = chunk.phonemes[-1]
    assert last.start_ms + last.ms == round(len(chunk.pcm) / 2 / RATE * 1000)
    assert model.read_bytes() == before
    await provider.close()


async def test_each_sentence_is_a_chunk_whose_times_go_on(tmp_path: Path) -> None:
    write_voice(tmp_path)
    provider = await loaded(Settings(voices={"en": "voice.onnx"}), tmp_path)
    one, two = await speak(provider, "Hello there. It is warm.")
    assert two.phonemes[0].start_ms >= round(len(one.pcm) / 2 / RATE * 1000)
    await provider.close()


async def test_speed_is_heard(tmp_path: Path) -> None:
    write_voice(tmp_path)
    provider = await loaded(Settings(voices={"en": "voice.onnx"}), tmp_path)
    [own], [fast] = await speak(provider, "Hello there"), await speak(provider, "Hello there", speed=2.0)
    assert len(own.pcm) == 2 * len(fast.pcm)
    await provider.close()


async def test_nothing_to_say_is_no_sound(tmp_path: Path) -> None:
    write_voice(tmp_path)
    provider = await loaded(Settings(voices={"en": "voice.onnx"}), tmp_path)
    assert await speak(provider, "🙂 **") == []
    await provider.close()


async def test_closing_the_iterator_leaves_the_voice_free(tmp_path: Path) -> None:
    write_voice(tmp_path)
    provider = await loaded(Settings(voices={"en": "voice.onnx"}), tmp_path)
    speaking = provider.synthesize(SpeechRequest("One thing. Another thing. And a last thing. " * 50, "en"))
    await anext(speaking)
    await speaking.aclose()  # type: ignore[attr-defined]
    assert len(await speak(provider, "Hello there")) == 1
    await provider.close()


def test_a_halt_ends_the_model_itself_and_is_no_error(tmp_path: Path) -> None:
    voice = open_voice(VoiceFile("voice", write_voice(tmp_path)))
    halt = Halt()
    halt.set()
    assert list(voice.speak("Hello there.", 1.0, 1.0, halt)) == []
    halt = Halt()
    speaking = voice.speak("One thing. Another thing.", 1.0, 1.0, halt)
    next(speaking)
    halt.set()
    assert list(speaking) == []


async def test_the_catalogue_is_asked_for_a_file_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    places = {"piper-en-lessac": tmp_path / "en", "piper-ru-irina": write_voice(tmp_path, "ru")}
    write_voice(tmp_path / "en", "whatever")
    provider = await loaded(Settings(), tmp_path, places.get)
    assert provider.voices("en-GB") == ["piper-en-lessac"]
    assert provider.voices("ru") == ["piper-ru-irina"]
    assert len(await speak(provider, "да", "ru")) == 1
    assert len(await speak(provider, "да", "ru", voice="piper-ru-irina")) == 1
    with pytest.raises(ProviderError, match="^piper has no voice 'bob'; it has piper-en-lessac, piper-ru-irina$"):
        await speak(provider, "ja", "de", voice="bob")
    with pytest.raises(ProviderError, match="^piper has no voice for 'de'; it has en, ru$"):
        await speak(provider, "ja", "de")
    await provider.close()


async def test_a_speaker_is_chosen_by_name(tmp_path: Path) -> None:
    write_voice(tmp_path, speakers={"anna": 0, "boris": 1})
    provider = await loaded(Settings(voices={"en": "voice.onnx#boris"}), tmp_path)
    assert len(await speak(provider, "Hello there")) == 1
    await provider.close()
    with pytest.raises(ProviderUnavailableError, match="^piper: voice.onnx has no speaker 'eve'; it has anna, boris$"):
        await loaded(Settings(voices={"en": "voice.onnx#eve"}), tmp_path)


@pytest.mark.parametrize(
    ("voices", "message"),
    [
        (
            {},
            (
                "piper has no voice: get one with arvisd models pull piper-en-lessac or arvisd models pull piper-ru-irina, "
                "or name your own under piper: voices:"
            ),
        ),
        ({"ru": "piper-ru-x"}, "piper: voices: ru: the voice piper-ru-x is not here: arvisd models pull piper-ru-x"),
        ({"en": "mine/a.onnx"}, "piper: voices: en: there is no voice mine/a.onnx, or no a.onnx.json beside it"),
    ],
)
async def test_a_missing_voice_names_its_remedy(tmp_path: Path, voices: dict[str, str], message: str) -> None:
    with pytest.raises(ProviderUnavailableError) as error:
        await loaded(Settings(voices=voices), tmp_path)
    assert str(error.value) == message


async def test_damaged_files_are_refused_by_name(tmp_path: Path) -> None:
    model = write_voice(tmp_path)
    description = model.with_name("voice.onnx.json")
    whole = model.read_bytes()
    model.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ProviderUnavailableError, match=rf"^piper: {model}: not a usable voice: "):
        await loaded(Settings(voices={"en": "voice.onnx"}), tmp_path)
    model.write_bytes(whole)
    for content in ("{", "[]", '{"audio": {}}'):
        description.write_text(content, encoding="utf-8")
        with pytest.raises(ProviderUnavailableError, match=rf"^piper: {description}: not a voice's description: "):
            await loaded(Settings(voices={"en": "voice.onnx"}), tmp_path)


async def test_speaking_before_loading_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProviderUnavailableError, match="^piper: not loaded$"):
        await speak(PiperTts(Settings(), tmp_path, no_model), "hello")

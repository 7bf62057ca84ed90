"""openWakeWord models on synthetic speech, and the user's own models."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from arvisd.integrations.openwakeword.provider import OpenWakeWordProvider
from arvisd.integrations.openwakeword.settings import Settings

from arvisd.api import ProviderUnavailableError, WakeDetector
from tests.simulators.synthetic_speech import silence, synthesise

pytest.importorskip("pyopen_wakeword", reason="openwakeword is not installed: pip install 'arvisd[openwakeword]'")

SHIPPED = ["alexa", "hey_jarvis", "hey_mycroft", "hey_rhasspy", "okay_nabu"]


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[OpenWakeWordProvider]:
    made = OpenWakeWordProvider(Settings(), tmp_path)
    await made.load()
    yield made
    await made.close()


def heard(detector: WakeDetector, pcm: bytes, block: int = 640) -> list[str]:
    found = [detector.process(pcm[begin : begin + block]) for begin in range(0, len(pcm), block)]
    return [detection.word for detection in found if detection is not None]


def said(text: str, **rest: str) -> bytes:
    return silence(0.5) + synthesise(text, **rest) + silence(0.7)


def shipped_model(word: str) -> Path:
    import pyopen_wakeword

    return Path(pyopen_wakeword.__file__).parent / "models" / f"{word}.tflite"


@pytest.mark.parametrize("block", [2, 320, 1026, 2560, 64000])
async def test_a_word_is_heard_once_in_blocks_of_any_size(provider: OpenWakeWordProvider, block: int) -> None:
    pcm = said("Hey Jarvis")
    if block == 2:
        pcm = pcm[:-1000]
    assert heard(provider.detector(SHIPPED), pcm, block) == ["hey_jarvis"]


async def test_said_twice_it_is_heard_twice(provider: OpenWakeWordProvider) -> None:
    pcm = said("Hey Jarvis") + silence(1) + said("Hey Jarvis", voice="en-us+f2")
    assert heard(provider.detector(["hey_jarvis"]), pcm) == ["hey_jarvis"] * 2


async def test_with_no_pause_before_the_command_it_is_heard(provider: OpenWakeWordProvider) -> None:
    assert heard(
        provider.detector(["hey_jarvis"]), said("Hey Jarvis")[:-32000] + synthesise("turn on the kitchen light")[9600:]
    ) == ["hey_jarvis"]


@pytest.mark.parametrize("text", ["Turn on the kitchen light", "Hey, give me the service", "What time is it"])
async def test_other_sentences_are_not_heard(provider: OpenWakeWordProvider, text: str) -> None:
    assert heard(provider.detector(SHIPPED), said(text)) == []


async def test_the_first_block_after_a_reset_is_as_little_work_as_any(provider: OpenWakeWordProvider) -> None:
    stream = provider.detector(["hey_jarvis"])
    assert len(stream.scores(silence(0.08))) == 1
    stream.reset()
    assert len(stream.scores(silence(0.08))) == 1


async def test_a_reset_forgets_half_a_word_and_the_next_is_heard_at_once(provider: OpenWakeWordProvider) -> None:
    stream = provider.detector(["hey_jarvis"])
    word = synthesise("Hey Jarvis")
    half = len(word) // 4 * 2
    assert heard(stream, word[:half]) == []
    stream.reset()
    assert heard(stream, word[half:] + silence(1)) == []
    stream.reset()
    assert heard(stream, word + silence(1)) == ["hey_jarvis"]
    stream.reset()
    assert heard(stream, word + silence(1)) == ["hey_jarvis"]


async def test_streams_do_not_hear_each_other(provider: OpenWakeWordProvider) -> None:
    speaking, quiet = provider.detector(["hey_jarvis"]), provider.detector(["hey_jarvis"])
    pcm, room = said("Hey Jarvis"), silence(10)
    found: list[tuple[str, str]] = []
    for begin in range(0, len(pcm), 640):
        for name, stream, sound in (("speaking", speaking, pcm), ("quiet", quiet, room)):
            if (detection := stream.process(sound[begin : begin + 640])) is not None:
                found.append((name, detection.word))
    assert found == [("speaking", "hey_jarvis")]


async def test_several_words_share_one_extractor(
    provider: OpenWakeWordProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyopen_wakeword

    made = []
    build = pyopen_wakeword.OpenWakeWordFeatures.from_builtin
    monkeypatch.setattr(pyopen_wakeword.OpenWakeWordFeatures, "from_builtin", lambda: made.append(1) or build())
    provider.detector(SHIPPED)
    assert made == [1]


async def test_a_higher_threshold_is_harder_to_reach(provider: OpenWakeWordProvider) -> None:
    assert heard(provider.detector(["hey_jarvis"], threshold=1.0), said("Hey Jarvis")) == []


async def test_unknown_words_are_refused_by_name(provider: OpenWakeWordProvider) -> None:
    assert provider.words() == SHIPPED
    with pytest.raises(ValueError) as error:
        provider.detector(["computer"])
    assert str(error.value) == f"no wake word 'computer'; there are {', '.join(SHIPPED)}"


async def test_own_models_are_found_by_their_file_name(tmp_path: Path) -> None:
    (tmp_path / "wake").mkdir()
    shutil.copy(shipped_model("hey_jarvis"), tmp_path / "wake" / "hello_house.tflite")
    provider = OpenWakeWordProvider(Settings(models="wake", thresholds={"hello_house": 0.4}), tmp_path)
    await provider.load()
    assert provider.words() == sorted([*SHIPPED, "hello_house"])
    assert heard(provider.detector(["hello_house"]), said("Hey Jarvis")) == ["hello_house"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "not a TensorFlow Lite model"),
        (b"garbage" * 100, "not a TensorFlow Lite model"),
        (b"\x1c\x00\x00\x00TFL3" + b"\xff" * 500, "damaged: copy it anew"),
    ],
)
async def test_a_file_that_is_no_model_is_refused_and_not_run(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "bad.tflite").write_bytes(content)
    with pytest.raises(ProviderUnavailableError) as error:
        await OpenWakeWordProvider(Settings(models=str(tmp_path)), tmp_path).load()
    assert str(error.value) == f"{tmp_path}/bad.tflite: {problem}"


async def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    shutil.copy(shipped_model("embedding_model"), tmp_path / "other.tflite")
    with pytest.raises(ProviderUnavailableError) as error:
        await OpenWakeWordProvider(Settings(models=str(tmp_path)), tmp_path).load()
    assert str(error.value) == (
        f"{tmp_path}/other.tflite: not an openWakeWord model: its input is [1, 76, 32, 1], not [1, n, 96]"
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(models="nowhere"), "openwakeword: models: there is no folder {folder}/nowhere"),
        (
            Settings(thresholds={"hey_jarvs": 0.5}),
            f"openwakeword: thresholds: no wake word 'hey_jarvs'; there are {', '.join(SHIPPED)}",
        ),
    ],
)
async def test_wrong_settings_are_said_when_it_is_loaded(tmp_path: Path, settings: Settings, message: str) -> None:
    with pytest.raises(ProviderUnavailableError) as error:
        await OpenWakeWordProvider(settings, tmp_path).load()
    assert str(error.value) == message.format(folder=tmp_path)


async def test_before_loading_there_is_no_detector(tmp_path: Path) -> None:
    with pytest.raises(ProviderUnavailableError, match="^openwakeword: not loaded$"):
        OpenWakeWordProvider(Settings(), tmp_path).detector(["hey_jarvis"])

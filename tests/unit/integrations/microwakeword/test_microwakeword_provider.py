"""microWakeWord models on synthetic speech, and the user's own models."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from arvisd.integrations.microwakeword.provider import MicroWakeWordProvider
from arvisd.integrations.microwakeword.settings import Settings

from arvisd.api import ProviderUnavailableError, WakeDetector
from tests.simulators.synthetic_speech import silence, synthesise

pytest.importorskip("pymicro_wakeword", reason="microwakeword is not installed: pip install 'arvisd[microwakeword]'")

SHIPPED = ["alexa", "hey_jarvis", "hey_mycroft", "okay_nabu"]


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[MicroWakeWordProvider]:
    made = MicroWakeWordProvider(Settings(), tmp_path)
    await made.load()
    yield made
    await made.close()


def heard(detector: WakeDetector, pcm: bytes, block: int = 640) -> list[str]:
    found = [detector.process(pcm[begin : begin + block]) for begin in range(0, len(pcm), block)]
    return [detection.word for detection in found if detection is not None]


def said(text: str, **rest: str) -> bytes:
    return silence(0.5) + synthesise(text, **rest) + silence(0.7)


def shipped_model(word: str) -> Path:
    import pymicro_wakeword

    return Path(pymicro_wakeword.__file__).parent / "models" / f"{word}.tflite"


def own_model(folder: Path, word: str, model: Path | bytes) -> None:
    content = model if isinstance(model, bytes) else model.read_bytes()
    (folder / f"{word}.tflite").write_bytes(content)
    description = shipped_model("alexa").with_suffix(".json").read_text(encoding="utf-8")
    (folder / f"{word}.json").write_text(description.replace("alexa.tflite", f"{word}.tflite"), encoding="utf-8")


@pytest.mark.parametrize("block", [2, 320, 1026, 2560, 64000])
async def test_a_word_is_heard_once_in_blocks_of_any_size(provider: MicroWakeWordProvider, block: int) -> None:
    pcm = said("Alexa")
    if block == 2:
        pcm = pcm[:-1000]
    assert heard(provider.detector(SHIPPED), pcm, block) == ["alexa"]


async def test_said_twice_it_is_heard_twice(provider: MicroWakeWordProvider) -> None:
    pcm = said("Alexa") + silence(1) + said("Alexa", voice="en-us+f2")
    assert heard(provider.detector(["alexa"]), pcm) == ["alexa"] * 2


async def test_with_no_pause_before_the_command_it_is_heard(provider: MicroWakeWordProvider) -> None:
    assert heard(
        provider.detector(["alexa"]), said("Alexa")[:-32000] + synthesise("turn on the kitchen light")[9600:]
    ) == ["alexa"]


@pytest.mark.parametrize("text", ["Turn on the kitchen light", "Hey, give me the service", "What time is it"])
async def test_other_sentences_are_not_heard(provider: MicroWakeWordProvider, text: str) -> None:
    assert heard(provider.detector(SHIPPED), said(text)) == []


async def test_a_reset_forgets_half_a_word_and_the_next_is_heard_at_once(provider: MicroWakeWordProvider) -> None:
    stream = provider.detector(["alexa"])
    word = synthesise("Alexa")
    half = len(word) // 4 * 2
    assert heard(stream, word[:half]) == []
    stream.reset()
    assert heard(stream, word[half:] + silence(1)) == []
    stream.reset()
    assert heard(stream, word + silence(1)) == ["alexa"]
    stream.reset()
    assert heard(stream, word + silence(1)) == ["alexa"]


async def test_streams_do_not_hear_each_other(provider: MicroWakeWordProvider) -> None:
    speaking, quiet = provider.detector(["alexa"]), provider.detector(["alexa"])
    pcm, room = said("Alexa"), silence(10)
    found: list[tuple[str, str]] = []
    for begin in range(0, len(pcm), 640):
        for name, stream, sound in (("speaking", speaking, pcm), ("quiet", quiet, room)):
            if (detection := stream.process(sound[begin : begin + 640])) is not None:
                found.append((name, detection.word))
    assert found == [("speaking", "alexa")]


async def test_several_words_share_one_extractor(
    provider: MicroWakeWordProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pymicro_wakeword

    made = []
    build = pymicro_wakeword.MicroWakeWordFeatures
    monkeypatch.setattr(pymicro_wakeword, "MicroWakeWordFeatures", lambda: made.append(1) or build())
    provider.detector(SHIPPED)
    assert made == [1]


async def test_a_higher_threshold_is_harder_to_reach(provider: MicroWakeWordProvider) -> None:
    assert heard(provider.detector(["alexa"], threshold=1.0), said("Alexa")) == []


async def test_unknown_words_are_refused_by_name(provider: MicroWakeWordProvider) -> None:
    assert provider.words() == SHIPPED
    with pytest.raises(ValueError) as error:
        provider.detector(["computer"])
    assert str(error.value) == f"no wake word 'computer'; there are {', '.join(SHIPPED)}"


async def test_own_models_are_found_by_their_file_name(tmp_path: Path) -> None:
    (tmp_path / "wake").mkdir()
    own_model(tmp_path / "wake", "hello_house", shipped_model("alexa"))
    provider = MicroWakeWordProvider(Settings(models="wake", thresholds={"hello_house": 0.4}), tmp_path)
    await provider.load()
    assert provider.words() == sorted([*SHIPPED, "hello_house"])
    assert heard(provider.detector(["hello_house"]), said("Alexa")) == ["hello_house"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "not a TensorFlow Lite model"),
        (b"garbage" * 100, "not a TensorFlow Lite model"),
        (b"\x1c\x00\x00\x00TFL3" + b"\xff" * 500, "damaged: copy it anew"),
    ],
)
async def test_a_file_that_is_no_model_is_refused_and_not_run(tmp_path: Path, content: bytes, problem: str) -> None:
    own_model(tmp_path, "bad", content)
    with pytest.raises(ProviderUnavailableError) as error:
        await MicroWakeWordProvider(Settings(models=str(tmp_path)), tmp_path).load()
    assert str(error.value) == f"{tmp_path}/bad.tflite: {problem}"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "Input data was truncated"),
        ("[]", "Expected `object`, got `array`"),
        ('{"wake_word": "A"}', "Object missing required field `model`"),
    ],
)
async def test_a_wrong_description_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    (tmp_path / "bad.json").write_text(content, encoding="utf-8")
    with pytest.raises(ProviderUnavailableError) as error:
        await MicroWakeWordProvider(Settings(models=str(tmp_path)), tmp_path).load()
    assert str(error.value) == f"microwakeword: {tmp_path}/bad.json: not a microWakeWord description: {problem}"


async def test_a_description_without_its_model_is_refused(tmp_path: Path) -> None:
    own_model(tmp_path, "lost", b"")
    (tmp_path / "lost.tflite").unlink()
    with pytest.raises(ProviderUnavailableError) as error:
        await MicroWakeWordProvider(Settings(models=str(tmp_path)), tmp_path).load()
    assert str(error.value) == f"{tmp_path}/lost.tflite: cannot be read: No such file or directory"


async def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = pytest.importorskip("pyopen_wakeword", reason="the other engine's model is the example")
    own_model(tmp_path, "other", Path(other.__file__).parent / "models" / "hey_jarvis.tflite")
    with pytest.raises(ProviderUnavailableError) as error:
        await MicroWakeWordProvider(Settings(models=str(tmp_path)), tmp_path).load()
    assert str(error.value) == (
        f"{tmp_path}/other.tflite: not a microWakeWord model: its input is [1, 16, 96], not [1, n, 40]"
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(models="nowhere"), "microwakeword: models: there is no folder {folder}/nowhere"),
        (
            Settings(thresholds={"hey_jarvs": 0.5}),
            f"microwakeword: thresholds: no wake word 'hey_jarvs'; there are {', '.join(SHIPPED)}",
        ),
    ],
)
async def test_wrong_settings_are_said_when_it_is_loaded(tmp_path: Path, settings: Settings, message: str) -> None:
    with pytest.raises(ProviderUnavailableError) as error:
        await MicroWakeWordProvider(settings, tmp_path).load()
    assert str(error.value) == message.format(folder=tmp_path)


async def test_before_loading_there_is_no_detector(tmp_path: Path) -> None:
    with pytest.raises(ProviderUnavailableError, match="^microwakeword: not loaded$"):
        MicroWakeWordProvider(Settings(), tmp_path).detector(["alexa"])

"""The vosk adapter, with a scripted stand-in for the library: there is no model on a machine that tests."""

from __future__ import annotations

import inspect
import json
import logging
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from arvisd.integrations.vosk.provider import VoskProvider
from arvisd.integrations.vosk.settings import Settings

from arvisd.core.errors import ProviderUnavailableError
from arvisd.providers.stt import Hypothesis, WordGraph
from tests.simulators.vosk_module import FakeVosk, said


class Words:
    """A vocabulary of two sentences."""

    version = 1

    def graph(self, language: str) -> WordGraph:
        return WordGraph(((0, 1, "lights"), (1, 2, "on"), (1, 2, "off")), frozenset({2}), ("hey jarvis", "jarvis"))

    def words(self, language: str) -> frozenset[str]:
        return frozenset({"lights", "on", "off", "hey", "jarvis"})


@pytest.fixture
def vosk(monkeypatch: pytest.MonkeyPatch) -> FakeVosk:
    fake = FakeVosk()
    monkeypatch.setitem(sys.modules, "vosk", fake)  # type: ignore[arg-type]
    return fake


def provider(folder: Path, settings: Settings | None = None) -> VoskProvider:
    def find(name: str) -> Path | None:
        return folder / name if (folder / name).is_dir() else None

    return VoskProvider(settings or Settings(), folder, find, logging.getLogger("test"))


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def heard(recogniser: VoskProvider, count: int, language: str = "en") -> list[Hypothesis]:
    return [found async for found in recogniser.transcribe(pieces(*[b"\0\0"] * count), language)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "vosk-small-en" / "conf").mkdir(parents=True)
    return tmp_path


async def test_partials_grow_and_the_final_has_words_with_times(vosk: FakeVosk, folder: Path) -> None:
    vosk.script = [(False, {"partial": ""}), (False, {"partial": "lights"}), (False, {"partial": "lights"})]
    vosk.last = said("lights on", 0.5, 0.8)
    recogniser = provider(folder)
    await recogniser.load()
    found = await heard(recogniser, 3)
    assert [(h.text, h.final) for h in found] == [("lights", False), ("lights on", True)]
    assert found[-1].confidence == pytest.approx(0.8)
    assert [(word.text, word.start, word.confidence) for word in found[-1].words] == [
        ("lights", 0.5, 0.8),
        ("on", 0.8, 0.8),
    ]
    assert vosk.opened == [str(folder / "vosk-small-en")]
    assert vosk.audio == b"\0\0" * 3
    await recogniser.close()


async def test_a_pause_within_the_utterance_loses_nothing(vosk: FakeVosk, folder: Path) -> None:
    vosk.script = [(True, said("turn on")), (False, {"partial": "the"})]
    vosk.last = said("the lamp", 2.0)
    recogniser = provider(folder)
    await recogniser.load()
    assert [h.text for h in await heard(recogniser, 2)] == ["turn on", "turn on the", "turn on the lamp"]


async def test_the_wake_word_is_no_part_of_what_is_said(vosk: FakeVosk, folder: Path) -> None:
    vosk.script = [(False, {"partial": "hey jarvis"}), (False, {"partial": "hey jarvis lights"})]
    vosk.last = said("hey jarvis lights off")
    recogniser = provider(folder)
    recogniser.use(Words())
    await recogniser.load()
    found = await heard(recogniser, 2)
    assert [h.text for h in found] == ["lights", "lights off"]
    assert [word.start for word in found[-1].words] == pytest.approx([0.6, 0.9])


async def test_with_a_grammar_only_its_words_are_heard(vosk: FakeVosk, folder: Path) -> None:
    recogniser = provider(folder, Settings(grammar=True))
    recogniser.use(Words())
    await recogniser.load()
    vosk.last = said("lights [unk] on")
    assert (await heard(recogniser, 0))[-1].text == "lights on"
    assert json.loads(vosk.recognisers[-1][2]) == ["lights", "off", "on", "hey jarvis", "jarvis", "[unk]"]
    vosk.last = said("[unk] [unk] on")
    refused = (await heard(recogniser, 0))[-1]
    assert (refused.text, refused.final, refused.words) == ("", True, ())


async def test_silence_is_an_empty_final(vosk: FakeVosk, folder: Path) -> None:
    recogniser = provider(folder)
    await recogniser.load()
    found = await heard(recogniser, 0)
    assert [(h.text, h.final) for h in found] == [("", True)]


async def test_without_a_model_the_command_that_gets_one_is_named(vosk: FakeVosk, tmp_path: Path) -> None:
    recogniser = provider(tmp_path)
    assert not recogniser.serves("en")
    with pytest.raises(ProviderUnavailableError) as failed:
        await recogniser.load()
    assert str(failed.value) == (
        "vosk has no model: get one with arvisd models pull vosk-small-en or arvisd models pull vosk-small-ru"
    )


async def test_a_broken_model_is_named_with_its_folder(vosk: FakeVosk, folder: Path) -> None:
    vosk.broken = True
    with pytest.raises(ProviderUnavailableError) as failed:
        await provider(folder).load()
    assert str(failed.value) == (f"vosk cannot read the model in {folder / 'vosk-small-en'}: arvisd models verify")


async def test_only_languages_with_a_model_are_served(vosk: FakeVosk, folder: Path) -> None:
    recogniser = provider(folder)
    assert recogniser.serves("en-GB")
    assert not recogniser.serves("ru")
    (folder / "own" / "conf").mkdir(parents=True)
    assert provider(folder, Settings(models={"ru": "own"})).serves("ru")


def test_the_stand_in_has_the_names_of_the_real_one() -> None:
    real = pytest.importorskip("vosk", reason="vosk is not installed")
    fake = FakeVosk()
    assert list(inspect.signature(real.Model.__init__).parameters) == list(
        inspect.signature(fake.Model.__init__).parameters
    )
    names = ["SetWords", "AcceptWaveform", "Result", "PartialResult", "FinalResult"]
    for name in names:
        assert list(inspect.signature(getattr(real.KaldiRecognizer, name)).parameters) == list(
            inspect.signature(getattr(fake.KaldiRecognizer, name)).parameters
        )
    assert callable(real.SetLogLevel)

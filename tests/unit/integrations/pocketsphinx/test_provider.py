"""Streams, grammars that change, listeners that are shared, and what is refused; with the real library."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from arvisd.core.errors import ProviderError, ProviderUnavailableError
from arvisd.providers.stt import Hypothesis, WordGraph
from tests.simulators.synthetic_speech import synthesise

pocketsphinx = pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")

from arvisd.integrations.pocketsphinx.acoustic import AcousticModel, english_model, russian_model  # noqa: E402
from arvisd.integrations.pocketsphinx.english import EnglishLexicon  # noqa: E402
from arvisd.integrations.pocketsphinx.provider import PocketsphinxProvider  # noqa: E402


class Sentences:
    """A vocabulary of a few sentences."""

    def __init__(self, *sentences: str, lead_ins: tuple[str, ...] = ("hey jarvis", "jarvis")) -> None:
        self.version = 0
        self.lead_ins = lead_ins
        self.say(*sentences)

    def say(self, *sentences: str) -> None:
        self.version += 1
        arcs: list[tuple[int, int, str]] = []
        ends = set()
        state = 0
        for sentence in sentences:
            before = 0
            for word in sentence.split():
                state += 1
                arcs.append((before, state, word))
                before = state
            ends.add(before)
        self._graph = WordGraph(tuple(arcs), frozenset(ends), self.lead_ins)

    def graph(self, language: str) -> WordGraph:
        return self._graph

    def words(self, language: str) -> frozenset[str]:
        return frozenset(arc[2] for arc in self._graph.arcs)


SENTENCES = ("turn on the lamp", "turn off the lamp", "what time is it", "open the garage door")


def recogniser(vocabulary: Sentences | None, parallel: int = 2) -> PocketsphinxProvider:
    made = PocketsphinxProvider(
        lambda: [english_model(pocketsphinx.get_model_path("en-us"))],
        {"en": lambda lookup: EnglishLexicon(lookup).pronounce},
        logging.getLogger("test"),
        {},
        parallel,
    )
    if vocabulary is not None:
        made.use(vocabulary)
    return made


@pytest.fixture
async def vocabulary() -> Sentences:
    return Sentences(*SENTENCES)


@pytest.fixture
async def provider(vocabulary: Sentences) -> AsyncIterator[PocketsphinxProvider]:
    made = recogniser(vocabulary)
    await made.load()
    yield made
    await made.close()


async def stream(pcm: bytes, size: int = 3200) -> AsyncIterator[bytes]:
    for start in range(0, len(pcm), size):
        yield pcm[start : start + size]


async def hear(provider: PocketsphinxProvider, pcm: bytes, language: str = "en") -> list[Hypothesis]:
    return [found async for found in provider.transcribe(stream(pcm), language)]


async def test_partials_grow_and_one_final_ends_them(provider: PocketsphinxProvider) -> None:
    found = await hear(provider, synthesise("turn on the lamp"))
    assert [hypothesis.final for hypothesis in found] == [False] * (len(found) - 1) + [True]
    assert found[-1].text == "turn on the lamp"
    assert found[-1].confidence > 0.5
    assert any(hypothesis.text.startswith("turn") for hypothesis in found[:-1])
    words = found[-1].words
    assert [word.text for word in words] == ["turn", "on", "the", "lamp"]
    assert all(before.end <= after.start + 0.011 for before, after in itertools.pairwise(words))


@pytest.mark.parametrize("said", SENTENCES)
async def test_sentences_of_the_grammar_are_heard(provider: PocketsphinxProvider, said: str) -> None:
    assert (await hear(provider, synthesise(said)))[-1].text == said


@pytest.mark.parametrize("said", ["hey jarvis turn on the lamp", "hey jarvis, what time is it"])
async def test_the_wake_word_is_no_part_of_what_is_said(provider: PocketsphinxProvider, said: str) -> None:
    final = (await hear(provider, synthesise(said)))[-1]
    assert final.text == said.removeprefix("hey jarvis").strip(" ,")
    assert final.words[0].start > 0.5


async def test_the_wake_word_alone_asks_for_nothing(provider: PocketsphinxProvider) -> None:
    assert (await hear(provider, synthesise("hey jarvis")))[-1].text == ""


@pytest.mark.parametrize(
    "said", ["the quick brown fox jumps over the lazy dog", "my sister will come to dinner on Sunday", "elephants"]
)
async def test_other_speech_is_refused(provider: PocketsphinxProvider, said: str) -> None:
    final = (await hear(provider, synthesise(said)))[-1]
    assert (final.text, final.final, final.words) == ("", True, ())


@pytest.mark.parametrize("pcm", [b"", b"\0\0" * 16000, b"\x10\x00\xf0\xff" * 20000])
async def test_nothing_said_is_nothing_heard(provider: PocketsphinxProvider, pcm: bytes) -> None:
    final = (await hear(provider, pcm))[-1]
    assert (final.text, final.final) == ("", True)


async def test_a_changed_vocabulary_is_taken_between_utterances(
    provider: PocketsphinxProvider, vocabulary: Sentences
) -> None:
    pcm = synthesise("close the garage door")
    assert (await hear(provider, pcm))[-1].text != "close the garage door"
    vocabulary.say("open the garage door", "close the garage door")
    assert (await hear(provider, pcm))[-1].text == "close the garage door"
    assert (await hear(provider, synthesise("turn on the lamp")))[-1].text == ""


async def test_a_change_in_the_middle_does_not_disturb_the_utterance(
    provider: PocketsphinxProvider, vocabulary: Sentences
) -> None:
    pcm = synthesise("turn on the lamp")

    async def changing() -> AsyncIterator[bytes]:
        async for piece in stream(pcm[: len(pcm) // 2]):
            yield piece
        vocabulary.say("open the garage door")
        other = [found async for found in provider.transcribe(stream(synthesise("open the garage door")), "en")]
        assert other[-1].text == "open the garage door"
        async for piece in stream(pcm[len(pcm) // 2 :]):
            yield piece

    found = [hypothesis async for hypothesis in provider.transcribe(changing(), "en")]
    assert found[-1].text == "turn on the lamp"


async def test_two_are_heard_at_once_and_a_third_waits(vocabulary: Sentences) -> None:
    provider = recogniser(vocabulary, parallel=2)
    await provider.load()
    found = await asyncio.gather(*(hear(provider, synthesise(said)) for said in SENTENCES[:3]))
    assert [hypotheses[-1].text for hypotheses in found] == list(SENTENCES[:3])
    assert len(provider._pools["en"].idle) == 2
    await provider.close()


async def test_an_utterance_that_is_given_up_leaves_the_listener_ready(provider: PocketsphinxProvider) -> None:
    hypotheses = provider.transcribe(stream(synthesise("turn off the lamp")), "en")
    await anext(hypotheses)
    await hypotheses.aclose()
    assert (await hear(provider, synthesise("turn on the lamp")))[-1].text == "turn on the lamp"


async def test_a_source_that_fails_leaves_the_listener_ready(provider: PocketsphinxProvider) -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield synthesise("turn off the lamp")[:32000]
        raise OSError("the microphone is gone")

    with pytest.raises(OSError, match="the microphone is gone"):
        async for _ in provider.transcribe(failing(), "en"):
            pass
    assert (await hear(provider, synthesise("turn on the lamp")))[-1].text == "turn on the lamp"


async def test_without_a_vocabulary_nothing_is_heard() -> None:
    provider = recogniser(None)
    await provider.load()
    assert (await hear(provider, synthesise("turn on the lamp")))[-1].text == ""
    await provider.close()


async def test_words_that_cannot_be_said_are_named_once(caplog: pytest.LogCaptureFixture) -> None:
    vocabulary = Sentences("turn on the лампа", "turn on the lamp")
    provider = recogniser(vocabulary)
    await provider.load()
    assert (await hear(provider, synthesise("turn on the lamp")))[-1].text == "turn on the lamp"
    vocabulary.version += 1
    await hear(provider, b"")
    assert caplog.messages == ["cannot be heard in en, no pronunciation: лампа"]
    await provider.close()


async def test_a_language_without_a_model_is_refused_by_name(provider: PocketsphinxProvider) -> None:
    assert provider.serves("en-GB")
    assert not provider.serves("ru")
    with pytest.raises(ProviderError) as failed:
        await hear(provider, b"", "ru")
    assert str(failed.value) == "pocketsphinx has no model for 'ru': arvisd models list --language ru"


async def test_a_broken_model_does_not_stop_the_others(
    vocabulary: Sentences, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "ru.dict").write_text("лампа L A0 M P A\n")
    good = english_model(pocketsphinx.get_model_path("en-us"))
    broken = AcousticModel("ru", tmp_path / "model", tmp_path / "ru.dict", -4.7, coverage=0.6, all_states=False)
    provider = recogniser(vocabulary)
    provider._find_models = lambda: [broken, good]
    provider._lexicons["ru"] = lambda lookup: lambda word: []
    await provider.load()
    assert provider.serves("en")
    assert not provider.serves("ru")
    assert caplog.messages[0].startswith(f"the model in {tmp_path / 'model'} cannot be read: ")
    assert caplog.messages[0].endswith("; arvisd models verify")
    await provider.close()
    provider = recogniser(vocabulary)
    provider._find_models = lambda: [broken]
    provider._lexicons["ru"] = lambda lookup: lambda word: []
    with pytest.raises(ProviderUnavailableError):
        await provider.load()
    await provider.close()


async def test_a_closed_provider_says_so(vocabulary: Sentences) -> None:
    provider = recogniser(vocabulary)
    await provider.load()
    await provider.close()
    with pytest.raises(ProviderError, match="pocketsphinx was closed"):
        await hear(provider, b"")


def test_the_russian_model_is_looked_for_by_name(tmp_path: Path) -> None:
    assert russian_model(lambda name: None) is None
    assert russian_model(lambda name: tmp_path) is None
    (tmp_path / "ru.dict").touch()
    found = russian_model({"ru-sphinx": tmp_path}.get)
    assert found is not None
    assert found.sounds == tmp_path / "model"

"""What was heard of a reply that was cut off."""

from __future__ import annotations

import pytest

from arvisd.assist.onset import first_audible
from arvisd.assist.rendering import Rendering, heard_text
from arvisd.assist.sentences import split
from arvisd.providers.tts import SpeechChunk, WordTime
from arvisd.providers.tts_chain import Voiced
from tests.simulators.sounds import run

TEXT = "One two three. Four five."
MS = 100
"""Each character of the text sounds that long."""


def rendered(*, words: bool, complete: int = 2) -> list[Rendering]:
    renderings, at = [], 0.0
    for index, piece in enumerate(split(TEXT)):
        rendering = Rendering(piece)
        rendering.start_ms = at
        times = []
        if words:
            for word in piece.text.split():
                offset = piece.text.index(word)
                times.append(WordTime(offset * MS, offset, len(word)))
        length = len(piece.text) * MS
        rendering.add(Voiced(SpeechChunk(run(1, length / 1000), 16_000, (), tuple(times)), "voice"))
        rendering.finish(complete=index < complete)
        at += length
        renderings.append(rendering)
    return renderings


@pytest.mark.parametrize("words", [True, False], ids=["word times", "share of the time"])
@pytest.mark.parametrize(
    ("ms", "expected"),
    [
        (0, ""),
        (250, ""),
        (450, "One"),
        (801, "One two"),
        (1399, "One two three."),
        (1400, "One two three."),
        (1450, "One two three."),
        (1950, "One two three. Four"),
        (2400, TEXT),
        (9999, TEXT),
    ],
)
def test_whole_words_only(words, ms, expected):
    assert heard_text(TEXT, rendered(words=words), ms) == expected


def test_what_was_never_begun_was_not_heard():
    assert heard_text(TEXT, rendered(words=True)[:1], 9999) == "One two three."
    first, second = rendered(words=True)
    second.start_ms = None
    assert heard_text(TEXT, [first, second], 9999) == "One two three."
    assert heard_text(TEXT, [], 100) == ""


@pytest.mark.parametrize(
    ("pcm", "index"),
    [(b"", None), (run(0, 1), None), (run(300, 1), None), (run(0, 0.01) + run(-400, 0.01), 160), (run(5000, 0.1), 0)],
)
def test_first_audible_sample(pcm, index):
    assert first_audible(pcm) == index

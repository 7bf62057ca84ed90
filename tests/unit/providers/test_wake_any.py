"""Several wake word engines at once."""

import pytest

from arvisd.providers.base import Capability, ProviderInfo
from arvisd.providers.wake import WakeDetection, WakeDetector, WakeProvider
from arvisd.providers.wake_any import any_of

SECOND = bytes(32000)


class ScriptedDetector(WakeDetector):
    """Hears its word in the blocks whose numbers it is given."""

    def __init__(self, word: str, blocks: set[int]) -> None:
        self._word, self._blocks, self._block = word, blocks, -1
        self.resets = 0

    def process(self, pcm: bytes) -> WakeDetection | None:
        self._block += 1
        return WakeDetection(self._word, 0.9) if self._block in self._blocks else None

    def reset(self) -> None:
        self.resets += 1


class Scripted(WakeProvider):
    def __init__(self, name: str, script: dict[str, set[int]]) -> None:
        self.info = ProviderInfo(name, Capability.WAKE)
        self._script = script
        self.asked: list[tuple[list[str], float | None]] = []
        self.made: list[ScriptedDetector] = []

    def words(self) -> list[str]:
        return sorted(self._script)

    def detector(self, words: list[str], threshold: float | None = None) -> WakeDetector:
        self.asked.append((words, threshold))
        self.made.append(ScriptedDetector(words[0], self._script[words[0]]))
        return self.made[-1]


def heard(detector: WakeDetector, blocks: int) -> list[tuple[int, str]]:
    found = [(number, detector.process(SECOND)) for number in range(blocks)]
    return [(number, detection.word) for number, detection in found if detection is not None]


def test_what_one_engine_misses_another_hears() -> None:
    engines = [Scripted("a", {"hey": {1}}), Scripted("b", {"hey": {5}})]
    assert heard(any_of(engines, ["hey"]), 9) == [(1, "hey"), (5, "hey")]


def test_what_both_hear_is_one_detection() -> None:
    engines = [Scripted("a", {"hey": {1}}), Scripted("b", {"hey": {2}})]
    assert heard(any_of(engines, ["hey"]), 9) == [(1, "hey")]


def test_each_engine_listens_for_the_words_that_it_knows() -> None:
    one, two, three = (
        Scripted("a", {"hey": set(), "ho": set()}),
        Scripted("b", {"ho": set()}),
        Scripted("c", {"x": set()}),
    )
    any_of([one, two, three], ["hey", "ho"], 0.7)
    assert (one.asked, two.asked, three.asked) == ([(["hey", "ho"], 0.7)], [(["ho"], 0.7)], [])


def test_one_engine_alone_is_not_wrapped() -> None:
    engine = Scripted("a", {"hey": set()})
    assert any_of([engine], ["hey"]) is engine.made[0]


def test_a_reset_is_for_all_and_ends_the_hold() -> None:
    engines = [Scripted("a", {"hey": {0, 1}}), Scripted("b", {"hey": set()})]
    detector = any_of(engines, ["hey"])
    assert detector.process(SECOND) is not None
    detector.reset()
    assert detector.process(SECOND) is not None
    assert [engine.made[0].resets for engine in engines] == [1, 1]


@pytest.mark.parametrize(
    ("words", "message"),
    [(["hey", "x"], "no wake word 'x'; there are hey, ho"), ([], "no wake word is asked for; there are hey, ho")],
)
def test_a_word_that_nobody_knows_is_refused(words: list[str], message: str) -> None:
    with pytest.raises(ValueError) as error:
        any_of([Scripted("a", {"hey": set()}), Scripted("b", {"ho": set()})], words)
    assert str(error.value) == message

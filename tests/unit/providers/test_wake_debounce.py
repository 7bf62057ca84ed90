"""One detection of each spoken word."""

import pytest

from arvisd.providers.wake import WakeDetection
from arvisd.providers.wake_debounce import WakeDebounce, chosen_thresholds

STEP = 0.1


def heard(debounce: WakeDebounce, *rows: dict[str, float]) -> list[tuple[int, WakeDetection]]:
    taken = [(number, debounce.take(row, STEP)) for number, row in enumerate(rows)]
    return [(number, detection) for number, detection in taken if detection is not None]


def test_a_word_is_detected_once_while_its_score_is_high() -> None:
    rows = [{"a": score} for score in (0.1, 0.6, 0.9, 0.9, 0.2)]
    assert heard(WakeDebounce({"a": 0.5}), *rows) == [(1, WakeDetection("a", 0.6))]


def test_a_score_that_stays_high_for_long_is_one_word() -> None:
    assert len(heard(WakeDebounce({"a": 0.5}), *[{"a": 0.9}] * 60)) == 1


@pytest.mark.parametrize(("pause", "detections"), [(18, 1), (19, 2), (40, 2)])
def test_within_two_seconds_nothing_more_is_detected(pause: int, detections: int) -> None:
    rows = [{"a": 0.9}, *[{"a": 0.0}] * pause, {"a": 0.9}]
    assert len(heard(WakeDebounce({"a": 0.5}), *rows)) == detections


def test_the_hold_is_for_all_words() -> None:
    rows = [{"a": 0.9, "b": 0.0}, {"a": 0.9, "b": 0.9}]
    assert heard(WakeDebounce({"a": 0.5, "b": 0.5}), *rows) == [(0, WakeDetection("a", 0.9))]


def test_of_several_words_the_one_furthest_above_its_threshold_counts() -> None:
    assert heard(WakeDebounce({"a": 0.9, "b": 0.3}), {"a": 0.95, "b": 0.8}) == [(0, WakeDetection("b", 0.8))]


def test_a_word_without_a_new_score_stays_where_it_was() -> None:
    rows = [{"a": 0.9}, *[{}] * 30, {"a": 0.9}]
    assert len(heard(WakeDebounce({"a": 0.5}), *rows)) == 1


def test_a_new_stream_begins_afresh() -> None:
    debounce = WakeDebounce({"a": 0.5})
    assert debounce.take({"a": 0.9}, STEP) is not None
    debounce.reset()
    assert debounce.take({"a": 0.9}, STEP) is not None


def test_thresholds_are_each_words_own_or_one_for_all() -> None:
    known = {"a": 0.4, "b": 0.6}
    assert chosen_thresholds(["b"], known, None) == {"b": 0.6}
    assert chosen_thresholds(["a", "b"], known, 0.9) == {"a": 0.9, "b": 0.9}


@pytest.mark.parametrize(
    ("words", "message"),
    [(["a", "x"], "no wake word 'x'; there are a, b"), ([], "no wake word is asked for; there are a, b")],
)
def test_unknown_words_are_refused_by_name(words: list[str], message: str) -> None:
    with pytest.raises(ValueError) as error:
        chosen_thresholds(words, {"a": 0.4, "b": 0.6}, None)
    assert str(error.value) == message

"""Phonemes from espeak's events."""

from arvisd.integrations.espeak.phonemes import PhonemeTrack

from arvisd.api import Phoneme

RATE = 1000  # a sample is a millisecond


def track(*events: tuple[int, str], end: int) -> list[Phoneme]:
    made = PhonemeTrack(RATE)
    phonemes = [phoneme for sample, symbol in events for phoneme in made.add(sample, symbol)]
    return phonemes + made.end(end)


def test_a_phoneme_lasts_until_the_next_begins() -> None:
    assert track((0, "h"), (40, "aɪ"), end=200) == [Phoneme("h", 0, 40), Phoneme("aɪ", 40, 160)]


def test_a_release_is_part_of_its_plosive() -> None:
    assert track((0, "p"), (30, ""), (60, "r"), end=100) == [Phoneme("p", 0, 60), Phoneme("r", 60, 40)]


def test_a_silence_of_fifty_milliseconds_is_a_pause() -> None:
    assert track((0, "t"), (40, ""), (90, "a"), end=120) == [
        Phoneme("t", 0, 40),
        Phoneme("", 40, 50),
        Phoneme("a", 90, 30),
    ]


def test_two_silences_in_a_row_are_one_pause() -> None:
    assert track((0, "t"), (40, ""), (140, ""), end=340) == [Phoneme("t", 0, 40), Phoneme("", 40, 300)]


def test_a_lone_palatalisation_joins_its_consonant() -> None:
    assert track((0, "r"), (30, "ʲ"), (70, "i"), end=100) == [Phoneme("rʲ", 0, 70), Phoneme("i", 70, 30)]
    assert track((0, "d"), (30, ""), (45, "ʲ"), (70, "i"), end=100) == [Phoneme("dʲ", 0, 70), Phoneme("i", 70, 30)]


def test_marks_of_language_are_no_sounds() -> None:
    assert track((0, "v"), (50, "(en)"), (57, "w"), (100, "(ru)"), end=120) == [
        Phoneme("v", 0, 57),
        Phoneme("w", 57, 63),
    ]


def test_a_long_silence_at_the_beginning_is_a_pause_and_a_short_one_is_nothing() -> None:
    assert track((60, "a"), end=100) == [Phoneme("", 0, 60), Phoneme("a", 60, 40)]
    assert track((40, "a"), end=100) == [Phoneme("a", 40, 60)]


def test_what_is_in_hand_begins_at_the_open_sample() -> None:
    made = PhonemeTrack(RATE)
    made.add(0, "h")
    made.add(40, "aɪ")
    made.add(150, "")
    assert made.open_sample == 40

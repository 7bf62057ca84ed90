"""Phonemes from Piper's alignments."""

from arvisd.integrations.piper.phonemes import phonemes_of

from arvisd.api import Phoneme

RATE = 1000  # a sample is a millisecond


def test_stress_and_length_are_part_of_their_sound() -> None:
    heard = [("^", 20), ("ˈ", 10), ("i", 40), ("ː", 30), ("t", 50), ("$", 20)]
    assert phonemes_of(heard, RATE) == [Phoneme("ˈiː", 20, 80), Phoneme("t", 100, 70)]


def test_a_combining_mark_joins_the_sound_before_it() -> None:
    assert phonemes_of([("n", 30), ("\u0329", 10), ("ɪ", 20)], RATE) == [
        Phoneme("n\u0329", 0, 40),
        Phoneme("ɪ", 40, 20),
    ]


def test_punctuation_and_spaces_are_one_pause_from_fifty_milliseconds_on() -> None:
    assert phonemes_of([("a", 40), (",", 30), (" ", 30), ("b", 20)], RATE) == [
        Phoneme("a", 0, 40),
        Phoneme("", 40, 60),
        Phoneme("b", 100, 20),
    ]
    assert phonemes_of([("a", 40), (" ", 30), ("b", 20)], RATE) == [Phoneme("a", 0, 70), Phoneme("b", 70, 20)]


def test_the_next_sentence_begins_where_the_last_ended() -> None:
    assert phonemes_of([("a", 40)], RATE, 500) == [Phoneme("a", 500, 40)]

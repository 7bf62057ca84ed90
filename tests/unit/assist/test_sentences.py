"""Texts split into what is spoken in one breath, in English and Russian."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arvisd.assist.sentences import LONGEST, split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello. World!", ["Hello.", "World!"]),
        ("Mr. Smith left at 10 p.m. Then he slept.", ["Mr. Smith left at 10 p.m.", "Then he slept."]),
        (
            "It is 3.5 degrees, i.e. cold. J. R. R. Tolkien wrote.",
            ["It is 3.5 degrees, i.e. cold.", "J. R. R. Tolkien wrote."],
        ),
        ("Dr. No lives at 5 St. James. Go!", ["Dr. No lives at 5 St. James.", "Go!"]),
        ("Lamps, fans, etc. Then the rest.", ["Lamps, fans, etc.", "Then the rest."]),
        ("Wait... what? No. 5 is alive!", ["Wait... what?", "No. 5 is alive!"]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("In 2020. Then it was.", ["In 2020.", "Then it was."]),
        (
            "А. С. Пушкин родился в г. Москва в 1799 г. Потом он рос.",
            ["А. С. Пушкин родился в г. Москва в 1799 г.", "Потом он рос."],
        ),
        ("Хлеб, соль и т. д. Конец.", ["Хлеб, соль и т. д.", "Конец."]),
        ("Хлеб и т. п. продукты. Конец.", ["Хлеб и т. п. продукты.", "Конец."]),
        ("т.е. так, т. е. вот так. Идём!", ["т.е. так, т. е. вот так.", "Идём!"]),
        ("Ул. Ленина, д. 5, кв. 3. Идём!", ["Ул. Ленина, д. 5, кв. 3.", "Идём!"]),
        ("«Привет!» — сказал он. «Да.» Она ушла.", ["«Привет!» — сказал он.", "«Да.»", "Она ушла."]),
        ("Температура −3,5 °C. Ветер 5 м/с.", ["Температура −3,5 °C.", "Ветер 5 м/с."]),
        ("Будет в 10 ч. 30 мин. Ждите.", ["Будет в 10 ч. 30 мин.", "Ждите."]),
        ("1. Milk\n2. Bread\n", ["1. Milk", "2. Bread"]),
        ("One line\nanother line", ["One line", "another line"]),
        ("...", []),
        ("🙂 Yes. 🙂", ["🙂 Yes."]),
        ("", []),
        (
            "The lights in the kitchen, the bedroom and the living room are now on. Bye.",
            ["The lights in the kitchen,", "the bedroom and the living room are now on.", "Bye."],
        ),
        (
            "Fine. The lights in the kitchen, the bedroom and the living room are now on.",
            ["Fine.", "The lights in the kitchen, the bedroom and the living room are now on."],
        ),
    ],
)
def test_split(text, expected):
    assert [piece.text for piece in split(text)] == expected


@given(st.text(alphabet="aЯ1 .,!?—\n«»\"'()🙂", max_size=500))
def test_pieces_are_parts_of_the_text_in_order_and_nothing_spoken_is_lost(text):
    pieces = split(text)
    end = 0
    for piece in pieces:
        assert piece.offset >= end
        assert text[piece.offset : piece.end] == piece.text == piece.text.strip()
        assert not any(character.isalnum() for character in text[end : piece.offset])
        assert any(character.isalnum() for character in piece.text)
        end = piece.end
    assert not any(character.isalnum() for character in text[end:])


@given(st.text(alphabet="ab ,", max_size=2000))
def test_no_piece_is_too_long(text):
    assert all(len(piece.text) <= LONGEST for piece in split(text))

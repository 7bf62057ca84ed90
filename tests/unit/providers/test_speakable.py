"""Texts made fit to be spoken."""

import pytest

from arvisd.providers.speakable import speakable


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Hello, world!", "Hello, world!"),
        ("**Bold** and _thin_ and `code`", "Bold and thin and code"),
        ("# Title\n- one\n- two", "Title\none\ntwo"),
        ("<b>hi</b> there", "hi there"),
        ("see [the page](https://example.com/a?b=c).", "see the page."),
        ("see https://www.example.com/a?b=c, please", "see example.com, please"),
        ("well done 🙂👍🏽!", "well done !"),
        ("a\u200bb\x07c\ud800", "ab c"),
        ("snake_case", "snake case"),
        ("3*4", "3*4"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("[[t'Est]] it", "t'Est it"),
    ],
)
def test_markup_and_pictures_are_not_spoken(text: str, spoken: str) -> None:
    assert speakable(text, "en").text == spoken


@pytest.mark.parametrize("text", ["", "   ", "…", "🙂", "\x00\x01", "** **", "<br/>", "---"])
def test_a_text_without_letters_or_digits_is_nothing(text: str) -> None:
    assert speakable(text, "ru").text == ""


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("ru", "На улице -5 °C", "На улице минус 5 градусов"),
        ("ru", "−1°", "минус 1 градус"),
        ("ru", "21,5°", "21 и 5 градуса"),
        ("ru", "21.05", "21 и 0 5"),
        ("ru", "22%", "22 процента"),
        ("ru", "12%", "12 процентов"),
        ("ru", "5 км/ч", "5 километров в час"),
        ("ru", "1\u00a0000\u00a0000 ₽", "1000000 рублей"),
        ("ru", "21.11.2026 в 12:05", "21.11.2026 в 12:05"),
        ("ru", "10-12", "10-12"),
        ("ru", "по-русски", "по-русски"),
        ("en", "it is -5 °C", "it is minus 5 degrees"),
        ("en", "1 W, 2 kW", "1 watt, 2 kilowatts"),
        ("en", "at 10:00 or 12:05", "at 10 o'clock or 12 oh 5"),
        ("en", "7:00 pm", "7:00 pm"),
        ("en", "2-3", "2-3"),
        ("en-GB", "3 °C", "3 degrees"),
        ("de", "-5 °C", "-5 °C"),
    ],
)
def test_numbers_are_said_as_people_say_them(language: str, text: str, spoken: str) -> None:
    assert speakable(text, language).text == spoken


@pytest.mark.parametrize(
    ("text", "word"), [("**Да**, -5 °C дома", "дома"), ("🙂 https://a.b/c дома", "дома"), ("дома", "дома")]
)
def test_a_spoken_word_is_found_in_the_text_as_written(text: str, word: str) -> None:
    made = speakable(text, "ru")
    offset, length = made.origin(made.text.index(word), len(word))
    assert text[offset : offset + length] == word


def test_a_reworded_number_points_to_its_digits() -> None:
    made = speakable("дома -5 °C", "ru")
    offset, length = made.origin(made.text.index("градусов"), len("градусов"))
    assert offset >= len("дома ")
    assert offset + length <= len("дома -5 °C")


def test_a_place_beyond_the_text_is_its_end() -> None:
    assert speakable("да", "ru").origin(5, 3) == (1, 1)
    assert speakable("", "ru").origin(0, 1) == (0, 0)

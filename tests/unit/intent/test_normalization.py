"""One form for what people say, type and name."""

from __future__ import annotations

import pytest

from arvisd.intent.normalization import fold_template, normalize

CASES = [
    ("en", "Turn ON the light, please!", "turn on the light please"),
    ("en", "set it to twenty-one percent", "set it to 21 percent"),
    ("en", "two thousand seven hundred kelvin", "2700 kelvin"),
    ("en", "one hundred and five", "105"),
    ("en", "twenty point five degrees", "20.5 degrees"),
    ("en", "twenty and a half degrees", "20.5 degrees"),
    ("en", "five six", "5 6"),
    ("en", "minus five", "-5"),
    ("en", "living-room lamp", "living-room lamp"),
    ("en", "what’s the time?", "what's the time"),
    ("en", "turn on and on", "turn on and on"),
    ("ru", "Зелёный", "зеленый"),
    ("ru", "до пятидесяти процентов", "до 50 процентов"),
    ("ru", "на двадцать одну минуту", "на 21 минуту"),
    ("ru", "двадцать два с половиной градуса", "22.5 градуса"),
    ("ru", "4 тысячи пятьсот", "4500"),
    ("ru", "тысяча", "1000"),
    ("ru", "одиннадцать двенадцать", "11 12"),
    ("ru", "минус двадцать", "-20"),
    ("ru", "Включи «Ёлку» — быстро…", "включи елку быстро"),
    ("ru", "22,5 градуса в 12:05.", "22,5 градуса в 12:05"),
    ("de", "zwanzig Grad", "zwanzig grad"),
    ("en", "", ""),
    ("en", " ?! ", ""),
]


@pytest.mark.parametrize(("language", "text", "plain"), CASES)
def test_normalize(language: str, text: str, plain: str) -> None:
    assert normalize(text, language) == plain


@pytest.mark.parametrize(("language", "text", "plain"), CASES)
def test_what_is_normal_stays(language: str, text: str, plain: str) -> None:
    assert normalize(plain, language) == plain


def test_templates_keep_the_spaces_at_their_ends() -> None:
    assert fold_template(" at seven ", "en") == " at 7 "
    assert fold_template("ём ", "ru") == "ем "
    assert fold_template("wake ", "en") == "wake "

"""Russian names in the case that the word before asks for."""

from __future__ import annotations

import pytest

from arvisd.intent.grammar_cases import fitting_forms
from arvisd.intent.grammar_numbers import number_words
from arvisd.intent.russian import case_forms


@pytest.mark.parametrize(
    ("name", "after", "place", "expected"),
    [
        ("лампа", "включи", False, ("лампу",)),
        ("торшер", "включи", False, ("торшер",)),
        ("дверь гаража", "открой", False, ("дверь гаража",)),
        ("дверь гаража", "", False, ("дверь гаража",)),
        ("люстра", "", False, ("люстра",)),
        ("люстра", "у", False, ("люстры",)),
        ("люстра", "яркость", False, ("люстры",)),
        ("колонка", "на", False, ("колонке",)),
        ("жалюзи", "закрой", False, ("жалюзи",)),
        ("кухня", "на", True, ("кухне",)),
        ("кухня", "в", True, ()),
        ("кухня", "яркость", True, ("кухни",)),
        ("гараж", "в", True, ("гараже",)),
        ("гараж", "на", True, ()),
        ("двор", "во", True, ("дворе",)),
        ("двор", "в", True, ("дворе",)),
        ("гараж", "во", True, ()),
        ("спальня", "установи", True, ("спальни",)),
    ],
)
def test_the_word_before_asks_for_a_case(name: str, after: str, place: bool, expected: tuple[str, ...]) -> None:
    assert fitting_forms(case_forms(name), after, place=place) == expected


def test_several_names_of_one_thing_keep_a_form_each() -> None:
    forms = [*case_forms("лампа"), *case_forms("светильник")]
    assert fitting_forms(forms, "включи", place=False) == ("лампу", "светильник")


def test_one_may_be_in_a_garden() -> None:
    assert "саду" in fitting_forms(case_forms("сад"), "в", place=True)


@pytest.mark.parametrize(
    ("number", "language", "expected"),
    [
        (21, "en", ("twenty one",)),
        (100, "en", ("one hundred",)),
        (21, "ru", ("двадцать один", "двадцать одна", "двадцать одну", "двадцати одного", "двадцати одной")),
        (5, "ru", ("пять", "пяти")),
        (5, "xx", ()),
    ],
)
def test_numbers_are_said_as_people_say_them(number: int, language: str, expected: tuple[str, ...]) -> None:
    assert number_words(number, language) == expected

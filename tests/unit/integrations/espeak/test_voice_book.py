"""Voices by name and by language."""

import pytest
from arvisd.integrations.espeak.library import Voice
from arvisd.integrations.espeak.scripts import Run, script_runs
from arvisd.integrations.espeak.voices import VoiceBook

from arvisd.api import ProviderError

BOOK = VoiceBook(
    (
        Voice("en", "gmw/en", (("en-gb", 2), ("en", 2))),
        Voice("en-us", "gmw/en-US", (("en-us", 2), ("en", 3))),
        Voice("en-029", "gmw/en-029", (("en-029", 5), ("en", 10))),
        Voice("ru", "zle/ru", (("ru", 5),)),
    ),
    frozenset({"f2", "m3"}),
)


@pytest.mark.parametrize(
    ("language", "identifier"),
    [
        ("en", "gmw/en-US"),
        ("en-GB", "gmw/en"),
        ("en-us", "gmw/en-US"),
        ("ru", "zle/ru"),
        ("ru-RU", "zle/ru"),
        ("en-ZZ", "gmw/en"),
    ],
)
def test_each_language_has_its_voice(language: str, identifier: str) -> None:
    assert BOOK.for_language(language) == identifier


@pytest.mark.parametrize(
    ("name", "identifier"),
    [("en-us", "gmw/en-US"), ("en-gb", "gmw/en"), ("ru+f2", "zle/ru+f2"), ("EN-US", "gmw/en-US")],
)
def test_a_voice_is_found_by_name(name: str, identifier: str) -> None:
    assert BOOK.identifier(name) == identifier


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(ProviderError) as error:
        BOOK.identifier("en-au")
    assert str(error.value) == "espeak-ng has no voice 'en-au'; it has en-us, en, en-029"
    with pytest.raises(ProviderError) as error:
        BOOK.for_language("xx")
    assert str(error.value) == "espeak-ng does not speak 'xx'; it speaks en, ru"


def test_a_variant_that_is_not_there_is_said() -> None:
    with pytest.raises(ProviderError, match="^espeak-ng has no variant 'x'; it has f2, m3$"):
        BOOK.identifier("ru+x")


def test_languages_and_names_are_listed() -> None:
    assert BOOK.languages == ("en", "ru")
    assert BOOK.names("en") == ["en-us", "en", "en-029"]
    assert BOOK.names("xx") == []


def test_cyrillic_in_english_is_for_the_russian_voice() -> None:
    assert script_runs("Turn on кухонный свет now", "en") == [
        Run("Turn on ", 0, ""),
        Run("кухонный свет", 8, "ru"),
        Run(" now", 21, ""),
    ]


def test_latin_in_russian_is_left_to_the_russian_voice() -> None:
    assert script_runs("Включи Wi-Fi", "ru") == [Run("Включи Wi-Fi", 0, "")]


def test_runs_without_letters_are_dropped() -> None:
    assert script_runs("«Привет»!", "en-US") == [Run("Привет", 1, "ru")]

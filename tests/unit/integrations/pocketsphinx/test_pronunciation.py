"""How words are said that no dictionary has."""

from __future__ import annotations

from pathlib import Path

import pytest
from arvisd.integrations.pocketsphinx.english import EnglishLexicon
from arvisd.integrations.pocketsphinx.russian import RussianLexicon, parse_stress, pronounce, variants


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("включ+и", "F K L0 U TSH0 I0"),
        ("гост+иная", "G A S0 T0 I0 N A J0 A"),
        ("ёлка", "J0 O0 L K A"),
        ("св+етлого", "S V0 E0 T L A V A"),
        ("мн+ого", "M N O0 G A"),
        ("л+естница", "L0 E0 S0 N0 I TS A"),
        ("жизнь", "ZH Y0 Z0 N0"),
        ("здр+авствуйте", "Z D R A0 S T V U J0 T0 I"),
        ("термост+ат", "T Y R M A S T A0 T"),
        ("сб+оку", "Z B O0 K U"),
        ("отб+ой", "A D B O0 J0"),
        ("м+ыться", "M Y0 TS A"),
        ("на", "N A"),
        ("снег", "S0 N0 E0 K"),
        ("подъ+езд", "P A D J0 E0 S T"),
        ("вь+юга", "V0 J0 U0 G A"),
    ],
)
def test_russian_spelling_becomes_sounds(word: str, phones: str) -> None:
    assert pronounce(word) == phones


def test_without_a_stress_the_likely_ones_are_given() -> None:
    assert variants("лоджия") == ["L O0 D ZH Y J0 A", "L A D ZH Y0 J0 A", "L A D ZH Y J0 A0"]
    assert variants("свет") == ["S V0 E0 T"]
    assert variants("что-нибудь")[0].startswith("SH T O0")


@pytest.mark.parametrize(
    ("marked", "expected"),
    [("л+оджия", ("лоджия", 1)), ("за́мок", ("замок", 1)), ("ёж", ("ёж", 0)), ("лампа", ("лампа", None))],
)
def test_the_stress_is_read_off(marked: str, expected: tuple[str, int | None]) -> None:
    assert parse_stress(marked) == expected


def test_the_russian_dictionary_wins_and_knows_yo_as_ye() -> None:
    known = {"зелёный": "Z0 I L0 O0 N Y J0", "лампа": "L A0 M P A", "лампа(2)": "L A M P A"}
    lexicon = RussianLexicon(known.get)
    assert lexicon.pronounce("зеленый") == ["Z0 I L0 O0 N Y J0"]
    assert lexicon.pronounce("лампа") == ["L A0 M P A", "L A M P A"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("led", ["L0 E0 T"]), ("tv", ["T0 I0 V0 I0"]), ("b52", []), ("", []), ("-", [])],
)
def test_latin_in_russian_is_read_as_russians_do(word: str, expected: list[str]) -> None:
    assert RussianLexicon().pronounce(word) == expected


@pytest.fixture
def english() -> EnglishLexicon:
    words = {
        "lamp": "L AE M P",
        "night": "N AY T",
        "light": "L AY T",
        "mute": "M Y UW T",
        "dim": "D IH M",
        "switch": "S W IH CH",
        "bake": "B EY K",
    }
    return EnglishLexicon(words.get)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("lamp", ["L AE M P"]),
        ("lamps", ["L AE M P S"]),
        ("lamp's", ["L AE M P S"]),
        ("switches", ["S W IH CH AH Z"]),
        ("dimming", ["D IH M IH NG"]),
        ("dimmed", ["D IH M D"]),
        ("lighted", ["L AY T AH D"]),
        ("baking", ["B EY K IH NG"]),
        ("unmute", ["AH N M Y UW T"]),
        ("nightlight", ["N AY T L AY T"]),
        ("night-light", ["N AY T L AY T"]),
        ("wled", ["W L EH D"]),
        ("dvd", ["D IY V IY D IY"]),
        ("zigbee", ["Z IH G B IY"]),
        ("shelly", ["SH EH L IY"]),
        ("knork", ["N AO R K"]),
        ("лампа", []),
        ("b52", []),
        ("'", []),
    ],
)
def test_english_words_are_made_of_known_ones_or_of_their_spelling(
    english: EnglishLexicon, word: str, expected: list[str]
) -> None:
    assert english.pronounce(word) == expected


def test_every_phone_that_spelling_yields_is_one_of_the_models() -> None:
    pocketsphinx = pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")
    dictionary = Path(pocketsphinx.get_model_path("en-us")) / "cmudict-en-us.dict"
    lexicon = EnglishLexicon({}.get)
    known = {phone for line in dictionary.read_text().splitlines()[:20000] for phone in line.split()[1:]}
    for word in ["qwixoty", "zhuzhing", "phthalo", "wrycke", "ghoughtion", "yaweux"]:
        assert set(lexicon.pronounce(word)[0].split()) <= known

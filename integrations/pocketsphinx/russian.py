"""Pronunciations of Russian words for the ru-sphinx model: its dictionary, and rules for every other word.

46 phones: vowels A0 O0 E0 I0 Y0 U0 stressed, A I Y U reduced; hard consonants B V G D ZH Z K L M N P R S T F KH TS SH;
soft ones B0 V0 G0 D0 Z0 J0 K0 L0 M0 N0 P0 R0 S0 T0 F0 KH0 TSH0 SH0.

Where the stress falls decides the vowels, and spelling does not show it. It is taken from a mark in the word ("+" before
the vowel, or U+0301 after it), from ё, from the dictionary, and last guessed from the ending; of a guess the next best
ones are given too, and the decoder picks what was said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .russian_spelling import (
    CLITICS,
    CLUSTERS,
    CONSONANTS,
    DEVOICED,
    LATIN,
    LETTER_NAMES,
    RESPELT,
    SOFTENING,
    STRESS_BY_ENDING,
    USUAL_STRESS,
    VOICED,
    VOICELESS,
    VOICING,
    VOWELS,
    WRITTEN_OGO,
)

_SOFT_PAIRS = frozenset(["B", "V", "G", "D", "Z", "K", "L", "M", "N", "P", "R", "S", "T", "F", "KH"])
_ACUTE = "\u0301"
_GUESSES = 3
"""Stresses tried of a word that no dictionary has: the right one is among them for 99 % of the dictionary's words."""


class _Sound:
    """One phone in the making."""

    __slots__ = ("base", "soft", "vowel")

    def __init__(self, base: str, *, soft: bool = False, vowel: bool = False) -> None:
        self.base = base
        self.soft = soft
        self.vowel = vowel

    def phone(self) -> str:
        """Return the model's name of the sound."""
        if self.vowel or self.base == "J0":
            return self.base
        return self.base + "0" if self.soft or self.base == "TSH" else self.base


class RussianLexicon:
    """A dictionary, and the rules for what it lacks."""

    def __init__(self, lookup: Callable[[str], str | None] = lambda word: None) -> None:
        """Take what gives a known word's phones."""
        self._lookup = lookup

    def pronounce(self, word: str) -> list[str]:
        """Return the pronunciations of a word; none when it holds what is no letter.

        Words with е for ё are found as well; Latin words ("led") are read letter by letter into Russian ones.
        """
        word = word.lower()
        if word.isascii() and word.isalpha():
            word = _in_cyrillic(word)
        if not re.fullmatch(f"[а-яё+{_ACUTE}-]+", word) or not re.search("[а-яё]", word):
            return []
        known = [phones for spelling in _spellings(word) if (phones := self._lookup(spelling))]
        return list(dict.fromkeys(known)) or variants(word)


def _spellings(word: str) -> Iterator[str]:
    """Yield a word and what it may be with one е for ё; a dictionary's second pronunciation is `WORD(2)`."""
    for at in (None, *(at for at, letter in enumerate(word) if letter == "е")):
        spelling = word if at is None else f"{word[:at]}ё{word[at + 1 :]}"
        yield spelling
        yield f"{spelling}(2)"


def variants(word: str, limit: int = _GUESSES) -> list[str]:
    """Return the pronunciations of a word, the likeliest first: one if its stress is known, else up to `limit`."""
    parts = [part for part in re.split(r"[-\s]+", word.lower()) if part]
    if len(parts) > 1:  # each part of a hyphenated word keeps its own stress
        each = [variants(part, limit) for part in parts]
        most = max(map(len, each))
        return [" ".join(ways[min(index, len(ways) - 1)] for ways in each) for index in range(most)]
    plain, stress = parse_stress(word)
    if stress is not None or plain in CLITICS:
        found = [pronounce(word)]
    else:
        found = [pronounce(plain, place) for place in guess_stress(plain)[:limit]] or [pronounce(plain)]
    return [phones for phones in dict.fromkeys(found) if phones]


def parse_stress(word: str) -> tuple[str, int | None]:
    """Return the word without marks, and the index of its stressed letter if that is known."""
    word = word.lower().strip()
    stress: int | None = None
    if "+" in word:
        stress = word.index("+")
        word = word.replace("+", "")
    elif _ACUTE in word:
        stress = word.index(_ACUTE) - 1
        word = word.replace(_ACUTE, "")
    if stress is None and "ё" in word:
        stress = word.rindex("ё")
    if stress is None:
        vowels = [index for index, letter in enumerate(word) if letter in VOWELS]
        if len(vowels) == 1:
            stress = vowels[0]
    return word, stress


def guess_stress(word: str) -> list[int]:
    """Return the indexes of the letters that may be stressed, the likeliest first."""
    word = word.lower()
    vowels = [index for index, letter in enumerate(word) if letter in VOWELS]
    endings = (word[-length:] for length in range(min(6, len(word)), 0, -1))
    first = next((STRESS_BY_ENDING[ending] for ending in endings if ending in STRESS_BY_ENDING), USUAL_STRESS)
    order = [from_end for from_end in dict.fromkeys([first, 1, 0, *range(2, 9)]) if from_end < len(vowels)]
    return [vowels[len(vowels) - 1 - from_end] for from_end in order]


def pronounce(word: str, stress: int | None = None) -> str:
    """Return the phones of one word.

    Args:
        word: may carry a stress mark.
        stress: index of the stressed letter; None takes the mark's, and without one no vowel is stressed.
    """
    plain, marked = parse_stress(word)
    if stress is None and not (plain in CLITICS and "+" not in word and _ACUTE not in word):
        stress = marked
    elif plain in CLITICS and "+" not in word and _ACUTE not in word:
        stress = None
    # The stressed vowel counted from the end: that survives the respelling.
    from_end = None if stress is None else sum(letter in VOWELS for letter in plain[stress + 1 :])
    sounds = _sounds(_as_said(plain), from_end)
    _assimilate_voice(sounds)
    _assimilate_softness(sounds)
    phones = [sound.phone() for sound in sounds]
    return " ".join(
        phone for index, phone in enumerate(phones) if index == 0 or phone != phones[index - 1] or phone[0] in "AIUYEO"
    )


def _as_said(word: str) -> str:
    """Return the word as its letters sound: silent ones and misleading clusters replaced."""
    if word in RESPELT:
        word = RESPELT[word]
    elif word.endswith(("ого", "его")) and word not in WRITTEN_OGO and len(word) > 3:
        word = word[:-2] + "во"
    for pattern, said in CLUSTERS:
        word = pattern.sub(said, word)
    word = re.sub("[^а-яё]", "", word)
    return re.sub(r"([бвгджзклмнпрстфхцчшщ])\1", r"\1", word)  # doubled consonants are one phone here


def _sounds(word: str, stressed_from_end: int | None) -> list[_Sound]:
    sounds: list[_Sound] = []
    vowels_left = sum(letter in VOWELS for letter in word)
    for index, letter in enumerate(word):
        before = word[index - 1] if index else ""
        after = word[index + 1] if index + 1 < len(word) else ""
        if letter in VOWELS:
            vowels_left -= 1
            if (letter in "еёюя" and (not before or before in VOWELS or before in "ьъ")) or (
                before == "ь" and letter in "ио"
            ):
                sounds.append(_Sound("J0", soft=True))
            stressed = stressed_from_end is not None and vowels_left == stressed_from_end
            sounds.append(_Sound(_vowel(letter, before, stressed=stressed, last=not after), vowel=True))
        elif letter not in "ьъ":
            base = CONSONANTS[letter]
            soft = base.endswith("0") or (base in _SOFT_PAIRS and after != "" and after in SOFTENING)
            sounds.append(_Sound(base.removesuffix("0"), soft=soft))
    return sounds


def _vowel(letter: str, before: str, *, stressed: bool, last: bool) -> str:
    """Return the phone of a vowel; after ж, ш and ц the soft vowels sound hard."""
    after_hard = before != "" and before in "жшц"
    if letter in "ая":
        if stressed:
            return "A0"
        soft_place = letter == "я" or (before != "" and before in "чщ")
        return "I" if soft_place and not last else "A"
    if letter == "о":
        return "O0" if stressed else "A"
    if letter in "ую":
        return "U0" if stressed else "U"
    if letter == "и":
        high = "Y" if after_hard else "I"
        return high + "0" if stressed else high
    if letter == "е":
        return "E0" if stressed else "Y" if after_hard else "I"
    return {"ё": "O0", "ы": "Y0" if stressed else "Y", "э": "E0" if stressed else "Y"}[letter]


def _assimilate_voice(sounds: list[_Sound]) -> None:
    """Carry voice and its lack back through clusters of consonants; the last consonant of a word loses it."""
    for index in range(len(sounds) - 1, -1, -1):
        sound = sounds[index]
        if sound.vowel:
            continue
        if index == len(sounds) - 1:
            sound.base = DEVOICED.get(sound.base, sound.base)
            continue
        after = sounds[index + 1]
        if after.vowel:
            continue
        if after.base in VOICELESS:
            sound.base = DEVOICED.get(sound.base, sound.base)
        elif after.base in VOICING:
            sound.base = VOICED.get(sound.base, sound.base)


def _assimilate_softness(sounds: list[_Sound]) -> None:
    """Carry softness back: dentals before soft dentals, N before soft affricates too."""
    before_soft = {
        "S": {"T", "D", "N", "S", "Z"},
        "Z": {"T", "D", "N", "S", "Z"},
        "N": {"T", "D", "N", "S", "Z", "TSH", "SH"},
        "T": {"T", "D"},
        "D": {"T", "D"},
    }
    for index in range(len(sounds) - 2, -1, -1):
        sound, after = sounds[index], sounds[index + 1]
        if not sound.vowel and not after.vowel and after.soft and after.base in before_soft.get(sound.base, ()):
            sound.soft = True


def _in_cyrillic(word: str) -> str:
    """Return a Latin word as a Russian reads it: `shelly` → `шелли`; without a vowel letter by letter, `tv` → `ти-ви`."""
    if not re.search("[aeiouy]", word):
        return "-".join(LETTER_NAMES[letter] for letter in word)
    for latin, cyrillic in LATIN:
        word = word.replace(latin, cyrillic)
    return word

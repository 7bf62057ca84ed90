"""Keeps of a Russian name the case that can stand in a place: «в гараже», never «в гаражом».

For typed text every case is compared with every place, which does no harm. A recogniser would have to tell
«гараже» from «гаража» by one vowel, and hears the wrong one as often as not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from arvisd.intent.russian import case_forms, in_case
from arvisd.intent.russian_endings import AFTER_NA, LOCATIVE_U

_PREPOSITIONAL = frozenset("в во на".split())  # noqa: SIM905  (a list of words reads best as one)
_GENITIVE = frozenset(
    "у до от из для яркость цвет света положение громкость звук температуру температура скорость состояние".split()  # noqa: SIM905
)
_HARD_START = re.compile("двор|[вф][бвгджзклмнпрстфхцчшщ]")
"""Beginnings before which "в" becomes "во"."""


def fitting_forms(forms: Iterable[str], after: str, *, place: bool) -> tuple[str, ...]:
    """Return the forms of one thing's names that may follow a word.

    Args:
        forms: of one name or of several of one thing, small letters, ё as е.
        after: the word before; empty at the beginning of a sentence.
        place: whether it is a place: one is "на кухне" and "в гараже", and after a verb or a noun stands the genitive
            ("установи яркость кухни").

    Returns:
        All forms where the rules know none that fits; none where the word cannot stand before this name at all.
    """
    every = tuple(forms)
    names = _nominatives(every)
    if place and after in _PREPOSITIONAL:
        names = [name for name in names if _goes_with(name, after)]
        if not names:
            return ()
    case = _case(after, place=place)
    fitting = {form for name in names for form in _in_case(name, case)}
    return tuple(form for form in every if form in fitting) or every


def _goes_with(place: str, preposition: str) -> bool:
    """Tell whether one is "в", "во" or "на" a place."""
    words = set(place.split())
    if preposition == "на":
        return not words.isdisjoint(AFTER_NA)
    if preposition == "во":
        return bool(_HARD_START.match(place))
    return words.isdisjoint(AFTER_NA) or "двор" in words


def _in_case(name: str, case: str) -> list[str]:
    """Return the name in a case; «саду», «углу» and the like are as good as what the rules derive."""
    if case != "prepositional" or LOCATIVE_U.keys().isdisjoint(name.split()):
        return [in_case(name, case) if case else name]
    return [in_case(name, case), in_case(name, "dative"), " ".join(LOCATIVE_U.get(word, word) for word in name.split())]


def _case(word: str, *, place: bool) -> str:
    """Return the case that a word asks for; "" is the nominative."""
    if word in _PREPOSITIONAL:
        return "prepositional"
    if word in _GENITIVE or (place and word):
        return "genitive"
    return "accusative" if word else ""


def _nominatives(forms: tuple[str, ...]) -> list[str]:
    """Return the forms from which all the others come: the names as they were given."""
    left = dict.fromkeys(forms)
    declined = {form: set(case_forms(form)) & left.keys() for form in forms}
    names: list[str] = []
    while left:
        name = max(left, key=lambda form: len(declined[form] & left.keys()))
        names.append(name)
        for form in (*declined[name], name):
            left.pop(form, None)
    return names

"""Numbers as people say them in commands; `number_words.py` writes them as digits again."""

from __future__ import annotations

import functools

from hassil.numbers import get_rbnf_engine

# How a number is said beside what is counted in commands: "на двадцать один градус", "на одну минуту", "до пяти
# процентов". Other cases (dative, locative, ablative) do not occur there and would only be confused with these.
_FORMS = {
    "ru": (
        "spellout-numbering",
        "spellout-cardinal-masculine",
        "spellout-cardinal-feminine",
        "spellout-cardinal-feminine-accusative",
        "spellout-cardinal-masculine-genitive",
        "spellout-cardinal-feminine-genitive",
    ),
}


@functools.lru_cache(maxsize=4096)
def number_words(number: int, language: str) -> tuple[str, ...]:
    """Return how a number is said, the usual form first, each as words with single spaces; empty: unknown language."""
    try:
        engine = get_rbnf_engine(language)
    except ValueError:
        return ()
    said = engine.format_number(number).text_by_ruleset
    forms = _FORMS.get(language) or [
        name for name in said if name.startswith(("spellout-numbering", "spellout-cardinal"))
    ]
    found = [" ".join(said[form].replace("-", " ").split()) for form in forms if form in said]
    return tuple(dict.fromkeys(found))

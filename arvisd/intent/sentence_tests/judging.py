"""Compares what a sentence was found to mean with what its test says it must mean."""

from __future__ import annotations

from typing import Any

from arvisd.intent.normalization import normalize
from arvisd.intent.recognition import NOWHERE, Recognition
from arvisd.intent.sentence_tests.case import Case
from arvisd.intent.sentence_tests.house import House
from arvisd.intent.sentence_tests.release import domain_of

_NAMES = ("name", "area", "floor")
_IMPLIED = ("domain",)
"""Slots that a slot combination implies, so that its tests need not name them."""


def difference(reading: Recognition | None, case: Case, house: House) -> str:
    """Return in what a reading is not what was expected; empty: in nothing."""
    if reading is None:
        return "it was not understood"
    if reading.intent != case.intent:
        return f"expected {case.intent}, got {described(reading)}"
    expected = dict(case.slots)
    got = {name for name, slot in reading.slots.items() if slot.value != NOWHERE}
    if case.combination:
        got -= {name for name in _IMPLIED if name not in expected}
        if "area" not in expected and (reading.here or reading.value("area") == house.here):
            got.discard("area")
    if "domain" not in expected and reading.value("domain") == domain_of(case.intent):
        got.discard("domain")  # light, of an intent for lights
    wrong = [
        f"{name} should be {_shown(wanted)}, is {_shown(_given(name, reading, house))}"
        for name, wanted in expected.items()
        if not (_fits(name, wanted, reading, house) if name in got else _implied(name, wanted, reading, house))
    ]
    wrong += [
        f"{name} was not expected, is {_shown(_given(name, reading, house))}" for name in sorted(got - set(expected))
    ]
    wrong += [
        f"what is meant should have {key} {_shown(wanted)}"
        for key, wanted in case.context.items()
        if key in ("domain", "device_class") and reading.entities and not _has(key, wanted, reading, house)
    ]
    return "; ".join(wrong)


def described(reading: Recognition) -> str:
    """Return a reading in short: the intent and its slots."""
    slots = "".join(
        f" {name}={slot.text or slot.value!r}" for name, slot in reading.slots.items() if slot.value != NOWHERE
    )
    return f"{reading.intent}{slots}"


def _fits(name: str, wanted: Any, reading: Recognition, house: House) -> bool:
    options = wanted if isinstance(wanted, list) else [wanted]
    slot = reading.slots[name]
    if name in _NAMES and name not in reading.wildcards:
        ids = reading.entities if name == "name" else (str(slot.value),)
        return any(id_ == option or house.is_called(name, id_, str(option)) for id_ in ids for option in options)
    values = slot.value if isinstance(slot.value, list) else [slot.value]
    return any(_same(value, option, house.language) for value in values for option in options)


def _implied(name: str, wanted: Any, reading: Recognition, house: House) -> bool:
    """Tell whether a slot that is not there goes without saying.

    A thing that was named has its domain and class; the name "all" stands for none in older sentences.
    """
    if name == "name":
        return bool(wanted == "all" and reading.name is None)
    return name in ("domain", "device_class") and bool(reading.entities) and _has(name, wanted, reading, house)


def _same(value: Any, wanted: Any, language: str) -> bool:
    if value == wanted:
        return True
    if isinstance(value, bool) or isinstance(wanted, bool):
        return _word(value) == _word(wanted)
    return normalize(str(value), language) == normalize(str(wanted), language)


def _word(value: Any) -> str:
    """Return `on` for true: YAML makes one of the other."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _has(key: str, wanted: Any, reading: Recognition, house: House) -> bool:
    options = wanted if isinstance(wanted, list) else [wanted]
    states = [state for id_ in reading.entities if (state := house.states.get(id_)) is not None]
    return any((s.domain if key == "domain" else s.attributes.get(key)) in options for s in states)


def _given(name: str, reading: Recognition, house: House) -> Any:
    slot = reading.slots.get(name)
    if slot is None or slot.value == NOWHERE:
        return None
    spelled = house.spelled.get(name, {}).get(str(slot.value))
    return spelled[0] if spelled else slot.value


def _shown(value: Any) -> str:
    if value is None:
        return "missing"
    return " or ".join(map(repr, value)) if isinstance(value, list) else repr(value)

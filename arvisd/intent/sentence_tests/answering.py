"""Words the answer to a reading, from the states of a test's house, as Home Assistant's templates expect it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from arvisd.intent.normalization import normalize
from arvisd.intent.recognition import NOWHERE, Recognition
from arvisd.intent.responses import Responses
from arvisd.intent.sentence_tests.case import Case
from arvisd.intent.sentence_tests.house import CONTEXT_AREA, House, TestState

NOW = datetime(2013, 9, 17, 1, 2)  # noqa: DTZ001  a moment of the house, its zone is nobody's
"""The moment at which every sentence is said in the tests of home-assistant-intents."""

_ONLY_DOMAIN = {
    "HassClimateGetTemperature": "climate",
    "HassClimateSetTemperature": "climate",
    "HassGetWeather": "weather",
}
_TIMER_START = ("start_hours", "start_minutes", "start_seconds")
_TIMER_ZEROS = (*_TIMER_START, "rounded_hours_left", "rounded_minutes_left", "rounded_seconds_left")


class Answering:
    """Words answers in one language."""

    def __init__(self, templates: dict[str, dict[str, str]], responses: Responses) -> None:
        """Take the answers.

        Args:
            templates: those of the release, by intent and key.
            responses: those of arvisd and of the user, for what the release has none of.
        """
        self._templates = templates
        self._responses = responses
        self._environment = ImmutableSandboxedEnvironment()

    def answer(self, reading: Recognition, case: Case, house: House) -> str:
        """Return what is said; the reason in its place where a template fails."""
        variables = _variables(reading, case, house)
        text = None if reading.user else self._templates.get(reading.intent, {}).get(reading.response)
        if text is None:
            return self._responses.answer(reading.intent, reading.response, variables)
        try:
            return " ".join(self._environment.from_string(text).render(variables).split())
        except (TemplateError, TypeError, ValueError, AttributeError, LookupError) as error:
            return f"(the answer {reading.response} cannot be worded: {error})"


def _variables(reading: Recognition, case: Case, house: House) -> dict[str, Any]:
    matched, unmatched = _states(reading, case, house)
    slots: dict[str, Any] = {name: _spoken(name, reading, case, house) for name in reading.slots}
    timers = _timers(reading, case, house)
    slots["timers"] = timers
    slots["canceled"] = len(timers)
    slots["date"], slots["time"] = NOW.date(), NOW.time()
    query = str(reading.value("search_query") or "").casefold()
    media = house.media if case.media is None else case.media
    media = [found for found in media if case.combination or _same(found.get("title"), query)]
    if media:
        slots["media"] = media[0]
    first = next(iter([*matched, *unmatched]), None)
    names = [state.name for state in matched]
    return {
        "slots": slots,
        "state": first,
        "query": {"matched": matched, "unmatched": unmatched, "total_results": len(matched) + len(unmatched)},
        "state_attr": lambda entity_id, key: next(
            (state.attributes.get(key) for state in matched if state.entity_id == entity_id), None
        ),
        "metadata": {},
        "name": first.name if first is not None and reading.name is not None else "",
        "names": names,
        "area": str(slots.get("area", "")) if "area" in slots and not reading.here else "",
        "floor": str(slots.get("floor", "")),
        "time": NOW,
        "date": NOW,
    }


def meant(reading: Recognition, case: Case, house: House) -> set[str]:
    """Return the ids of all entities that a reading is about."""
    return {state.entity_id for states in _states(reading, case, house) for state in states}


def _states(reading: Recognition, case: Case, house: House) -> tuple[list[TestState], list[TestState]]:
    """Return the states that are asked for: those that are as asked, and the others."""
    found = list(house.states.values())
    if reading.intent in _ONLY_DOMAIN:
        found = [state for state in found if state.domain == _ONLY_DOMAIN[reading.intent]]
    if reading.name is not None and "name" not in reading.wildcards:
        said = reading.name.text
        found = [state for state in found if state.entity_id in reading.entities]
        exact = [state for state in found if house.is_called("name", state.entity_id, said)]
        found = exact or found
    area, floor = reading.value("area"), reading.value("floor")
    if reading.name is None or not case.combination:
        if area is not None and area != NOWHERE:
            found = [state for state in found if state.area_id == area]
        if floor is not None:
            found = [state for state in found if house.floor_of.get(state.area_id or "") == floor]
    domain, device_class = reading.value("domain"), reading.value("device_class")
    found = [state for state in found if _is_of(domain, state.domain)]
    found = [state for state in found if _is_of(device_class, state.attributes.get("device_class"))]
    asked = reading.value("state")
    if asked is None:
        return found, []
    states = [str(state).casefold() for state in (asked if isinstance(asked, list) else [asked])]
    as_asked = [state for state in found if state.hass_state.casefold() in states]
    return as_asked, [state for state in found if state not in as_asked]


def _is_of(wanted: Any, value: Any) -> bool:
    """Tell whether a value is the one that is wanted, or among those that are; everything is where none is."""
    return wanted is None or value in (wanted if isinstance(wanted, list) else [wanted])


def _spoken(name: str, reading: Recognition, case: Case, house: House) -> Any:
    """Return a slot as answers see it: in the words of the sentence, in those of the house in the newer layout."""
    slot = reading.slots[name]
    if name in ("name", "area", "floor") and name not in reading.wildcards:
        if name == "area" and (slot.value == NOWHERE or reading.here):
            return CONTEXT_AREA if slot.value == NOWHERE else house.spelled["area"].get(str(slot.value), [slot.text])[0]
        if case.combination:
            ids = reading.entities if name == "name" else (str(slot.value),)
            for id_ in ids:
                for spelling in house.spelled[name].get(id_, []):
                    if _same(normalize(spelling, house.language), slot.text):
                        return spelling
            return house.spelled[name].get(str(slot.value), [slot.text])[0]
        return as_said(slot.text, case.text, house.language)
    if case.combination and not isinstance(slot.value, (int, float)):
        return as_said(str(slot.value), case.text, house.language) if name in reading.wildcards else slot.value
    return as_said(slot.text, case.text, house.language) if slot.text else slot.value


def as_said(words: str, text: str, language: str) -> str:
    """Return words that were found in a text as they stand there, with its capitals and words for numbers."""
    said = text.split()
    for start in range(len(said)):
        for end in range(len(said), start, -1):
            part = " ".join(said[start:end])
            if normalize(part, language) == words:
                return part.strip('.,:;!?…«»"“”„')
    at = text.casefold().replace("ё", "е").find(words)
    return text[at : at + len(words)] if words and at >= 0 else words


def _timers(reading: Recognition, case: Case, house: House) -> list[dict[str, Any]]:
    """Return the timers that are meant, with all that templates ask of them."""
    if "Timer" not in reading.intent or reading.intent == "HassStartTimer":
        return []
    given = house.timers if case.timers is None else case.timers
    timers = [_timer(timer, house, active=not case.combination) for timer in given]
    if case.combination:
        return timers
    start = {key: reading.value(key) for key in _TIMER_START}
    if any(value is not None for value in start.values()):
        timers = [t for t in timers if all(t[key] == (value or 0) for key, value in start.items())]
    if reading.name is not None:
        timers = [t for t in timers if _same(t["name"], reading.name.text)]
    if (area := reading.value("area")) not in (None, NOWHERE) and not reading.here:
        timers = [t for t in timers if house.id_of("area", t["area"]) == area]
    return timers


def _timer(given: dict[str, Any], house: House, *, active: bool) -> dict[str, Any]:
    area = house.id_of("area", given.get("area"))
    name = house.spelled["area"][area][0].casefold() if area else str(given.get("area") or "")
    zeros = dict.fromkeys((*_TIMER_ZEROS, "total_seconds_left"), 0)
    made = {"is_active": active, "name": "", **zeros, **given, "area": name}
    return {key: 0 if value is None and key in zeros else value for key, value in made.items()}


def _same(one: Any, other: Any) -> bool:
    return str(one).strip().casefold() == str(other).strip().casefold()

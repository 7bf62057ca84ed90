"""Loading: once, in a thread, whoever asks; names anew without parsing again."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.intent import languages
from arvisd.intent.languages import Languages
from arvisd.intent.recognizer import Recognizer
from arvisd.intent.sentences import load
from arvisd.intent.slot_lists import HouseSnapshot, house_names
from tests.simulators.house import TestHouse
from tests.unit.intent.conftest import parsed


async def test_many_who_ask_at_once_wait_for_one_load(empty_house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[tuple[str, str]] = []

    def counted(language: str, folder: Path | None, *, sensed: frozenset[str] | None = None) -> Any:
        loads.append((language, threading.current_thread().name))
        return parsed(language)

    monkeypatch.setattr(languages, "load", counted)
    answers = await asyncio.gather(*(empty_house.say("what time is it") for _ in range(20)))
    assert {answer.reply for answer in answers} == {"It is 12:00 PM"}
    assert len(loads) == 1
    assert loads[0][1] != threading.main_thread().name


async def test_names_are_read_again_while_others_ask(house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.say("turn on the lamp")
    monkeypatch.setattr(languages, "load", None)  # parsing again would fail

    async def rename() -> None:
        for number in range(5):
            house.configure(entities=[{"id": "light.lamp", "names": {"en": f"Star {number}"}}])
            await asyncio.sleep(0)

    renaming = asyncio.create_task(rename())
    await asyncio.gather(*(house.say("what time is it") for _ in range(10)))
    await renaming
    assert (await house.say("turn on star four")).reply == "Turned on the star 4"


async def test_sentences_about_sensors_come_with_the_sensors(
    empty_house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[frozenset[str] | None] = []

    def noted(language: str, folder: Path | None, *, sensed: frozenset[str] | None = None) -> Any:
        asked_for.append(sensed)
        return load(language, folder, sensed=sensed)

    monkeypatch.setattr(languages, "load", noted)
    await empty_house.say("what time is it")
    empty_house.add("light.lamp", "Lamp")
    empty_house.add("binary_sensor.washer", "Washer", device_class="running", state="on")
    assert (await empty_house.say("is the washer running")).reply == "Yes"
    empty_house.add("binary_sensor.dryer", "Dryer", device_class="running", state="off")
    assert (await empty_house.say("is the dryer running")).reply == "No, dryer is not running"
    assert asked_for == [frozenset(), frozenset({"running"})]


async def test_the_listener_is_told_of_sentences_and_names(hub: Hub, empty_house: TestHouse) -> None:
    told: list[tuple[str, list[str]]] = []

    class Listener:
        def update(self, language: str, intents: Any, slot_lists: dict[str, Any]) -> None:
            assert "HassTurnOn" in intents.intents
            told.append((language, [value.value_out for value in slot_lists["name"].values]))

    known = Languages(hub, empty_house.home, None, Listener())
    await known.get("ru")
    empty_house.add("light.a", "Lamp", "Лампа")
    await known.get("ru")
    await known.get("ru")
    assert [(language, set(ids)) for language, ids in told] == [("ru", set()), ("ru", {"light.a"})]


@pytest.mark.parametrize(("language", "text"), [("en", "turn on the lamp"), ("ru", "выключи лампу")])
async def test_nothing_is_left_to_parse_at_the_first_sentence(
    house: TestHouse, language: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognizer = Recognizer(parsed(language), house_names(HouseSnapshot.of(house.home), language))

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("parsed at the first sentence")

    monkeypatch.setattr("hassil.intents.parse_sentence", refuse)
    monkeypatch.setattr(
        "hassil.intents.TextSlotList._build_index", lambda self: refuse() if len(self.values) > 20 else _build(self)
    )
    assert recognizer.recognize(text)


def _build(values: Any) -> None:
    values._value_trie = None
    from hassil.trie import Trie

    values._value_trie, values._unindexed_values = Trie(), list(values.values)


async def test_what_the_prefilter_leaves_out_could_not_have_fitted(house: TestHouse, owner: Owner) -> None:
    import hassil

    from arvisd.intent.normalization import normalize
    from arvisd.intent.recognition import ranked, reading

    texts = {
        "en": ["turn on the lamp", "what time is it", "set the lamp to 50 percent", "are any lights on", "play music"],
        "ru": ["включи лампу", "который час", "закрой жалюзи в гостиной", "сколько ламп включено", "какая погода"],
    }
    for language, said in texts.items():
        names = house_names(HouseSnapshot.of(house.home), language)
        recognizer = Recognizer(parsed(language), names)
        for text in said:
            plain = normalize(text, language)
            all_of_them = ranked(
                reading(result)
                for result in hassil.recognize_all(
                    plain, parsed(language).intents, slot_lists=dict(names.lists), intent_context={"area": "kitchen"}
                )
            )
            assert recognizer.recognize(text, "kitchen") == all_of_them

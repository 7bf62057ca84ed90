"""The user's own sentences: used, merged, and refused with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.intent.sentences import load
from tests.simulators.house import TestHouse

GOOD = """
intents:
  PartyMode:
    data:
      - sentences:
          - "(start|begin) [the] party [in {area}] [at {loudness}]"
        slots: {loudness: 50}
  HassTurnOn:
    data:
      - sentences: ["let there be light in [the] {area}"]
        slots: {domain: light}
        response: lights_area
lists:
  loudness:
    range: {from: 0, to: 100}
responses:
  intents:
    PartyMode:
      default: "Let's party at {{ slots.loudness }}"
"""


def write(folder: Path, text: str, language: str = "en", name: str = "mine.yaml") -> Path:
    path = folder / "sentences" / language / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


async def test_an_intent_of_the_users_own_is_published_and_answered(hub: Hub, owner: Owner, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    house = TestHouse(hub, owner, tmp_path)
    house.areas(kitchen={"en": "Kitchen"})
    answer = await house.say("Start the party in the kitchen at seventy")
    assert not answer.ok  # "the kitchen" is not what the sentence says
    answer = await house.say("Start the party in kitchen at seventy")
    assert (answer.reply, answer.ok, answer.by) == ("Let's party at 70", True, "sentences")
    name, intent = house.intents[-1]
    assert name == "PartyMode"
    assert {slot: value.value for slot, value in intent.slots.items()} == {"area": "kitchen", "loudness": 70}


async def test_a_sentence_may_be_added_to_an_intent_that_is_there(hub: Hub, owner: Owner, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    house = TestHouse(hub, owner, tmp_path)
    house.areas(kitchen={"en": "Kitchen"})
    house.add("light.a", "Lamp", area="kitchen")
    assert (await house.say("let there be light in the kitchen")).reply == "Turned on the lights in the kitchen"
    assert house.state("light.a") == "on"


async def test_sentences_change_while_it_runs(hub: Hub, owner: Owner, tmp_path: Path) -> None:
    house = TestHouse(hub, owner, tmp_path)
    assert not (await house.say("abracadabra")).ok
    path = write(tmp_path, "intents: {Magic: {data: [{sentences: [abracadabra]}]}}")
    await house.understanding.languages.reload()
    assert (await house.say("abracadabra")).intent == "Magic"
    path.unlink()
    await house.understanding.languages.reload()
    assert not (await house.say("abracadabra")).ok


async def test_the_users_sentence_comes_before_those_that_come_with_it(hub: Hub, owner: Owner, tmp_path: Path) -> None:
    write(tmp_path, "intents: {Mine: {data: [{sentences: ['what time is it']}]}}")
    house = TestHouse(hub, owner, tmp_path)
    assert (await house.say("what time is it")).intent == "Mine"


async def test_russian_sentences_of_the_user_know_cases_and_numbers(hub: Hub, owner: Owner, tmp_path: Path) -> None:
    write(
        tmp_path,
        'intents: {Тепло: {data: [{sentences: ["ещё на {0..10:degrees} градус[а|ов] теплее в {area}"]}]}}',
        "ru",
    )
    house = TestHouse(hub, owner, tmp_path)
    house.areas(living={"ru": "Гостиная"})
    answer = await house.say("еще на два градуса теплее в гостиной")
    assert {name: slot.value for name, slot in answer.slots.items()} == {"degrees": 2, "area": "living"}


WRONG = [
    (
        "lists: {a: {range: {from: x, to: 2}}}\n",
        "sentences/en/mine.yaml:1:1: the file is left out: invalid literal for int()",
    ),
    (
        "intents: {A: {data: [{sentences: [x], slots: [1]}]}}",
        "sentences/en/mine.yaml:1:46: 'slots:' must hold names with a value each",
    ),
    (
        "intents: {A: {data: [{sentences: [x], lists: {b: {}}}]}}",
        "sentences/en/mine.yaml:1:50: the list 'b' needs 'values:', 'range:' or 'wildcard: true'",
    ),
    (
        "intents: {A: {data: [{sentences: ['turn (on']}]}}",
        "sentences/en/mine.yaml:1:35: the sentence 'turn (on' cannot be read: ",
    ),
    (
        "intents:\n  A:\n    sentences: [x]\n",
        "sentences/en/mine.yaml:3:5: the intent A needs 'data:' with a list of sentences",
    ),
    (
        "intents:\n  A:\n    data:\n      - sentence: [x]\n",
        "sentences/en/mine.yaml:4:9: expected 'sentences:' with a list of sentences",
    ),
    (
        "intents:\n  A:\n    data:\n      - sentences: [x]\n        slot: {a: b}\n",
        "sentences/en/mine.yaml:5:15: unknown key 'slot' (did you mean 'slots'?)",
    ),
    ("intent: {}\n", "sentences/en/mine.yaml:1:1: unknown key 'intent' (did you mean 'intents'?)"),
    (
        "intents: {A: {data: [{sentences: ['go to {nowhere}']}]}}",
        "sentences/en/mine.yaml:1:35: the sentence 'go to {nowhere}' names a list {nowhere} that there is none of",
    ),
    (
        "intents: {A: {data: [{sentences: ['go <fast>']}]}}",
        "sentences/en/mine.yaml:1:35: the sentence 'go <fast>' names a rule <fast> that there is none of",
    ),
    (
        "intents: {A: {data: [{sentences: [5]}]}}",
        "sentences/en/mine.yaml:1:35: a sentence must be text, got 5: put it in quotes",
    ),
    ("lists: {a: {}}\n", "sentences/en/mine.yaml:1:12: the list 'a' needs 'values:', 'range:' or 'wildcard: true'"),
    (
        "language: ru\n",
        "sentences/en/mine.yaml:1:11: the language is 'ru', but the file is in the folder of 'en': move it",
    ),
    ("- a\n", "sentences/en/mine.yaml:1:1: expected 'intents:' with sentences below"),
    ("intents: [", "sentences/en/mine.yaml:2:"),
    ("\x00\x01", "sentences/en/mine.yaml:1:1: "),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, text)
    write(tmp_path, "intents: {Fine: {data: [{sentences: [fine]}]}}", name="other.yaml")
    sentences = load("en", tmp_path)
    assert [str(problem)[: len(message)] for problem in sentences.problems] == [message]
    assert "Fine" in sentences.intents.intents
    assert "HassTurnOn" in sentences.intents.intents


async def test_problems_are_reported(hub: Hub, owner: Owner, tmp_path: Path) -> None:
    write(tmp_path, "intent: {}\n")
    logged: list[str] = []
    hub.bus.subscribe("arvis/log/error", lambda m: logged.append(m.payload.message), owner)  # type: ignore[union-attr]
    house = TestHouse(hub, owner, tmp_path)
    await house.say("what time is it")
    assert logged == ["sentences/en/mine.yaml:1:1: unknown key 'intent' (did you mean 'intents'?)"]

"""The graph that recognisers listen with: everything in it is understood, and what cannot be done is not in it."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator

import pytest
from hassil.expression import TextChunk
from hassil.intents import Intents, TextSlotList, TextSlotValue

from arvisd.intent.grammar import SentenceVocabulary
from arvisd.intent.recognizer import Recognizer
from arvisd.intent.sentences import USER, load
from arvisd.intent.slot_lists import HouseNames, forms
from arvisd.providers.stt import WordGraph

THINGS = {
    "en": {
        "light": ["Kitchen light", "lamp", "Lamp 2", "TV light"],
        "climate": ["Heating"],
        "cover": ["Bedroom blind", "Garage door"],
        "sensor": ["Outside temperature"],
    },
    "ru": {
        "light": ["Люстра", "Тёплая лампа", "Лампа 2", "Лента LED"],
        "climate": ["Отопление"],
        "cover": ["Шторы", "Дверь гаража"],
        "media_player": ["Колонка"],
    },
}
PLACES = {"en": ["Kitchen", "Living room", "Garage"], "ru": ["Кухня", "Гостиная", "Гараж", "Двор"]}


def names(language: str, things: dict[str, list[str]] | None = None) -> HouseNames:
    """Return the lists of a small house."""
    known = THINGS[language] if things is None else things

    def values(spoken: str, id_: str, context: dict[str, str] | None) -> Iterator[TextSlotValue]:
        return (TextSlotValue(TextChunk(form, text), id_, context=context) for form, text in forms(spoken, language))

    entities = [
        value
        for domain, spoken in known.items()
        for index, name in enumerate(spoken)
        for value in values(name, f"{domain}.{index}", {"domain": domain})
    ]
    areas = [value for place in PLACES[language] for value in values(place, place, None)]
    lists = {
        "name": TextSlotList("name", entities),
        "area": TextSlotList("area", areas),
        "floor": TextSlotList("floor", []),
    }
    return HouseNames(language, 1, lists)


@functools.cache
def vocabulary(language: str) -> SentenceVocabulary:
    made = SentenceVocabulary()
    made.update(language, load(language).intents, dict(names(language).lists))
    return made


def said(graph: WordGraph, sentence: str) -> bool:
    """Tell whether a sentence is in the graph."""
    arcs: dict[tuple[int, str], int] = {(start, word): end for start, end, word in graph.arcs}
    state: int | None = 0
    for word in sentence.split():
        state = arcs.get((state, word)) if state is not None else None
    return state in graph.ends


def walks(graph: WordGraph, count: int, seed: int) -> Iterator[str]:
    """Yield sentences of the graph, each way at a fork as likely."""
    chance = random.Random(seed)
    out: dict[int, list[tuple[int, str]]] = {}
    for start, end, word in graph.arcs:
        out.setdefault(start, []).append((end, word))
    for _ in range(count):
        state, words = 0, []
        while state not in graph.ends or (state in out and chance.random() < 0.5):
            state, word = chance.choice(out[state])
            words.append(word)
        yield " ".join(words)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_sentence_of_the_graph_is_understood(language: str) -> None:
    recognizer = Recognizer(load(language), names(language))
    sentences = set(walks(vocabulary(language).graph(language), 700, seed=5))
    assert len(sentences) > 200
    assert [text for text in sentences if not recognizer.recognize(text, area=PLACES[language][0])] == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "turn on the kitchen light"),
        ("en", "switch the lamp off"),
        ("en", "turn off the lights in the living room"),
        ("en", "turn off all the lights"),
        ("en", "turn on lamp two"),
        ("en", "turn on the tv light"),
        ("en", "open the garage door"),
        ("en", "close the bedroom blind"),
        ("en", "set the bedroom blind to twenty one percent"),
        ("en", "set the temperature to nineteen degrees"),
        ("en", "what time is it"),
        ("en", "set a timer for five minutes"),
        ("ru", "включи свет"),
        ("ru", "включить свет в гараже"),
        ("ru", "включи свет на кухне"),
        ("ru", "выключи весь свет"),
        ("ru", "включи люстру"),
        ("ru", "включи теплую лампу"),
        ("ru", "включи лампу два"),
        ("ru", "включи ленту led"),
        ("ru", "закрой шторы"),
        ("ru", "открой дверь гаража"),
        ("ru", "дверь гаража закрыта"),
        ("ru", "установи температуру двадцать один градус"),
        ("ru", "какая температура"),
        ("ru", "какая сегодня погода"),
        ("ru", "который час"),
        ("ru", "поставь таймер на пять минут"),
    ],
)
def test_what_people_say_is_in_it(language: str, sentence: str) -> None:
    assert said(vocabulary(language).graph(language), sentence)


@pytest.mark.parametrize(
    ("language", "sentence", "why"),
    [
        ("en", "kitchen light", "a name alone is no command"),
        ("en", "lock the lamp", "a lamp cannot be locked"),
        ("en", "pause the music", "nothing here plays any"),
        ("en", "turn on the heating in the cellar", "there is no cellar"),
        ("en", "turn on the lights all over the house", "who says everywhere in a thousand ways"),
        ("en", "play the beatles", "any words at all are no grammar"),
        ("ru", "включи люстрой", "no such case stands there"),
        ("ru", "включи свет в кухне", "one is на кухне"),
        ("ru", "включи свет на гараже", "one is в гараже"),
        ("ru", "включи лампа два", "no such case stands there"),
    ],
)
def test_what_makes_no_sense_is_not(language: str, sentence: str, why: str) -> None:
    assert not said(vocabulary(language).graph(language), sentence), why


def test_the_house_decides_what_is_listened_for() -> None:
    made = SentenceVocabulary()
    intents = load("en").intents
    made.update("en", intents, dict(names("en", {"light": ["lamp"]}).lists))
    without = made.graph("en")
    made.update("en", intents, dict(names("en", {"light": ["lamp"], "media_player": ["radio"]}).lists))
    assert not said(without, "pause the music")
    assert said(made.graph("en"), "pause the music")


def test_it_stays_small() -> None:
    """Home Assistant's sentences for text would make 13,000 arcs of this house, and «включи» «отключи»."""
    for language in ("en", "ru"):
        assert len(vocabulary(language).graph(language).arcs) < 2000


def test_every_change_is_another_version() -> None:
    made = SentenceVocabulary()
    seen = [made.version]
    made.update("en", load("en").intents, dict(names("en").lists))
    seen.append(made.version)
    remove = made.add("en", sentences("party time"))
    seen.append(made.version)
    assert said(made.graph("en"), "party time")
    remove()
    seen.append(made.version)
    remove()
    assert made.version == seen[-1]
    assert len(set(seen)) == 4
    assert not said(made.graph("en"), "party time")


def test_a_graph_is_made_once_for_each_change() -> None:
    made = vocabulary("en")
    assert made.graph("en") is made.graph("en")


def test_an_unknown_language_has_nothing_to_say() -> None:
    assert SentenceVocabulary().graph("fi") == WordGraph()
    assert SentenceVocabulary().words("fi") == frozenset()


def sentences(*texts: str, language: str = "en") -> Intents:
    """Return sentences of a user."""
    block = {"sentences": list(texts), "metadata": {USER: "mine.yaml"}}
    return Intents.from_dict({"language": language, "intents": {"Own": {"data": [block]}}})


def own(language: str, *texts: str) -> WordGraph:
    """Return the graph of a user's sentences alone."""
    made = SentenceVocabulary(lead_ins={})
    made.update(language, sentences(*texts, language=language), dict(names(language).lists))
    return made.graph(language)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("(good|nice) night[s]", ["good night", "good nights", "nice night", "nice nights"]),
        ("tea (for|with) {1..2:people}", ["tea for one", "tea for two", "tea with one", "tea with two"]),
        ("set {20..22:x}%", []),
        ("wake me[ up] at {7..7:hour}", ["wake me at seven", "wake me up at seven"]),
        ("say hi-fi, please!", ["say hi-fi please"]),
        ("(lights;out)", ["lights out", "out lights"]),
        ("{1..1:n}st floor", []),
        ("don't stop", ["don't stop"]),
    ],
)
def test_templates_are_written_out_word_by_word(template: str, expected: list[str]) -> None:
    graph = own("en", template)
    assert sorted(set(walks(graph, 200, seed=1)) if graph.arcs else []) == sorted(expected)


def test_a_wildcard_is_left_out_and_the_rest_stays() -> None:
    intents = Intents.from_dict(
        {
            "language": "en",
            "intents": {"Own": {"data": [{"sentences": ["note [about {anything}]", "remember {anything}"]}]}},
            "lists": {"anything": {"wildcard": True}},
        }
    )
    made = SentenceVocabulary()
    made.update("en", intents, dict(names("en").lists))
    assert made.graph("en").arcs == ((0, 1, "note"),)


def test_sentences_of_automations_are_heard_in_their_own_language() -> None:
    assert own("ru", "good night").arcs == ()
    assert own("en", "спокойной ночи").arcs == ()
    assert said(own("ru", "включи netflix"), "включи netflix")


def test_the_users_sentences_may_have_a_name_in_any_form() -> None:
    graph = own("ru", "добавь к {name} света")
    assert said(graph, "добавь к люстре света")
    assert said(graph, "добавь к люстры света")


def test_the_wake_word_may_come_whole_or_in_part() -> None:
    assert vocabulary("en").graph("en").lead_ins == ("hey jarvis", "jarvis")
    assert {"hey", "jarvis", "lamp"} <= vocabulary("en").words("en")


def test_a_name_that_cannot_be_said_is_left_out() -> None:
    made = SentenceVocabulary(lead_ins={})
    made.update("en", sentences("on {name}"), dict(names("en", {"light": ["B52", "lamp #3", "desk"]}).lists))
    assert made.words("en") == {"on", "desk"}

"""Loading and reloading helpers: one invalid item costs only itself, what did not change is not touched."""

from __future__ import annotations

import random
from typing import Any

import pytest

from arvisd.core.bus import Message
from tests.simulators.helper_rig import HelperRig

PROBLEMS = {
    "input_boolean: 5\n": (
        "configuration.yaml:1:16: input_boolean: expected a mapping of ids and settings, "
        "as in 'kitchen: {name: Kitchen}', got a number"
    ),
    "input_boolean:\n  Guest Mode:\n": (
        "configuration.yaml:2:3: input_boolean: 'Guest Mode' is no id, which is of a–z, 0–9 and _: "
        "write 'guest_mode', and the rest as its name"
    ),
    "input_boolean:\n  a: 5\n": "configuration.yaml:2:6: input_boolean.a: expected a mapping ('key: …'), got the number 5",
    "input_boolean:\n  a: {initial: 7}\n": (
        "configuration.yaml:2:16: input_boolean.a.initial: expected true or false, got the number 7"
    ),
    "input_boolean:\n  a: {inital: true}\n": (
        "configuration.yaml:2:7: unknown key 'inital' in input_boolean.a (did you mean 'initial'?)"
    ),
    "input_number:\n  a: {min: 5}\n": "configuration.yaml:2:6: the key 'max' is missing in input_number.a",
    "input_number:\n  a: {min: 5, max: 5}\n": (
        "configuration.yaml:2:6: input_number.a: max (5) must be greater than min (5)"
    ),
    "input_number:\n  a: {min: 0, max: 5, initial: 6}\n": (
        "configuration.yaml:2:6: input_number.a: initial (6) must lie between min (0) and max (5)"
    ),
    "input_number:\n  a: {min: 0, max: 5, step: 0}\n": (
        "configuration.yaml:2:29: input_number.a.step: expected a number above 0, got the number 0"
    ),
    "input_text:\n  a: {min: 5, max: 4}\n": "configuration.yaml:2:6: input_text.a: max (4) must not be less than min (5)",
    'input_text:\n  a: {pattern: "["}\n': (
        "configuration.yaml:2:6: input_text.a: pattern: unterminated character set at position 0"
    ),
    "input_text:\n  a: {max: 2, initial: long}\n": (
        "configuration.yaml:2:6: input_text.a: initial must have 0 to 2 characters, it has 4"
    ),
    "input_select:\n  a: {options: []}\n": (
        "configuration.yaml:2:16: input_select.a.options: expected at least 1 item, got a list of 0"
    ),
    "input_select:\n  a: {options: [x, x]}\n": "configuration.yaml:2:6: input_select.a: the option 'x' is there twice",
    "input_select:\n  a: {options: [Home], initial: home}\n": (
        "configuration.yaml:2:6: input_select.a: initial 'home' is not among the options (did you mean 'Home'?)"
    ),
    "input_datetime:\n  a:\n": (
        "configuration.yaml:2:5: input_datetime.a: it needs 'has_date: true', 'has_time: true' or both"
    ),
    "input_datetime:\n  a: {has_time: true, initial: noon}\n": (
        "configuration.yaml:2:6: input_datetime.a: 'noon' does not fit: write a date as 2026-05-01, "
        "a time as 07:30 or 07:30:00, both as 2026-05-01 07:30:00"
    ),
    "counter:\n  a: {minimum: 5, maximum: 4}\n": (
        "configuration.yaml:2:6: counter.a: maximum (4) must be greater than minimum (5)"
    ),
    "counter:\n  a: {step: 0}\n": (
        "configuration.yaml:2:13: counter.a.step: expected a whole number of at least 1, got the number 0"
    ),
    "timer:\n  a: {duration: soon}\n": (
        "configuration.yaml:2:17: timer.a.duration: expected a duration, as in 5 (seconds), '00:00:05', '500 ms' "
        "or {minutes: 5}, got the text 'soon'"
    ),
}


@pytest.mark.parametrize("text", PROBLEMS)
async def test_problem(rig: HelperRig, text: str) -> None:
    """What is wrong is said with its place; the helper beside it works."""
    other = "timer" if text.startswith("input_boolean: 5") or "counter" in text else "counter"
    assert rig.load(f"{text}{other}:\n  well:\n") == [PROBLEMS[text]]
    assert [entity_id for entity_id, _ in rig.hub.states] == [f"{other}.well"]


@pytest.mark.parametrize("text", PROBLEMS)
def test_check_says_the_same(tmp_path: Any, text: str) -> None:
    """`arvisd check` finds it without running anything."""
    from arvisd.automation.helpers.checking import check_helpers
    from arvisd.config import load

    (tmp_path / "configuration.yaml").write_text(text)
    assert [str(problem) for problem in check_helpers(load(tmp_path).tree)] == [PROBLEMS[text]]


async def test_labelled_sections_and_packages_are_joined(rig: HelperRig) -> None:
    """As people split their files; an id that stands in both is merged by the loader."""
    text = """
        input_boolean kitchen:
          a:
        input_boolean bedroom:
          b:
        homeassistant:
          packages:
            guests:
              input_boolean:
                c: {name: Guest mode}
    """
    assert rig.load(text) == []
    assert rig.helpers.entity_ids == ("input_boolean.a", "input_boolean.b", "input_boolean.c")


def watched(rig: HelperRig) -> list[tuple[str, str]]:
    """Return a list that collects every state message from now on."""
    seen: list[tuple[str, str]] = []

    def see(message: Message) -> None:
        seen.append((message.topic.removeprefix("arvis/state/"), message.data.decode()[:30]))

    rig.hub.bus.subscribe("arvis/state/#", see, rig.owner)
    return seen


async def test_unchanged_ones_are_not_touched(rig: HelperRig) -> None:
    """A reload writes nothing, and the object that runs is the same."""
    text = "input_boolean:\n  a:\ntimer:\n  t: {duration: 60}\n"
    rig.load(text)
    await rig.do("timer.start", "timer.t")
    before = [rig.helpers.find("input_boolean.a"), rig.helpers.find("timer.t")]
    seen = watched(rig)
    assert rig.load("# moved\n\n" + text) == []
    assert seen == []
    assert [rig.helpers.find("input_boolean.a"), rig.helpers.find("timer.t")] == before


async def test_changed_one_keeps_its_state(rig: HelperRig) -> None:
    """A new name is no reason to forget; nobody sees it go."""
    rig.load("input_boolean:\n  a: {name: Old}\n")
    await rig.do("input_boolean.turn_on", "input_boolean.a")
    seen = watched(rig)
    assert rig.load("input_boolean:\n  a: {name: New}\n") == []
    assert (rig.state("input_boolean.a"), rig.attributes("input_boolean.a")["friendly_name"]) == ("on", "New")
    assert [topic for topic, payload in seen] == ["input_boolean/a"]
    entity = rig.home.entity("input_boolean.a")
    assert entity is not None
    assert entity.name == "New"


async def test_removed_one_is_forgotten(rig: HelperRig) -> None:
    """Its state, its retained topic, its entity and what was saved of it."""
    rig.load("input_boolean:\n  a:\n  b:\n")
    await rig.do("input_boolean.turn_on", "input_boolean.a")
    seen = watched(rig)
    assert rig.load("input_boolean:\n  b:\n") == []
    assert seen == [("input_boolean/a", "")]
    assert rig.home.entity("input_boolean.a") is None
    assert rig.load("input_boolean:\n  a:\n  b:\n") == []
    assert rig.state("input_boolean.a") == "off"


async def test_broken_one_keeps_its_last_good_version(rig: HelperRig) -> None:
    """Until it is mended, and with its problem said all the while."""
    rig.load("input_number:\n  a: {min: 0, max: 9}\n")
    await rig.do("input_number.set_value", "input_number.a", value=4)
    said = ["configuration.yaml:2:6: the key 'max' is missing in input_number.a"]
    assert rig.load("input_number:\n  a: {min: 0}\n") == said
    assert rig.load("input_number:\n  a: {min: 0}\n# saved again\n") == said
    await rig.do("input_number.increment", "input_number.a")
    assert rig.state("input_number.a") == "5.0"
    assert rig.load("input_number:\n  a: {min: 0, max: 9}\n") == []
    assert rig.state("input_number.a") == "5.0"


async def test_unreadable_file_loses_nothing(rig: HelperRig) -> None:
    """A section that cannot be read is as it was."""
    (rig.folder / "inputs.yaml").write_text("a:\nb:\n")
    text = "input_boolean: !include inputs.yaml\ncounter:\n  c:\n"
    rig.load(text)
    await rig.do("input_boolean.turn_on", "input_boolean.a")
    (rig.folder / "inputs.yaml").write_text("a: [\n")
    assert len(rig.load(text)) == 1
    assert rig.helpers.entity_ids == ("input_boolean.a", "input_boolean.b", "counter.c")
    assert rig.state("input_boolean.a") == "on"


@pytest.mark.parametrize("text", ["a: [\n", "a:\n  !bogus 5\n"])
async def test_start_with_an_unreadable_file_loses_nothing(rig: HelperRig, text: str) -> None:
    """Mended after the restart, the values are there."""
    (rig.folder / "inputs.yaml").write_text("a:\nb:\n")
    rig.load("input_boolean: !include inputs.yaml\n")
    await rig.do("input_boolean.turn_on", "input_boolean.a")
    await rig.clock.advance(1)
    (rig.folder / "inputs.yaml").write_text(text)
    assert len(rig.restart()) == 1
    (rig.folder / "inputs.yaml").write_text("a:\nb:\n")
    assert rig.load() == []
    assert rig.state("input_boolean.a") == "on"


async def test_removed_while_off_is_cleared_at_the_broker(rig: HelperRig) -> None:
    """No ghost stays retained."""
    rig.load("input_boolean:\n  a:\n  b:\n")
    rig.write("input_boolean:\n  b:\n")
    rig.owner.release()
    rig.database.close()
    rig._begin()
    seen = watched(rig)
    rig.load()
    assert ("input_boolean/a", "") in seen
    assert rig.database.read("SELECT entity_id FROM helper_states") == [("input_boolean.b",)]


async def test_id_of_somebody_else(rig: HelperRig) -> None:
    """An integration was there first: said at the line, and it is left alone."""
    from arvisd.home.entity import Entity

    rig.home.add_entity(Entity(id="input_boolean.a"), rig.owner)
    assert rig.load("\ninput_boolean:\n  a:\n  b:\n") == [
        "configuration.yaml:2:3: input_boolean.a: the entity input_boolean.a is already offered by automations"
    ]
    assert rig.helpers.entity_ids == ("input_boolean.b",)


async def test_many_changes_are_few_writes(rig: HelperRig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slider that is dragged does not wear the disk out."""
    rig.load("input_number:\n  a: {min: 0, max: 9999}\n")
    await rig.clock.advance(1)
    writes: list[str] = []
    original = rig.database.write

    def write(sql: str, values: Any = ()) -> None:
        writes.append(sql.split()[0])
        original(sql, values)

    monkeypatch.setattr(rig.database, "write", write)
    for value in range(1000):
        await rig.do("input_number.set_value", "input_number.a", value=value)
    await rig.clock.advance(1)
    assert writes.count("INSERT") == 2
    monkeypatch.undo()
    rig.crash()
    assert rig.state("input_number.a") == "999.0"


KINDS = {
    "input_boolean": ["{}", "{name: A}", "{initial: true}", "{bogus: 1}"],
    "input_number": ["{min: 0, max: 9}", "{min: 1, max: 5}", "{min: 9}"],
    "input_select": ["{options: [x, y]}", "{options: [y, z]}", "{options: []}"],
    "counter": ["{}", "{step: 2}", "{step: 0}"],
    "timer": ["{duration: 60}", "{duration: 90}", "{duration: x}"],
}
INVALID = {"{bogus: 1}", "{min: 9}", "{options: []}", "{step: 0}", "{duration: x}"}


@pytest.mark.parametrize("seed", range(20))
async def test_random_edits(rig: HelperRig, seed: int) -> None:
    """Whatever is edited: nothing valid is missing, nothing gone stays, nothing unchanged begins anew."""
    dice = random.Random(seed)  # repeatable, not secret
    written: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    last_good: dict[str, str] = {}
    objects: dict[str, Any] = {}
    for _ in range(30):
        for _ in range(dice.randint(1, 4)):
            kind = dice.choice(list(KINDS))
            name = dice.choice("abcdef")
            if dice.random() < 0.3:
                written[kind].pop(name, None)
            else:
                written[kind][name] = dice.choice(KINDS[kind])
        order = dice.sample(list(KINDS), len(KINDS))
        lines = [f"{kind}:\n" + "".join(f"  {n}: {s}\n" for n, s in written[kind].items()) for kind in order]
        problems = rig.load("".join(lines))
        now = {f"{kind}.{name}": text for kind in KINDS for name, text in written[kind].items()}
        assert len(problems) == sum(text in INVALID for text in now.values())
        expected = {id_ for id_, text in now.items() if text not in INVALID or id_ in last_good}
        assert set(rig.helpers.entity_ids) == expected
        assert {id_ for id_, _ in rig.hub.states} == expected
        assert {entity.id for entity in rig.home.entities()} == expected
        for id_, text in now.items():
            if id_ not in expected:
                continue
            same = text in INVALID or last_good.get(id_) == text
            assert (objects.get(id_) is rig.helpers.find(id_)) is same, (id_, text)
            objects[id_] = rig.helpers.find(id_)
            if text not in INVALID:
                last_good[id_] = text
        for id_ in set(last_good) - expected:
            del last_good[id_]
            objects.pop(id_, None)

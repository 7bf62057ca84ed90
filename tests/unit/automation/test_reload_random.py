"""Reloads of a whole folder after random edits: packages, includes, scripts, blueprints, macros, broken files in between.

What must hold after each of them: nothing is lost, nothing is doubled, what did not change goes on with its runs, and
each run that began in an unchanged automation ends with what its automation said when it began.
"""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arvisd.config import Pieces, load
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from tests.simulators.automation_rig import AutomationRig, automation_rig
from tests.simulators.clock import FakeClock

EXAMPLES = int(os.environ.get("ARVISD_FUZZ_EXAMPLES", "40"))
"""More of them by hand: `ARVISD_FUZZ_EXAMPLES=2000 pytest …`."""
PLACES = ("automations.yaml", "packages/one.yaml", "packages/two.yaml", "folder/more.yaml")
MAIN = """
homeassistant:
  packages: !include_dir_named packages
automation: !include automations.yaml
automation folder: !include_dir_merge_list folder
script: !include scripts.yaml
"""
BLUEPRINT = """
blueprint:
  name: Waits
  domain: automation
  input: {name: {}}
triggers: [{trigger: mqtt, topic: go}]
actions:
  - {delay: 60}
  - {action: test.note, data: {message: !input name}}
"""


class House:
    """What stands in the files, and the files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.automations: dict[str, tuple[str, int, bool]] = {}
        """By id: in which file, which version, of a blueprint."""
        self.script = 0
        self.macro = 0
        self.broken: str = ""
        self.comments = 0

    def write(self) -> None:
        """Write all of it."""
        self.put("configuration.yaml", MAIN)
        self.put("blueprints/automation/waits.yaml", BLUEPRINT)
        self.put("custom_templates/own.jinja", f"{{% macro said() %}}{self.macro}{{% endmacro %}}")
        self.put("scripts.yaml", f"wait:\n  sequence: [{{delay: 60}}, {{event: done_{self.script}}}]\n")
        for place in PLACES:
            items = [self.text(id_) for id_, (where, _, _) in self.automations.items() if where == place]
            listed = "# saved again\n" * (self.comments % 3) + ("\n".join(items) or "[]")
            if place.startswith("packages/"):
                listed = "automation:\n" + "\n".join(f"  {line}" for line in listed.splitlines())
            self.put(place, "automation: [{" if place == self.broken else listed + "\n")

    def text(self, id_: str) -> str:
        """Return one automation."""
        _, version, of_blueprint = self.automations[id_]
        said = f"{id_} {version}"
        if of_blueprint:
            return f"- id: {id_}\n  use_blueprint: {{path: waits.yaml, input: {{name: {said}}}}}"
        return (
            f"- id: {id_}\n  alias: Named {id_}\n  mode: queued\n  triggers: [{{trigger: mqtt, topic: go}}]\n"
            f"  actions:\n    - {{delay: 60}}\n    - {{action: test.note, data: {{message: {said}}}}}"
        )

    def put(self, name: str, text: str) -> None:
        """Write a file as an editor does."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.swp")
        temporary.write_text(text)
        temporary.replace(path)

    def edit(self, dice: random.Random) -> None:
        """Do one thing that people do."""
        known = list(self.automations)
        match dice.randrange(9):
            case 0 | 1:
                self.automations[f"a{dice.randrange(12)}"] = (
                    dice.choice(PLACES),
                    dice.randrange(3),
                    dice.random() < 0.3,
                )
            case 2 if known:
                del self.automations[dice.choice(known)]
            case 3 if known:  # moved to another file, unchanged
                id_ = dice.choice(known)
                _, version, of_blueprint = self.automations[id_]
                self.automations[id_] = (dice.choice(PLACES), version, of_blueprint)
            case 4 if known:
                id_ = dice.choice(known)
                where, version, of_blueprint = self.automations[id_]
                self.automations[id_] = (where, version + 1, of_blueprint)
            case 5:
                self.comments += 1
            case 6:
                self.broken = dice.choice((*PLACES, "", ""))
            case 7:
                self.script += dice.randrange(2)
            case _:
                items = list(self.automations.items())
                dice.shuffle(items)
                self.automations = dict(items)


@asynccontextmanager
async def house_rig(folder: Path) -> AsyncIterator[AutomationRig]:
    clock = FakeClock()
    async with automation_rig(Hub(clock), clock, folder) as rig:
        yield rig


async def reload(rig: AutomationRig, pieces: Pieces) -> None:
    loaded = load(rig.folder, {}, pieces)
    await rig.engine.load(loaded.tree.get("automation"), loaded.unreadable, loaded.tree.get("script"))


@given(seed=st.integers(0, 2**32))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_random_edits(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    dice = random.Random(seed)
    folder = tmp_path_factory.mktemp("house")
    house = House(folder)
    pieces = Pieces()
    async with house_rig(folder) as rig:
        rig.engine.started()
        promised: dict[str, list[str]] = {}
        """What the runs that are on their way will say, by id."""
        house.write()
        await reload(rig, pieces)
        shown: dict[str, tuple[str, int, bool]] = {}
        for _ in range(12):
            for _ in range(dice.randrange(1, 4)):
                house.edit(dice)
            house.write()
            before = {info.id: rig.engine.find(info.id).automation for info in rig.engine.list()}
            await reload(rig, pieces)
            wanted = {id_: item for id_, item in house.automations.items() if item[0] != house.broken}
            # what stood in the file that cannot be read goes on as it was, unless it is elsewhere now
            kept = {id_: item for id_, item in shown.items() if id_ not in wanted and item[0] == house.broken}
            expected = {**wanted, **kept}
            listed = [info.id for info in rig.engine.list()]
            assert sorted(listed) == sorted(expected), "lost or doubled"
            entities = [info.entity_id for info in rig.engine.list()]
            assert len(set(entities)) == len(entities)
            assert sorted(rig.hub.states.ids("automation")) == sorted(entities)
            for id_, item in expected.items():
                same = id_ in shown and shown[id_][1:] == item[1:]
                if same:
                    assert rig.engine.find(id_).automation is before[id_], "restarted, and did not change"
                else:
                    promised.pop(id_, None)
            for id_ in list(promised):
                if id_ not in expected:
                    del promised[id_]
            shown = expected
            for info in rig.engine.list():
                runs = rig.engine.find(info.id).automation
                assert runs is not None
                assert info.current == len(promised.get(info.id, [])), "a run was lost"
            if dice.random() < 0.5 and not promised:
                rig.publish("go")
                promised = {id_: [f"{id_} {item[1]}"] for id_, item in shown.items()}
            if dice.random() < 0.4:
                rig.calls.clear()
                await rig.clock.advance(61)
                assert sorted(rig.notes) == sorted(text for texts in promised.values() for text in texts)
                promised = {}


SELF = """
- id: a
  mode: queued
  triggers: [{trigger: mqtt, topic: go}]
  actions:
    - {action: test.note, data: {message: before}}
    - {action: automation.reload}
    - {action: test.note, data: {message: after VERSION}}
- id: b
  triggers: [{trigger: mqtt, topic: go}]
  actions: [{delay: 5}, {action: test.note, data: {message: b}}]
"""


async def test_a_reload_from_within_ends_the_run_that_changed_and_no_other(rig: AutomationRig) -> None:
    async def again() -> None:
        await rig.reload()

    rig.engine.reload_configuration = again
    await rig.load(SELF.replace("VERSION", "1"))
    rig.publish("go")
    rig.write(SELF.replace("VERSION", "2"))
    await rig.clock.advance(1)
    assert rig.notes == ["before"]  # its own file changed: it ended with the reload that it had asked for
    await rig.clock.advance(10)
    assert rig.notes == ["before", "b"]
    rig.publish("go")
    await rig.clock.advance(10)
    assert rig.notes == ["before", "b", "before", "after 2", "b"]
    assert [info.current for info in rig.engine.list()] == [0, 0]


async def test_a_reload_from_within_that_finds_nothing_new_lets_the_run_go_on(rig: AutomationRig) -> None:
    async def again() -> None:
        await rig.reload()

    rig.engine.reload_configuration = again
    await rig.load(SELF)
    rig.publish("go")
    await rig.clock.advance(10)
    assert rig.notes == ["before", "after VERSION", "b"]


LOOP = """
- id: a
  triggers: [{trigger: event, event_type: automation_reloaded}, {trigger: mqtt, topic: go}]
  actions: [{action: automation.reload}]
- id: b
  triggers: [{trigger: mqtt, topic: other}]
  actions: [{action: test.note, data: {message: b}}]
"""


async def test_reloads_that_set_each_other_off_hold_up_nobody(rig: AutomationRig) -> None:
    loads = 0

    async def again() -> None:
        nonlocal loads
        loads += 1
        if loads < 200:
            await rig.reload()

    rig.engine.reload_configuration = again
    rig.engine.started()
    await rig.load(LOOP)
    rig.publish("go")
    for _ in range(5):
        await rig.clock.advance(1)
        rig.publish("other")
    assert rig.notes == ["b"] * 5
    assert [info.id for info in rig.engine.list()] == ["a", "b"]


async def test_two_loads_at_once_end_with_the_later(rig: AutomationRig) -> None:
    nodes: list[Any] = [[{"id": f"n{number}", "triggers": {}, "actions": []}] for number in range(5)]
    async with Owner("loads") as owner:
        for node in nodes:
            owner.spawn(rig.engine.load(node), "load")
        await rig.clock.advance(1)
    assert [info.id for info in rig.engine.list()] == ["n4"]

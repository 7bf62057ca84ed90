"""Reloads: what starts, what stops, what is left alone; the pure decision, and the engine that carries it out."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arvisd.automation.registry import TriggerOptions, TriggerType
from arvisd.automation.reload import plan_reload
from arvisd.automation.schema import Document
from tests.simulators.automation_rig import AutomationRig


class Loaded:
    """What stands for a running automation."""

    def __init__(self, node: dict[str, Any]) -> None:
        self.source = Document(node, None, None)


def plan(current: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> dict[str, list[Any]]:
    result = plan_reload([Loaded(node) for node in current], [Document(node, None, None) for node in wanted])
    return {
        "kept": [document.node for _, document in result.kept],
        "changed": [document.node for _, document in result.changed],
        "added": [document.node for document in result.added],
        "removed": [loaded.source.node for loaded in result.removed],
    }


A1 = {"id": "a", "alias": "A", "x": 1}
A2 = {"id": "a", "alias": "A", "x": 2}
A_RENAMED = {"id": "a", "alias": "AA", "x": 1}
B = {"id": "b", "alias": "B"}
N1 = {"alias": "N", "x": 1}
N2 = {"alias": "N", "x": 2}


@pytest.mark.parametrize(
    ("current", "wanted", "expected"),
    [
        ([], [A1], {"added": [A1]}),
        ([A1], [], {"removed": [A1]}),
        ([A1], [dict(A1)], {"kept": [A1]}),
        ([A1], [A2], {"changed": [A2]}),
        ([A1], [A_RENAMED], {"changed": [A_RENAMED]}),
        ([A1, B], [B, A2], {"kept": [B], "changed": [A2]}),
        ([A1], [B], {"added": [B], "removed": [A1]}),
        ([N1], [dict(N1)], {"kept": [N1]}),
        ([N1], [N2], {"changed": [N2]}),
        ([N1, N2], [N2], {"kept": [N2], "removed": [N1]}),
        ([N1], [N2, N1], {"kept": [N1], "added": [N2]}),
        ([N1, N1], [N1, N1], {"kept": [N1, N1]}),
        ([N1, N1], [N1], {"kept": [N1], "removed": [N1]}),
        ([{"id": "a", "x": 1}], [{"id": "a", "x": True}], {"changed": [{"id": "a", "x": True}]}),
        (
            [{"id": "a", "variables": {"x": 1, "y": 2}}],
            [{"id": "a", "variables": {"y": 2, "x": 1}}],
            {"changed": [{"id": "a", "variables": {"y": 2, "x": 1}}]},
        ),
    ],
)
def test_decision(current: list[Any], wanted: list[Any], expected: dict[str, list[Any]]) -> None:
    assert plan(current, wanted) == {"kept": [], "changed": [], "added": [], "removed": [], **expected}


NODES = st.fixed_dictionaries(
    {"alias": st.sampled_from(["A", "B", "C"]), "x": st.integers(0, 2)},
    optional={"id": st.sampled_from(["1", "2", "3"])},
)


@given(st.lists(NODES, max_size=8), st.lists(NODES, max_size=8))
def test_none_lost_none_doubled_none_restarted(current: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    def unique(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        seen: set[str] = set()
        return [n for n in nodes if "id" not in n or (n["id"] not in seen and not seen.add(n["id"]))]  # type: ignore[func-returns-value]

    loaded = [Loaded(node) for node in unique(current)]
    documents = [Document(node, None, None) for node in unique(wanted)]
    result = plan_reload(loaded, documents)
    told = [*(d for _, d in result.kept), *(d for _, d in result.changed), *result.added]
    assert sorted(map(id, told)) == sorted(map(id, documents))
    before = [*(one for one, _ in result.kept), *(one for one, _ in result.changed), *result.removed]
    assert sorted(map(id, before)) == sorted(map(id, loaded))
    for one, document in result.kept:
        assert one.source.node == document.node
    for one, document in result.changed:
        assert one.source.node != document.node
    unchanged = [n for n in unique(wanted) if n in [one.source.node for one in loaded]]
    assert len(result.kept) >= len({tuple(sorted(n.items())) for n in unchanged})


TWO = """
- id: a
  alias: First
  triggers: [{trigger: mqtt, topic: go}]
  actions: [{action: test.note, data: {message: a}}, {delay: 10}, {action: test.note, data: {message: a done}}]
- id: b
  triggers: [{trigger: state, entity_id: x.y, to: "on", for: 10}]
  actions: [{action: test.note, data: {message: b}}]
"""


async def test_unchanged_ones_keep_runs_and_timers(rig: AutomationRig) -> None:
    await rig.load(TWO)
    rig.publish("go")
    rig.hub.states.set("x.y", "on")
    await rig.clock.advance(5)
    assert await rig.load("# a comment\n\n- {id: new, actions: []}\n" + TWO) == []
    await rig.clock.advance(6)
    assert sorted(rig.notes) == ["a", "a done", "b"]
    assert [info.id for info in rig.engine.list()] == ["new", "a", "b"]
    assert rig.engine.find("a").source.mark.line == 5


async def test_a_changed_one_is_stopped_and_replaced(rig: AutomationRig) -> None:
    await rig.load(TWO)
    rig.publish("go")
    await rig.clock.advance(5)
    await rig.load(TWO.replace("message: a}", "message: a2}"))
    await rig.clock.advance(20)
    assert rig.notes == ["a"]
    rig.publish("go")
    assert rig.notes == ["a", "a2"]
    assert rig.outcomes("a") == ["cancelled"]  # what ran before the change stays visible


async def test_a_removed_one_is_gone(rig: AutomationRig) -> None:
    await rig.load(TWO)
    rig.publish("go")
    await rig.load("[]")
    await rig.clock.advance(20)
    rig.publish("go")
    assert rig.notes == ["a"]
    assert rig.hub.states.ids("automation") == []
    assert rig.hub.bus.retained("arvis/state/automation/first") == []
    assert rig.hub.bus.remote_filters == []


async def test_last_triggered_and_the_switch_survive_a_change(rig: AutomationRig) -> None:
    await rig.load(TWO)
    rig.publish("go")
    await rig.hub.actions.call("automation.turn_off", target=_target("automation.first"))
    await rig.load(TWO.replace("message: a}", "message: a2}"))
    state = rig.hub.states.get("automation.first")
    assert state is not None
    assert state.state == "off"
    assert state.attributes["last_triggered"] == "2026-01-05T12:00:00+00:00"
    rig.publish("go")
    assert rig.notes == ["a"]


def _target(entity_id: str) -> Any:
    from arvisd.core.actions import Target

    return Target(entity_id=entity_id)


async def test_another_alias_is_another_entity(rig: AutomationRig) -> None:
    await rig.load(TWO)
    await rig.load(TWO.replace("First", "Первая"))
    assert rig.hub.states.ids("automation") == ["automation.b", "automation.pervaia"]


class TestBrokenFiles:
    async def test_the_last_good_version_goes_on(self, rig: AutomationRig) -> None:
        await rig.load(TWO)
        rig.publish("go")
        await rig.clock.advance(1)
        (problem,) = await rig.load(TWO.replace("topic: go", "topic: '#/x'"))
        assert problem.startswith("automations.yaml:3:37: the trigger 'mqtt': '#' in '#/x' must stand alone and last")
        state = rig.hub.states.get("automation.first")
        assert state is not None
        assert state.state == "unavailable"
        assert state.attributes["error"] == problem
        assert state.attributes["last_good_version_runs"] is True
        await rig.clock.advance(10)
        rig.publish("go")
        assert rig.notes == ["a", "a done", "a"]
        assert await rig.load(TWO) == []
        state = rig.hub.states.get("automation.first")
        assert state is not None
        assert state.state == "on"
        assert "error" not in state.attributes

    async def test_stop_on_error(self, rig: AutomationRig) -> None:
        (rig.folder / "configuration.yaml").write_text(
            "automation: {on_error: stop}\nautomation mine: !include automations.yaml\n"
        )
        await rig.load(TWO)
        rig.publish("go")
        await rig.clock.advance(1)
        await rig.load(TWO.replace("topic: go", "topic: '#/x'"))
        await rig.clock.advance(20)
        rig.publish("go")
        assert rig.notes == ["a"]

    async def test_what_cannot_be_read_at_all_keeps_what_may_be_in_it(self, rig: AutomationRig) -> None:
        await rig.load(TWO)
        problems = await rig.load(TWO.replace('to: "on"', 'to: "on'))
        assert problems
        rig.publish("go")
        rig.hub.states.set("x.y", "on")
        await rig.clock.advance(11)
        assert sorted(rig.notes) == ["a", "a done", "b"]
        state = rig.hub.states.get("automation.first")
        assert state is not None
        assert state.attributes["error"] == "automations.yaml could not be read: the last good version goes on"
        assert await rig.load(TWO) == []
        assert [info.state for info in rig.engine.list()] == ["on", "on"]

    async def test_one_broken_file_of_several(self, rig: AutomationRig) -> None:
        (rig.folder / "configuration.yaml").write_text("automation: !include_dir_merge_list parts/\n")
        rig.write(TWO, "parts/one.yaml")
        rig.write(
            "- {id: c, triggers: [{trigger: mqtt, topic: c}], actions: [{action: test.note}]}\n", "parts/two.yaml"
        )
        assert await rig.reload() == []
        rig.write(TWO + "- {id: d, actions: [}", "parts/one.yaml")
        rig.write(
            "- {id: c, triggers: [{trigger: mqtt, topic: c}], actions: [{action: test.note, data: {message: c}}]}\n",
            "parts/two.yaml",
        )
        await rig.reload()
        rig.publish("go")
        rig.publish("c")
        assert rig.notes == ["a", "c"]

    async def test_fixing_one_by_removing_it(self, rig: AutomationRig) -> None:
        await rig.load(TWO)
        await rig.load(TWO.replace("topic: go", "topic: '#/x'"))
        await rig.load("[]")
        rig.publish("go")
        assert rig.notes == []


async def test_a_reload_from_within(rig: AutomationRig) -> None:
    """The run that asks for the reload changes its own file: it is replaced, nothing is lost, nothing hangs."""
    text = """
- id: self
  triggers: [{trigger: mqtt, topic: go}]
  actions:
    - {action: test.note, data: {message: before}}
    - action: automation.reload
    - {action: test.note, data: {message: after}}
- id: other
  triggers: [{trigger: mqtt, topic: other}]
  actions: [{action: test.note, data: {message: other}}]
"""
    await rig.load(text)
    rig.engine.reload_configuration = rig.reload
    rig.write(text.replace("before", "before2").replace("message: other", "message: other2"))
    rig.publish("go")
    await rig.clock.settle()
    assert rig.outcomes("self") == ["cancelled"]
    rig.publish("go")
    rig.publish("other")
    await rig.clock.settle()
    assert rig.notes == ["before", "before2", "other2", "after"]
    assert [info.state for info in rig.engine.list()] == ["on", "on"]


async def test_reloads_one_after_the_other(rig: AutomationRig) -> None:
    import asyncio

    await asyncio.gather(*(rig.engine.load([{"id": "a", "alias": f"V{i}", "actions": []}]) for i in range(5)))
    assert [info.alias for info in rig.engine.list()] == ["V4"]


FORMS = {
    "a list": "automation: !include automations.yaml\n",
    "folders": "automation: !include_dir_merge_list parts/\n",
    "labels": "automation one: !include automations.yaml\nautomation two:\n  - {id: c, actions: []}\n",
    "one alone": "automation: {id: c, triggers: [], actions: []}\n",
    "options beside": "automation:\n  on_error: stop\n  automations: !include automations.yaml\n",
    "nothing": "automation:\n",
    "packages": "homeassistant: {packages: {p: {automation: [{id: c, actions: []}]}}}\nautomation: !include automations.yaml\n",
}


@pytest.mark.parametrize(
    ("form", "ids"),
    [
        ("a list", ["a", "b"]),
        ("folders", ["a", "b"]),
        ("labels", ["a", "b", "c"]),
        ("one alone", ["c"]),
        ("options beside", ["a", "b"]),
        ("nothing", []),
        ("packages", ["a", "b", "c"]),
    ],
)
async def test_forms_of_the_section(rig: AutomationRig, form: str, ids: list[str]) -> None:
    (rig.folder / "configuration.yaml").write_text(FORMS[form])
    rig.write(TWO, "parts/x.yaml")
    assert await rig.load(TWO) == []
    assert [info.id for info in rig.engine.list()] == ids


async def test_what_is_replaced_is_freed_at_once(rig: AutomationRig) -> None:
    """Without the cycle collector: the daemon freezes what is loaded, since walking over it takes longer than a run."""
    text = (
        TWO
        + "- {id: c, triggers: [{trigger: template, value_template: \"{{ is_state('x.y', 'on') }}\"}], actions: [{delay: 1}]}\n"
    )
    await rig.load(text)
    rig.publish("go")
    await rig.clock.advance(20)
    gone = [weakref.ref(entry.automation) for entry in rig.engine.entries()]
    gc.collect()
    gc.disable()
    try:
        await rig.load("- {id: c, actions: []}\n")
        await rig.clock.advance(2)
        assert [reference() for reference in gone] == [None, None, None]
    finally:
        gc.enable()


@pytest.mark.parametrize("where", ["build", "attach"])
async def test_a_faulty_kind_of_trigger_costs_only_its_own_automation(rig: AutomationRig, where: str) -> None:
    class Faulty:
        def attach(self, to: Any) -> None:
            raise KeyError("attach")

    def build(options: Any, part: Any) -> Faulty:
        if where == "build":
            raise KeyError("build")
        return Faulty()

    rig.engine.library.triggers.register(TriggerType("faulty", TriggerOptions, build), rig.owner)
    (problem,) = await rig.load("- {id: bad, triggers: [{trigger: faulty}], actions: []}\n" + TWO)
    assert problem.startswith("automations.yaml:1:3: ")
    assert where in problem
    assert [info.state for info in rig.engine.list()] == ["unavailable", "on", "on"]
    rig.publish("go")
    assert rig.notes == ["a"]


async def test_what_is_unknown_is_said_as_long_as_it_is(rig: AutomationRig) -> None:
    without = "automation: !include automations.yaml\n"
    a = "- {id: a, triggers: {trigger: mqtt, topic: go}, actions: [{action: script.film}]}\n"
    missing = (
        "automations.yaml:1:68: warning: there is no action 'script.film' (did you mean 'script.toggle'?): "
        "the step fails unless an integration offers it"
    )
    await rig.load(a)
    rig.engine.started()
    assert [str(problem) for problem in rig.engine.problems] == [missing]
    assert await rig.load(a + "- {id: b, triggers: [], actions: []}\n") == [missing]
    (rig.folder / "configuration.yaml").write_text(without + "script: {film: {sequence: []}}\n")
    assert await rig.reload() == []
    (rig.folder / "configuration.yaml").write_text(without)
    assert await rig.reload() == [missing]

"""What the rest of the house sees of automations: entities, events, traces, actions; and how they stop."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.automation.errors import UnknownAutomationError
from arvisd.automation.trace import TraceRecord
from arvisd.core.actions import Target
from arvisd.core.bus import Message
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError, ActionFailedError
from arvisd.core.events import Event
from tests.simulators.automation_rig import AutomationRig

ONE = """
- id: one/1
  alias: Hall light
  triggers: [{trigger: mqtt, topic: go}]
  conditions: "{{ trigger.payload != 'no' }}"
  actions: [{action: test.note, data: {message: "{{ trigger.payload }}{{ extra | default('') }}"}}]
"""


def watch(rig: AutomationRig, filter_: str) -> list[Message]:
    seen: list[Message] = []
    rig.hub.bus.subscribe(filter_, seen.append, rig.owner)
    return seen


async def act(rig: AutomationRig, name: str, data: dict[str, Any] | None = None) -> Any:
    return await rig.hub.actions.call(name, data, Target(entity_id="automation.hall_light"))


async def test_entity(rig: AutomationRig) -> None:
    await rig.load(ONE)
    state = rig.hub.states.get("automation.hall_light")
    assert state is not None
    assert state.state == "on"
    assert state.attributes == {
        "id": "one/1",
        "friendly_name": "Hall light",
        "last_triggered": None,
        "mode": "single",
        "current": 0,
    }


@pytest.mark.parametrize(
    ("written", "entity_ids"),
    [
        ("[{alias: Свет в прихожей, actions: []}]", ["automation.svet_v_prikhozhei"]),
        ("[{id: '17', actions: []}]", ["automation.17"]),
        ("[{actions: []}]", ["automation.automation"]),
        ("[{alias: '***', id: x, actions: []}]", ["automation.x"]),
        ("[{alias: A, actions: []}, {alias: a, actions: [], id: z}]", ["automation.a", "automation.a_2"]),
    ],
)
async def test_names_of_entities(rig: AutomationRig, written: str, entity_ids: list[str]) -> None:
    await rig.load(written)
    assert rig.hub.states.ids("automation") == entity_ids


async def test_initial_state(rig: AutomationRig) -> None:
    await rig.load(ONE + "  initial_state: false\n")
    rig.publish("go")
    assert rig.notes == []
    assert rig.engine.list()[0].state == "off"


class TestTold:
    """State, event and trace of runs: soon, but not more often than once a second."""

    async def test_of_a_run(self, rig: AutomationRig) -> None:
        await rig.load(ONE)
        traces, events = watch(rig, "arvis/automation/+/trace"), watch(rig, "arvis/event/automation_triggered")
        rig.publish("go", "x")
        assert traces == []  # the run's own messages come first
        await rig.clock.advance(0.05)
        ((trace,), (event,)) = (traces, events)
        assert trace.topic == "arvis/automation/one_1/trace"
        record = trace.decode(TraceRecord)
        assert (record.automation, record.outcome, record.skipped) == ("one/1", "finished", 0)
        assert [step.path for step in record.steps] == ["trigger/0", "condition/0", "action/0"]
        assert record.steps[2].result == {"action": "test.note", "data": {"message": "x"}, "target": {}}
        told = event.decode(Event)
        assert told.data["name"] == "Hall light"
        assert told.data["source"] == "mqtt topic go"
        assert told.data["run_id"] == record.run
        assert told.context.id == record.run
        state = rig.hub.states.get("automation.hall_light")
        assert state is not None
        assert state.attributes["last_triggered"] == "2026-01-05T12:00:00+00:00"

    async def test_of_a_storm(self, rig: AutomationRig) -> None:
        await rig.load(ONE)
        traces, events = watch(rig, "arvis/automation/+/trace"), watch(rig, "arvis/event/automation_triggered")
        states = watch(rig, "arvis/state/automation/+")
        for _ in range(500):
            rig.publish("go", "x")
            await rig.clock.advance(0.01)
        await rig.clock.advance(2)
        assert len(rig.notes) == 500
        assert len(traces) == 6
        assert len(states) == 6
        assert sum(message.decode(TraceRecord).skipped for message in traces) + len(traces) == 500
        assert sum(message.decode(Event).data["runs"] for message in events) == 500

    async def test_a_failed_run_is_told_rather_than_others(self, rig: AutomationRig) -> None:
        await rig.load(
            ONE.replace("test.note, data", "\"{{ 'test.fail' if trigger.payload == '2' else 'test.note' }}\", data")
        )
        traces = watch(rig, "arvis/automation/+/trace")
        for payload in "123":
            rig.publish("go", payload)
        await rig.clock.advance(0.05)
        record = traces[0].decode(TraceRecord)
        assert (record.outcome, record.skipped) == ("error", 2)

    async def test_of_ten_thousand(self, rig: AutomationRig) -> None:
        """All automations together keep to a rate; what waits is told in the end."""
        await rig.load(
            "".join(f"- {{id: a{i}, triggers: [{{trigger: mqtt, topic: go}}], actions: []}}\n" for i in range(1000))
        )
        states = watch(rig, "arvis/state/automation/+")
        rig.publish("go")
        await rig.clock.settle()
        await rig.clock.advance(1.01)
        assert 90 <= len(states) <= 120
        await rig.clock.advance(10)
        assert len(states) == 1000

    async def test_kept_traces(self, rig: AutomationRig) -> None:
        await rig.load(ONE + "  trace: {stored_traces: 2}\n")
        for payload in ("1", "no", "2", "no", "no", "3"):
            rig.publish("go", payload)
            await rig.clock.advance(1)
        traces = rig.traces("one/1")
        assert [(trace.outcome, trace.trigger["payload"]) for trace in traces] == [
            ("finished", "2"),
            ("failed_conditions", "no"),
            ("failed_conditions", "no"),
            ("finished", "3"),
        ]


class TestActions:
    async def test_trigger(self, rig: AutomationRig) -> None:
        await rig.load(ONE.replace("{{ trigger.payload }}", "by {{ trigger.platform }}"))
        await act(rig, "automation.trigger", {"variables": {"extra": " hand"}})
        assert rig.notes == ["by None hand"]

    async def test_trigger_asks_the_conditions_if_told_to(self, rig: AutomationRig) -> None:
        await rig.load(ONE.replace("trigger.payload != 'no'", "false"))
        await act(rig, "automation.trigger", {"skip_condition": False})
        assert rig.notes == []

    async def test_the_cause_goes_on(self, rig: AutomationRig) -> None:
        await rig.load(ONE)
        await rig.hub.actions.call(
            "automation.trigger", None, Target(entity_id=["automation.hall_light"]), Context(id="c", user="ann")
        )
        assert (rig.calls[0].context.parent_id, rig.calls[0].context.user) == ("c", "ann")

    async def test_off_on_toggle(self, rig: AutomationRig) -> None:
        await rig.load(ONE)
        for action, state, fires in (
            ("turn_off", "off", False),
            ("turn_on", "on", True),
            ("toggle", "off", False),
            ("toggle", "on", True),
        ):
            await act(rig, f"automation.{action}")
            found = rig.hub.states.get("automation.hall_light")
            assert found is not None
            assert found.state == state
            rig.calls.clear()
            rig.publish("go", "x")
            assert bool(rig.notes) is fires

    @pytest.mark.parametrize(("data", "notes"), [({}, ["a"]), ({"stop_actions": False}, ["a", "b"])])
    async def test_turn_off_stops_runs(self, rig: AutomationRig, data: dict[str, Any], notes: list[str]) -> None:
        await rig.load(
            """
            - alias: Hall light
              triggers: [{trigger: mqtt, topic: go}]
              actions: [{action: test.note, data: {message: a}}, {delay: 5}, {action: test.note, data: {message: b}}]
            """
        )
        rig.publish("go")
        await rig.clock.advance(1)
        await act(rig, "automation.turn_off", data)
        await rig.clock.advance(10)
        assert rig.notes == notes

    async def test_one_that_turns_itself_off(self, rig: AutomationRig) -> None:
        await rig.load(
            """
            - alias: Hall light
              triggers: [{trigger: mqtt, topic: go}]
              actions:
                - {action: automation.turn_off, target: {entity_id: "{{ this.entity_id }}"}}
                - {action: test.note, data: {message: never}}
            """
        )
        rig.publish("go")
        assert rig.notes == []
        assert rig.outcomes("Hall light") == ["cancelled"]

    async def test_errors(self, rig: AutomationRig) -> None:
        await rig.load(ONE)
        with pytest.raises(
            ActionDataError, match="automation.trigger: there is no automation 'automation.hal'"
        ) as error:
            await rig.hub.actions.call("automation.trigger", None, Target(entity_id="automation.hal"))
        assert "did you mean" in str(error.value)
        with pytest.raises(ActionDataError, match="needs a target"):
            await rig.hub.actions.call("automation.trigger")
        with pytest.raises(ActionFailedError, match="nothing here reads the configuration"):
            await rig.hub.actions.call("automation.reload")
        await rig.load(ONE.replace("trigger: mqtt", "trigger: nothing"))
        assert rig.engine.list()[0].state == "unavailable"
        await act(rig, "automation.trigger")  # the last good version

    async def test_all(self, rig: AutomationRig) -> None:
        await rig.load("- {id: a, actions: []}\n- {id: b, actions: []}\n")
        await rig.hub.actions.call("automation.turn_off", None, Target(entity_id="all"))
        assert [info.state for info in rig.engine.list()] == ["off", "off"]


class TestApi:
    async def test_list(self, rig: AutomationRig) -> None:
        await rig.load(ONE + "- {id: bad, triggers: [{trigger: call}], actions: []}\n")
        good, bad = rig.engine.list()
        assert (good.id, good.entity_id, good.alias, good.state) == (
            "one/1",
            "automation.hall_light",
            "Hall light",
            "on",
        )
        assert (good.mode, good.current, good.file, good.line) == ("single", 0, "automations.yaml", 1)
        assert (bad.state, bad.line) == ("unavailable", 6)
        assert (
            bad.error
            == "automations.yaml:6:34: the trigger 'call' is not supported: the integration 'sim7600' brings it, and does not run here"
        )

    async def test_next_due(self, rig: AutomationRig) -> None:
        await rig.load("- {id: a, triggers: [{trigger: time, at: ['18:00', '15:30']}], actions: []}\n")
        (info,) = rig.engine.list()
        assert info.next_due is not None
        assert info.next_due.isoformat() == "2026-01-05T15:30:00+00:00"

    async def test_found_by_id_entity_or_alias(self, rig: AutomationRig) -> None:
        await rig.load(ONE)
        assert {rig.engine.find(name).id for name in ("one/1", "automation.hall_light", "Hall light")} == {"one/1"}
        with pytest.raises(UnknownAutomationError, match="there is no automation 'one' \\(did you mean 'one/1'\\?\\)"):
            rig.engine.find("one")

    async def test_trigger(self, rig: AutomationRig) -> None:
        await rig.load(ONE)
        run = rig.engine.trigger("one/1")
        assert run is not None
        assert run.outcome == "finished"
        await rig.load("- {id: bad, triggers: [{trigger: call}], actions: []}\n")
        with pytest.raises(UnknownAutomationError, match="the automation 'bad' cannot run: automations.yaml:1:34"):
            rig.engine.trigger("bad")
        assert rig.traces("bad") == []


async def test_stop(rig: AutomationRig) -> None:
    await rig.load(
        """
        - id: a
          triggers: [{trigger: mqtt, topic: go}]
          actions: [{delay: 5}, {action: test.note, data: {message: never}}]
        """
    )
    rig.publish("go")
    await rig.clock.advance(1)
    await rig.engine.stop()
    await rig.clock.advance(10)
    rig.publish("go")
    assert rig.notes == []
    assert rig.outcomes("a") == ["cancelled"]


async def test_stop_before_a_waiting_run_came_to_its_wait(rig: AutomationRig) -> None:
    await rig.load("- {id: a, triggers: [{trigger: mqtt, topic: go}], actions: [{delay: 5}]}\n")
    rig.publish("go")
    await rig.engine.stop()
    assert rig.outcomes("a") == ["cancelled"]

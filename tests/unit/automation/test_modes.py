"""What becomes of a trigger while a run goes on: single, restart, queued, parallel."""

from __future__ import annotations

import pytest

from tests.simulators.automation_rig import AutomationRig


async def start(rig: AutomationRig, mode: str) -> None:
    problems = await rig.load(
        f"""
        - id: a
          {mode}
          triggers: [{{trigger: mqtt, topic: go}}]
          actions:
            - {{action: test.note, data: {{message: "{{{{ trigger.payload }}}} begins"}}}}
            - delay: 10
            - {{action: test.note, data: {{message: "{{{{ trigger.payload }}}} ends"}}}}
        """
    )
    assert problems == []


@pytest.mark.parametrize(
    ("mode", "notes", "outcomes"),
    [
        ("mode: single", ["1 begins", "1 ends"], ["finished", "failed_single", "failed_single"]),
        ("mode: restart", ["1 begins", "2 begins", "3 begins", "3 ends"], ["cancelled", "cancelled", "finished"]),
        (
            "mode: queued",
            ["1 begins", "1 ends", "2 begins", "2 ends", "3 begins", "3 ends"],
            ["finished", "finished", "finished"],
        ),
        (
            "mode: parallel",
            ["1 begins", "2 begins", "3 begins", "1 ends", "2 ends", "3 ends"],
            ["finished", "finished", "finished"],
        ),
        (
            "{mode: queued, max: 2}",
            ["1 begins", "1 ends", "2 begins", "2 ends"],
            ["finished", "finished", "failed_max_runs"],
        ),
        (
            "{mode: parallel, max: 2}",
            ["1 begins", "2 begins", "1 ends", "2 ends"],
            ["finished", "finished", "failed_max_runs"],
        ),
    ],
)
async def test_modes(rig: AutomationRig, mode: str, notes: list[str], outcomes: list[str]) -> None:
    mode = "\n          ".join(part.strip() for part in mode.strip("{}").split(","))
    await start(rig, mode)
    for payload in "123":
        rig.publish("go", payload)
        await rig.clock.advance(1)
    await rig.clock.advance(60)
    assert rig.notes == notes
    assert [trace.outcome for trace in rig.traces("a")] == outcomes


async def test_current_is_shown(rig: AutomationRig) -> None:
    await start(rig, "mode: queued")
    for payload in "123":
        rig.publish("go", payload)
    await rig.clock.advance(0.1)
    state = rig.hub.states.get("automation.a")
    assert state is not None
    assert (state.attributes["current"], state.attributes["max"]) == (3, 10)
    await rig.clock.advance(60)
    state = rig.hub.states.get("automation.a")
    assert state is not None
    assert state.attributes["current"] == 0


async def test_a_trigger_too_many_is_logged_once_a_second(rig: AutomationRig, caplog: pytest.LogCaptureFixture) -> None:
    await start(rig, "alias: Hall")
    for _ in range(50):
        rig.publish("go", "1")
    assert caplog.messages == ["Hall: already running"]
    await rig.clock.advance(1.5)
    rig.publish("go", "1")
    assert caplog.messages == ["Hall: already running"] * 2


async def test_silent(rig: AutomationRig, caplog: pytest.LogCaptureFixture) -> None:
    await start(rig, "max_exceeded: silent")
    rig.publish("go", "1")
    rig.publish("go", "1")
    assert caplog.messages == []


async def test_a_restart_from_within_itself(rig: AutomationRig) -> None:
    await rig.load(
        """
        - id: a
          mode: restart
          triggers: [{trigger: mqtt, topic: go}]
          actions:
            - {action: test.note, data: {message: "{{ trigger.payload }}"}}
            - if: "{{ trigger.payload == 'first' }}"
              then:
                - {action: mqtt.publish, data: {topic: go, payload: second}}
                - delay: 1
                - {action: test.note, data: {message: never}}
        """
    )
    rig.publish("go", "first")
    await rig.clock.advance(5)
    assert rig.notes == ["first", "second"]
    assert sorted(rig.outcomes("a")) == ["cancelled", "finished"]


async def test_a_queue_empties_without_deep_calls(rig: AutomationRig) -> None:
    await rig.load(
        """
        - id: a
          mode: queued
          max: 2000
          triggers: [{trigger: mqtt, topic: go}]
          actions:
            - if: "{{ trigger.payload == 'first' }}"
              then: [{delay: 1}]
            - {action: test.note, data: {message: x}}
        """
    )
    rig.publish("go", "first")
    for _ in range(1500):
        rig.publish("go", "x")
    await rig.clock.settle()
    await rig.clock.advance(2)
    assert len(rig.notes) == 1501


async def test_automations_in_circles_leave_room_for_others(
    rig: AutomationRig, caplog: pytest.LogCaptureFixture
) -> None:
    await rig.load(
        """
        - id: a
          mode: parallel
          triggers: [{trigger: mqtt, topic: ping}]
          actions:
            - {action: mqtt.publish, data: {topic: ping}}
            - {action: mqtt.publish, data: {topic: ping}}
        """
    )
    rig.publish("ping")
    for _ in range(40):  # each of these turns comes back: the loop is not held up
        await rig.clock.settle()
        if rig.engine._parts.turnstile.dropped:
            break
    assert rig.engine._parts.turnstile.dropped > 0
    assert any(message.startswith("automations set each other off faster than they run") for message in caplog.messages)

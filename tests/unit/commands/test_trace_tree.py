"""A trace as people read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from arvisd.automation.trace import TraceRecord, TraceStep
from arvisd.commands.moments import length, moment
from arvisd.commands.trace_tree import headline, tree
from arvisd.core.context import Context

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HERE = NOON.astimezone().strftime("%H:%M:%S")


def record(*steps: TraceStep, outcome: str = "finished", took: float | None = 1500, **more: Any) -> TraceRecord:
    return TraceRecord(
        run="r1",
        automation="hall",
        entity_id="automation.hall",
        trigger=more.pop("trigger", {"description": "mqtt topic go", "payload": "on"}),
        started=NOON,
        finished=None if took is None else NOON + timedelta(milliseconds=took),
        outcome=outcome,
        reason=more.pop("reason", ""),
        steps=list(steps),
        context=Context("r1"),
        **more,
    )


WHOLE = record(
    TraceStep("trigger/0", "mqtt", "a.yaml:2:7"),
    TraceStep("condition/0", "condition state", "a.yaml:3:7", 0.1, {"result": True, "entity_id": "light.x", "state": "on"}),
    TraceStep("action/0", "Light it", "a.yaml:4:7", 0.2, {"action": "light.turn_on", "data": {}, "target": {"entity_id": "light.x"}}),
    TraceStep("action/1", "choose", "a.yaml:5:7", 10.0, {"choice": 1, "conditions": [{"id": "0", "wanted_id": ["a"]}]}),
    TraceStep("action/1/choose/1/sequence/0", "delay", "a.yaml:6:11", 11.0, {"delay": 1.0}),
    TraceStep("action/1/choose/1/sequence/1", "variables", "a.yaml:7:11", 1011.0, None, {"n": 4, "who": "ann"}),
    TraceStep("action/2", "action", "a.yaml:8:7", 1012.0, {"action": "test.fail"}, {}, "a.yaml:8:7: the lamp does not answer"),
    outcome="error",
    reason="a.yaml:8:7: the lamp does not answer",
)  # fmt: skip


def test_the_whole_tree() -> None:
    assert tree(WHOLE, NOON) == [
        f"✗ {HERE} automation.hall run r1 failed, 1.5 s: a.yaml:8:7: the lamp does not answer",
        "├ ✓ trigger/0 mqtt  a.yaml:2:7",
        "│      mqtt topic go: on",
        "├ ✓ condition/0 condition state 0.10 ms  a.yaml:3:7",
        "│      entity_id light.x, state on",
        "├ ✓ action/0 Light it (light.turn_on) 10 ms  a.yaml:4:7",
        "│      entity_id light.x",
        "├ ✓ action/1 choose 1.0 s  a.yaml:5:7",
        "│  │   → branch 2",
        '│  │   id 0, wanted id ["a"]',
        "│  ├ ✓ choose/1/sequence/0 delay 1.0 s  a.yaml:6:11",
        "│  │      delay 1.0",
        "│  └ ✓ choose/1/sequence/1 variables 1 ms  a.yaml:7:11",
        "│         n = 4",
        "│         who = ann",
        "└ ✗ action/2 test.fail 488 ms  a.yaml:8:7",
        "       a.yaml:8:7: the lamp does not answer",
    ]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (record(took=3), f"✓ {HERE} automation.hall run r1 finished, 3 ms"),
        (record(outcome="", took=None), f"… {HERE} automation.hall run r1 is going on"),
        (
            record(outcome="failed_conditions", took=1, reason="a.yaml:3:7: condition state"),
            f"✗ {HERE} automation.hall run r1 did not run: its conditions were not met: a.yaml:3:7: condition state",
        ),
        (
            record(outcome="not_triggered", took=0, times=7, reason="it became 'off'"),
            f"✗ {HERE} automation.hall was not set off, 7 times so far: it became 'off'",
        ),
        (
            record(outcome="failed_single", took=0),
            f"✗ {HERE} automation.hall run r1 did not run: another run was going on (mode single)",
        ),
        (record(outcome="of_a_later_version", took=0), f"✗ {HERE} automation.hall run r1 of_a_later_version, 0.00 ms"),
    ],
)
def test_headlines(given: TraceRecord, line: str) -> None:
    assert headline(given, NOON) == line


def test_states_of_a_trigger_and_what_was_left_out() -> None:
    trigger = {"description": "state of light.x", "from_state": None, "to_state": {"state": "on"}}
    given = record(TraceStep("trigger/0", "state"), trigger=trigger, dropped=3)
    assert tree(given, NOON)[1:] == [
        "└ ✓ trigger/0 state",
        "       state of light.x: nothing → on",
        "  (3 further nodes were left out)",
    ]


def test_it_reads_what_the_daemon_sends() -> None:
    assert msgspec.json.decode(msgspec.json.encode(WHOLE), type=TraceRecord) == WHOLE


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0.04, "0.04 ms"),
        (999, "999 ms"),
        (1500, "1.5 s"),
        (119_000, "119.0 s"),
        (125_000, "2 min 5 s"),
        (9_000_000, "2 h 30 min"),
    ],
)
def test_lengths(milliseconds: float, text: str) -> None:
    assert length(milliseconds) == text


def test_moments() -> None:
    assert moment(None) == "-"
    assert moment(NOON, NOON) == HERE
    assert moment(NOON, NOON + timedelta(days=2)) == NOON.astimezone().strftime("%Y-%m-%d %H:%M:%S")


WAITS: list[tuple[dict[str, Any], str]] = [
    ({"completed": True, "remaining": 12.5}, "it has come, 12.5 s left"),
    ({"completed": False, "remaining": 0.0}, "it has not come"),
    ({"trigger": None, "remaining": 0.0}, "it has not come"),
    (
        {
            "trigger": {
                "description": "state of binary_sensor.door",
                "from_state": {"entity_id": "binary_sensor.door", "state": "off", "attributes": {"a": 1}},
                "to_state": {"entity_id": "binary_sensor.door", "state": "on", "attributes": {"a": 1}},
            },
            "remaining": None,
        },
        "state of binary_sensor.door: off → on",
    ),
]


@pytest.mark.parametrize(("wait", "said"), WAITS)
def test_how_a_wait_ended(wait: dict[str, Any], said: str) -> None:
    step = TraceStep("action/0", "wait_for_trigger", "automations.yaml:4:7", 1000.0, {"wait": wait})
    lines = tree(record(step))
    assert lines[-1].strip() == said

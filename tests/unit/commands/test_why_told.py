"""What `arvisd why` prints."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from arvisd.automation.entry import AutomationInfo
from arvisd.automation.trace import TraceRecord
from arvisd.commands.why import told
from arvisd.core.context import Context
from arvisd.why.explanation import LastRuns, Why
from arvisd.why.link import Change, Link

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HERE = NOON.astimezone().strftime("%H:%M:%S")

CHAIN = [
    Link("action", "r", "t", None, "light.turn_on", "a.yaml:5:7", {"path": "action/0", "step": "Light it"}),
    Link(
        "run",
        "r",
        "t",
        NOON,
        "Hall light",
        "a.yaml:3:14",
        {"run": "r", "automation": "automation.hall", "file": "a.yaml", "line": 1, "trigger": "intent Evening"},
    ),
    Link("turn", "t", None, NOON, "good evening", "", {"site": "kitchen", "intent": "Evening", "heard": True, "speaker": "ann"}),
]  # fmt: skip


def why(**given: Any) -> Why:
    known: dict[str, Any] = {
        "entity_id": "light.hall",
        "name": "Hall",
        "state": "on",
        "since": NOON,
        "cause": "known",
        "by": "",
        "chain": CHAIN,
        "before": [],
    }
    return Why(**{**known, **given})


def test_a_chain() -> None:
    assert told(why(), NOON) == [
        f"light.hall (Hall) is on, since {HERE}",
        "  ← light.turn_on, the step action/0 “Light it”   a.yaml:5:7",
        f"  ← run r of automation.hall “Hall light”, {HERE}   a.yaml:1",
        "  ← set off by intent Evening   a.yaml:3:14",
        f"  ← “good evening”, said by ann at the site kitchen, understood as Evening, {HERE}",
    ]


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        (
            {"cause": "outside", "by": "zigbee", "chain": [Link("outside", "x", text="zigbee2mqtt/hall")]},
            ["  ← nobody in arvisd set it: it came with a message on zigbee2mqtt/hall (brought by zigbee)"],
        ),
        ({"cause": "outside", "chain": [Link("outside", "x")]}, ["  ← nobody in arvisd set it: it came from outside"]),
        (
            {"cause": "start", "by": "zigbee", "chain": []},
            ["  ← so it was first seen (brought by zigbee); nothing is known of what set it"],
        ),
        (
            {"cause": "restart", "chain": [Link("request", "q", None, NOON, "light.turn_on")]},
            [
                "  so it was before arvisd started, too; what set it then:",
                f"  ← light.turn_on was asked for over MQTT, {HERE}",
            ],
        ),
    ],
)
def test_other_causes(given: dict[str, Any], lines: list[str]) -> None:
    assert told(why(**given), NOON)[1:] == lines


def test_what_was_before() -> None:
    change = Change("off", NOON, [Link("action", "r", None, None, "light.turn_off"), *CHAIN[2:]])
    given = why(state=None, since=None, name="", chain=[], before=[change])
    assert told(given, NOON) == [
        "light.hall: there is no such entity now",
        "Before that:",
        f"  off, {HERE} ← light.turn_off ← “good evening”, said by ann at the site kitchen, understood as Evening, {HERE}",
    ]


def info(**given: Any) -> AutomationInfo:
    known: dict[str, Any] = {
        "id": "hall",
        "entity_id": "automation.hall",
        "alias": "Hall light",
        "state": "on",
        "mode": "single",
        "current": 0,
        "runs": 1,
        "last_triggered": NOON,
        "next_due": None,
        "file": "a.yaml",
        "line": 1,
        "error": "",
    }
    return AutomationInfo(**{**known, **given})


def trace(outcome: str, reason: str = "") -> TraceRecord:
    return TraceRecord(
        run="r",
        automation="hall",
        entity_id="automation.hall",
        trigger={"description": "intent Evening"},
        started=NOON,
        finished=NOON,
        outcome=outcome,
        reason=reason,
        steps=[],
        context=Context("r"),
    )


def test_an_automation() -> None:
    known = LastRuns(info(), trace("finished"), CHAIN[2:], [trace("failed_conditions", "a.yaml:9:5: condition state")])
    assert told(why(automation=known, chain=[], cause="start"), NOON)[2:] == [
        "Its last run:",
        f"  ✓ {HERE} automation.hall run r finished, 0.00 ms",
        "  ← set off by intent Evening",
        f"  ← “good evening”, said by ann at the site kitchen, understood as Evening, {HERE}",
        "Since then it did not run, because:",
        f"  ✗ {HERE} automation.hall run r did not run: its conditions were not met: a.yaml:9:5: condition state",
    ]


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        (
            {"state": "off"},
            [
                "It is switched off: arvisd action automation.turn_on entity_id=automation.hall",
                "It has not run as far as is known.",
            ],
        ),
        (
            {"state": "unavailable", "error": "a.yaml:1:3: there is no trigger 'mqqt'"},
            ["It is invalid: a.yaml:1:3: there is no trigger 'mqqt'", "It has not run as far as is known."],
        ),
    ],
)
def test_an_automation_that_cannot_run(given: dict[str, Any], lines: list[str]) -> None:
    known = LastRuns(info(**given), None, [], [])
    assert told(why(automation=known, chain=[], cause="start"), NOON)[2:] == lines

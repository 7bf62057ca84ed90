"""Random scripts, killed again and again: the same actions at the same times as without a kill, none twice."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulators.automation_rig import AutomationRig
from tests.simulators.lives import lives_in

EXAMPLES = int(os.environ.get("ARVISD_RANDOM_SCRIPTS", "15"))
LONGEST = 60
"""Seconds of a life that are looked at."""

seconds = st.integers(1, 9)


def blocks(steps: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(steps, min_size=1, max_size=3)


leaves = st.one_of(
    st.just({"note": None}),
    st.just({"note": None}),
    st.builds(lambda s: {"delay": s}, seconds),
    st.builds(lambda s: {"delay": s}, seconds),
    st.builds(lambda s: {"wait_template": "{{ false }}", "timeout": s}, seconds),
    st.builds(
        lambda s: {"wait_for_trigger": [{"trigger": "mqtt", "topic": "never"}], "timeout": s},
        seconds,
    ),
    st.just({"variables": {"a": "{{ a + 1 }}"}}),
    st.just({"variables": {"b": "{{ [a, repeat.index if repeat is defined else 0] }}"}}),
    st.just({"action": "test.fail", "continue_on_error": True}),
)


def branches(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    block = blocks(inner)
    truth = st.sampled_from(["{{ true }}", "{{ false }}", "{{ a is even }}"])
    return st.one_of(
        st.builds(lambda n, b: {"repeat": {"count": n, "sequence": b}}, st.integers(0, 3), block),
        st.builds(lambda n, b: {"repeat": {"for_each": list(range(n)), "sequence": b}}, st.integers(0, 3), block),
        st.builds(lambda n, b: {"repeat": {"while": f"{{{{ repeat.index <= {n} }}}}", "sequence": b}}, st.integers(0, 2), block),
        st.builds(lambda n, b: {"repeat": {"until": f"{{{{ repeat.index >= {n} }}}}", "sequence": b}}, st.integers(1, 3), block),
        st.builds(lambda c, b, d: {"choose": [{"conditions": c, "sequence": b}], "default": d}, truth, block, block),
        st.builds(lambda c, b, d: {"if": c, "then": b, "else": d}, truth, block, block),
        st.builds(lambda bs: {"parallel": [{"sequence": b} for b in bs]}, st.lists(block, min_size=1, max_size=3)),
        st.builds(lambda b: {"sequence": b}, block),
    )  # fmt: skip


scripts = blocks(st.recursive(leaves, branches, max_leaves=10))


def numbered(node: Any, counter: itertools.count[int]) -> Any:
    """Return the script with a number and the variables in the text of each note."""
    if isinstance(node, list):
        return [numbered(item, counter) for item in node]
    if not isinstance(node, dict):
        return node
    if "note" in node:
        seen = "{{ a }} {{ b }} {{ repeat.index if repeat is defined else '' }}"
        return {"action": "test.note", "data": {"message": f"{next(counter)} {seen}"}}
    return {key: numbered(value, counter) for key, value in node.items()}


def document(script: Any) -> str:
    """Return the automation as YAML, of which JSON is a part."""
    automation = {
        "id": "a",
        "triggers": [{"trigger": "mqtt", "topic": "go"}],
        "variables": {"a": 0, "b": 0},
        "actions": numbered(script, itertools.count()),
    }
    return json.dumps([automation])


async def done(text: str, kills: list[float]) -> list[tuple[float, str]]:
    """Return what was done and when, with a kill after each of these times."""
    found: list[tuple[float, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with lives_in(Path(folder)) as lives:
            rig = await lives.begin(text)
            assert lives.problems == []
            begun = rig.clock.now()
            gather(rig, begun, found)
            rig.publish("go")
            passed = 0.0
            for moment in [*kills, LONGEST]:
                await rig.clock.advance(moment - passed)
                passed = moment
                if not rig.engine.list()[0].current:
                    break
                await lives.kill()
                rig = await lives.begin()
                gather(rig, begun, found)
    return sorted(found)


def gather(rig: AutomationRig, begun: Any, into: list[tuple[float, str]]) -> None:
    class Calls(list[Any]):
        def append(self, call: Any) -> None:
            message = call.data.message or call.name
            into.append((round((rig.clock.now() - begun).total_seconds(), 1), message))
            super().append(call)

    rig.calls = Calls(rig.calls)
    into += [
        (round((rig.clock.now() - begun).total_seconds(), 1), call.data.message or call.name) for call in rig.calls
    ]


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(script=scripts, kills=st.lists(st.integers(0, LONGEST * 4 - 1), unique=True, max_size=6).map(sorted))
def test_random_scripts(script: Any, kills: list[int]) -> None:
    text = document(script)
    expected = asyncio.run(done(text, []))
    every_second = [second + 0.5 for second in range(LONGEST)]
    assert asyncio.run(done(text, every_second)) == expected
    assert asyncio.run(done(text, [quarter / 4 + 0.1 for quarter in kills])) == expected

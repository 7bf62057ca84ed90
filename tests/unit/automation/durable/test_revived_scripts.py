"""What becomes of scripts, and of who waits for them, after a restart."""

from __future__ import annotations

import pytest

from tests.simulators.lives import Lives

SCRIPTS = """
inner:
  mode: parallel
  sequence:
    - {action: test.note, data: {message: "{{ who }} 1"}}
    - delay: 100
    - {action: test.note, data: {message: "{{ who }} 2"}}
    - {variables: {answer: {of: "{{ who }}"}}}
    - {stop: "", response_variable: answer}
"""
CALLS = """
- id: a
  triggers: [{trigger: mqtt, topic: go}]
  actions:
    - parallel:
        - sequence:
            - {action: script.inner, data: {who: x}, response_variable: got}
            - {action: test.note, data: {message: "got {{ got.of }}"}}
        - sequence:
            - delay: 50
            - {action: script.inner, data: {who: y}, response_variable: got}
            - {action: test.note, data: {message: "got {{ got.of }}"}}
    - {action: test.note, data: {message: end}}
"""


class TestScripts:
    @pytest.mark.parametrize("period", [20, 30, 70])
    async def test_a_run_waits_again_for_its_script(self, lives: Lives, period: float) -> None:
        rig = await lives.begin(CALLS, scripts=SCRIPTS)
        assert lives.problems == []
        rig.publish("go")
        for _ in range(round(210 / period)):
            await rig.clock.advance(period)
            rig = await lives.restart()
        await rig.clock.advance(200)
        assert lives.notes + rig.notes == ["x 1", "y 1", "x 2", "got x", "y 2", "got y", "end"]
        assert lives.records() == []

    async def test_a_clean_stop_lets_both_be(self, lives: Lives) -> None:
        rig = await lives.begin(CALLS, scripts=SCRIPTS)
        rig.publish("go")
        await rig.clock.advance(70)
        await lives.stop()
        rig = await lives.begin()
        assert sorted(lives.records()) == [("automation.a", "running"), *[("script.inner", "running")] * 2]
        await rig.clock.advance(200)
        assert rig.notes == ["x 2", "got x", "y 2", "got y", "end"]

    async def test_the_script_is_gone(self, lives: Lives) -> None:
        rig = await lives.begin(
            """
            - id: a
              triggers: [{trigger: mqtt, topic: go}]
              actions: [{action: script.inner, data: {who: x}}, {action: test.note, data: {message: after}}]
            """,
            scripts=SCRIPTS,
        )
        rig.publish("go")
        await rig.clock.advance(10)
        await lives.kill()
        rig = await lives.begin(scripts="other: {sequence: []}")
        await rig.clock.advance(30)
        assert rig.notes == ["after"]
        assert rig.outcomes("a") == ["finished"]
        assert lives.records() == []

    async def test_stopping_the_automation_stops_its_script(self, lives: Lives) -> None:
        rig = await lives.begin(CALLS, scripts=SCRIPTS)
        rig.publish("go")
        await rig.clock.advance(10)
        rig = await lives.restart()
        rig.engine.switch(rig.engine.find("a"), on=False)
        await rig.clock.advance(1000)
        assert rig.notes == []
        assert lives.records() == []

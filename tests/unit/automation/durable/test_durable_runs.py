"""Runs that are killed in the middle and go on in the daemon's next life: every kind of step."""

from __future__ import annotations

import pytest

from tests.simulators.durable_scripts import TABLE, automation
from tests.simulators.lives import Lives


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize(("period", "way"), [(4.5, "kill"), (11, "kill"), (4.5, "stop")])
async def test_every_kind_of_step(lives: Lives, name: str, period: float, way: str) -> None:
    steps, expected = TABLE[name]
    rig = await lives.begin(automation(steps))
    assert lives.problems == []
    rig.publish("go", "hello")
    for _ in range(round(80 / period)):
        await rig.clock.advance(period)
        if not rig.engine.list()[0].current:
            break
        await (lives.kill() if way == "kill" else lives.stop())
        rig = await lives.begin(off=0)
    await rig.clock.advance(100)
    assert lives.notes + rig.notes == expected
    assert lives.records() in ([], [("automation.a", "running")] if name == "wait_template" else [])

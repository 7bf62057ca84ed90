"""What a run waits for may have come while the daemon was off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.simulators.automation_rig import AutomationRig
from tests.simulators.lives import Lives

WAIT = """
- id: a
  triggers: [{{trigger: mqtt, topic: go}}]
  actions:
    - {wait}
      timeout: 1000
    - action: test.note
      data:
        message: >-
          {{% if wait.completed is defined %}}{{{{ wait.completed }}}}
          {{% elif wait.trigger %}}{{{{ wait.trigger.platform }}}} {{{{ wait.trigger.from_state.state }}}}
          {{{{ wait.trigger.to_state.state }}}}
          {{% else %}}nothing{{% endif %}} {{{{ wait.remaining | int }}}}
"""
STATE = "wait_for_trigger: [{trigger: state, entity_id: light.x, to: 'on'}]"
NUMBER = "wait_for_trigger: [{trigger: numeric_state, entity_id: light.x, above: 10}]"
CLOCK = "wait_for_trigger: [{trigger: time, at: '12:01:40'}]"
TEMPLATE = "wait_for_trigger: [{trigger: template, value_template: \"{{ is_state('light.x', 'on') }}\"}]"
WAIT_TEMPLATE = "wait_template: \"{{ is_state('light.x', 'on') }}\""


async def waiting(lives: Lives, wait: str, state: str | None, head: str = "") -> AutomationRig:
    """Return a house in which a run waits since ten seconds."""
    rig = await lives.begin(WAIT.format(wait=wait).replace("  triggers", f"{head}  triggers", 1))
    assert lives.problems == []
    if state is not None:
        rig.hub.states.set("light.x", state)
    rig.publish("go")
    await rig.clock.advance(10)
    return rig


@pytest.mark.parametrize("known", ["before the start", "when it is heard of"])
@pytest.mark.parametrize(
    ("wait", "before", "after", "notes"),
    [
        (STATE, "off", "on", ["state off on 890"]),
        (STATE, "off", "off", []),
        (STATE, "on", "on", []),
        (NUMBER, "5", "15", ["numeric_state 5 15 890"]),
        (NUMBER, "15", "16", []),
        (TEMPLATE, "off", "on", ["template   890"]),
        (TEMPLATE, "on", "on", []),
        (WAIT_TEMPLATE, "off", "on", ["True 890"]),
        (WAIT_TEMPLATE, "off", "off", []),
    ],
)
async def test_a_state_that_changed(
    lives: Lives, wait: str, before: str, after: str, notes: list[str], known: str
) -> None:
    await waiting(lives, wait, before)
    await lives.kill()
    rig = await lives.begin(off=100, started=False)
    if known == "before the start":
        rig.hub.states.set("light.x", after)
    rig.engine.started()
    await rig.clock.settle()
    if known != "before the start":
        assert rig.notes == []
        rig.hub.states.set("light.x", after)
        await rig.clock.settle()
        if wait == TEMPLATE and before == "on":
            notes = ["template None on 890"]  # it was false for as long as nothing was known
    seen = [" ".join(note.split()) for note in rig.notes]
    if wait == TEMPLATE and notes and known != "before the start":
        assert len(seen) == 1
        return
    assert seen == [" ".join(note.split()) for note in notes]
    assert rig.engine.list()[0].current == (0 if notes else 1)


async def test_it_still_listens(lives: Lives) -> None:
    await waiting(lives, STATE, "on")
    rig = await lives.restart(100)
    rig.hub.states.set("light.x", "on")
    rig.hub.states.set("light.x", "off")
    await rig.clock.advance(1)
    assert rig.notes == []
    rig.hub.states.set("light.x", "on")
    await rig.clock.settle()
    assert [" ".join(note.split()) for note in rig.notes] == ["state off on 889"]


async def test_a_clean_stop_knows_the_last_states(lives: Lives) -> None:
    rig = await waiting(lives, STATE, "on")
    rig.hub.states.set("light.x", "off")
    await rig.clock.settle()
    await lives.stop()
    rig = await lives.begin(off=10)
    rig.hub.states.set("light.x", "on")
    await rig.clock.settle()
    assert [" ".join(note.split()) for note in rig.notes] == ["state off on 980"]


@pytest.mark.parametrize(("off", "head", "done"), [(100, "", 1), (600, "", 0), (600, "  missed: run\n", 1)])
async def test_a_time_that_came(lives: Lives, off: float, head: str, done: int) -> None:
    await waiting(lives, CLOCK, None, head)
    await lives.kill()
    rig = await lives.begin(off=off)
    assert rig.engine.list()[0].current == 1 - done


async def test_a_time_before_the_wait_does_not_count(lives: Lives) -> None:
    rig = await lives.begin(WAIT.format(wait=CLOCK))
    await rig.clock.advance(120)  # 12:02
    rig.publish("go")
    await rig.clock.advance(10)
    rig = await lives.restart(10)
    assert rig.engine.list()[0].current == 1


async def test_the_time_out_is_what_is_left(lives: Lives) -> None:
    await waiting(lives, STATE, "off")
    rig = await lives.restart(900)
    await rig.clock.advance(89)
    assert rig.notes == []
    rig = await lives.restart()
    await rig.clock.advance(2)
    assert rig.notes == ["nothing 0"]


class TestClock:
    DELAY = "[{id: a, triggers: [{trigger: mqtt, topic: go}], actions: [{delay: 600}, {action: test.note}]}]"

    async def test_a_suspend_counts(self, lives: Lives) -> None:
        rig = await lives.begin(self.DELAY)
        rig.publish("go")
        await rig.clock.advance(10)
        rig.clock.suspend(3600)
        await rig.clock.advance(31)
        assert len(rig.notes) == 1

    @pytest.mark.parametrize("jump", [-7200, 86400 * 365])
    async def test_setting_the_clock_neither_shortens_nor_stretches(self, lives: Lives, jump: float) -> None:
        rig = await lives.begin(self.DELAY)
        rig.publish("go")
        await rig.clock.advance(10)
        rig.clock.jump(timedelta(seconds=jump))
        await rig.clock.advance(100)
        rig = await lives.restart()  # what is written down is due by the new clock
        await rig.clock.advance(480)
        assert rig.notes == []
        await rig.clock.advance(11)
        assert len(rig.notes) == 1

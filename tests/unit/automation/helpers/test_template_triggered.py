"""Template entities with triggers: what they show, and what outlives a reload or a restart."""

from __future__ import annotations

import pytest

from tests.simulators.helper_rig import HelperRig

TRIGGERED = """
    input_number:
      runs: {min: 0, max: 99}
    template:
      - triggers:
          - trigger: event
            event_type: hit
        conditions: "{{ trigger.event.data.n > 0 }}"
        variables:
          twice: "{{ trigger.event.data.n * 2 }}"
        actions:
          - action: input_number.increment
            target: {entity_id: input_number.runs}
          - variables: {thrice: "{{ trigger.event.data.n * 3 }}"}
        sensor:
          - {name: Twice, state: "{{ twice }}", attributes: {n: "{{ trigger.event.data.n }}"}}
          - {name: Thrice, state: "{{ thrice }}"}
        binary_sensor:
          - {name: Hit, state: "{{ true }}", auto_off: 5}
"""


async def test_triggered(rig: HelperRig) -> None:
    """The entities of a block are rendered when its triggers fire; steps are done once for all of them."""
    assert rig.load(TRIGGERED) == []
    assert [rig.state(f"sensor.{name}") for name in ("twice", "thrice")] == ["unknown", "unknown"]
    rig.hub.fire("hit", {"n": 0})
    assert rig.state("sensor.twice") == "unknown"
    rig.hub.fire("hit", {"n": 4})
    await rig.clock.settle()
    assert [rig.state(f"sensor.{name}") for name in ("twice", "thrice")] == ["8", "12"]
    assert rig.attributes("sensor.twice") == {"n": 4, "friendly_name": "Twice"}
    assert (rig.state("input_number.runs"), rig.state("binary_sensor.hit")) == ("1.0", "on")
    await rig.clock.advance(5)
    assert rig.state("binary_sensor.hit") == "off"
    assert [id_ for id_, _ in rig.hub.states if id_.startswith("template.")] == []


@pytest.mark.parametrize("end", ["restart", "crash"])
async def test_triggered_outlives_a_restart(rig: HelperRig, end: str) -> None:
    """Until the next trigger it is what it was; so are its attributes."""
    rig.load(TRIGGERED)
    rig.hub.fire("hit", {"n": 4})
    await rig.clock.advance(1)
    getattr(rig, end)()
    assert (rig.state("sensor.twice"), rig.attributes("sensor.twice")["n"]) == ("8", 4)
    rig.hub.fire("hit", {"n": 5})
    assert rig.state("sensor.twice") == "10"


async def test_reload_of_a_block(rig: HelperRig) -> None:
    """An edit of one entity leaves the others and the triggers alone; one of the triggers renews all."""
    rig.load(TRIGGERED)
    rig.hub.fire("hit", {"n": 4})
    hit, twice = rig.helpers.find("binary_sensor.hit"), rig.helpers.find("sensor.twice")
    assert rig.load(TRIGGERED.replace('"{{ thrice }}"', '"{{ thrice + 1 }}"')) == []
    assert (rig.helpers.find("binary_sensor.hit"), rig.helpers.find("sensor.twice")) == (hit, twice)
    assert rig.state("sensor.thrice") == "12"
    rig.hub.fire("hit", {"n": 1})
    assert (rig.state("sensor.thrice"), rig.state("input_number.runs")) == ("4", "2.0")
    assert rig.load(TRIGGERED.replace("event_type: hit", "event_type: tap")) == []
    assert rig.helpers.find("sensor.twice") is not twice
    assert rig.state("sensor.twice") == "2"
    rig.hub.fire("hit", {"n": 9})
    assert rig.state("sensor.twice") == "2"
    rig.hub.fire("tap", {"n": 9})
    assert (rig.state("sensor.twice"), rig.state("input_number.runs")) == ("18", "3.0")


async def test_update_entity_renders(rig: HelperRig) -> None:
    rig.load("template:\n  - sensor: {name: S, state: '{{ now().second }}'}\n")
    await rig.clock.advance(7)
    await rig.do("homeassistant.update_entity", "sensor.s")
    assert rig.state("sensor.s") == "7"


async def test_same_name_twice(rig: HelperRig) -> None:
    """As in Home Assistant, the second one gets a number."""
    rig.load("template:\n  - sensor: [{name: S, state: 1}, {name: S, state: 2}]\n")
    assert (rig.state("sensor.s"), rig.state("sensor.s_2")) == ("1", "2")


LASTING = """
    input_text:
      t:
    template:
      - switch:
          name: S
          turn_on:
            - variables: {said: "{{ this.entity_id }}"}
            - delay: {minutes: 10}
            - action: input_text.set_value
              target: {entity_id: input_text.t}
              data: {value: "{{ said }}"}
          turn_off: []
"""


@pytest.mark.parametrize("end", ["restart", "crash"])
async def test_steps_that_wait_go_on_after_a_restart(rig: HelperRig, end: str) -> None:
    """As those of automations do."""
    import asyncio

    assert rig.load(LASTING) == []
    await rig.engine.load([])
    asked = asyncio.ensure_future(rig.do("switch.turn_on", "switch.s"))
    await rig.clock.advance(60)
    assert not asked.done()
    old = rig.owner
    getattr(rig, end)(seconds=60, started=False)
    asked.cancel()
    async with rig.owner:
        await rig.engine.load([])
        rig.engine.started()
        await rig.clock.advance(470)
        assert rig.state("input_text.t") == "unknown"
        await rig.clock.advance(20)
        assert rig.state("input_text.t") == "switch.s"
    assert old is not rig.owner

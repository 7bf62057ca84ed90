"""Template entities: when they are rendered, and what is said where that fails."""

from __future__ import annotations

import logging

import pytest

from arvisd.core.context import Context
from tests.simulators.helper_rig import HelperRig


async def test_rendered_when_what_it_reads_changes(rig: HelperRig) -> None:
    """Only then, and with the context of what changed."""
    rig.load(
        "template:\n  - sensor: {name: S, state: \"{{ states('light.a') if is_state('switch.x', 'on') else 0 }}\"}\n"
    )
    assert rig.state("sensor.s") == "0"
    rig.hub.states.set("light.a", "off")
    assert rig.state("sensor.s") == "0"
    context = Context()
    rig.hub.states.set("switch.x", "on", {}, context)
    assert (rig.state("sensor.s"), rig.whole("sensor.s").context.id) == ("off", context.id)
    rig.hub.states.set("light.a", "on")
    assert rig.state("sensor.s") == "on"


async def test_rendered_every_minute_where_it_asks_for_the_time(rig: HelperRig) -> None:
    rig.load("template:\n  - sensor: {name: S, state: '{{ now().minute }}'}\n")
    await rig.clock.advance(59)
    assert rig.state("sensor.s") == "0"
    await rig.clock.advance(1)
    assert rig.state("sensor.s") == "1"
    await rig.clock.advance(120)
    assert rig.state("sensor.s") == "3"


async def test_whole_domains_are_read_once_a_second(rig: HelperRig) -> None:
    """A house that talks much must not be rendered with every word; the last value is shown all the same."""
    rig.load(
        "template:\n  - sensor: {name: N, state: \"{{ states.light | selectattr('state', 'eq', 'on') | list | count }}\"}\n"
    )
    await rig.clock.advance(1)
    for number in range(5):
        rig.hub.states.set(f"light.l{number}", "on")
    assert rig.state("sensor.n") == "1"
    await rig.clock.advance(1)
    assert rig.state("sensor.n") == "5"


async def test_all_states_are_read_once_a_minute(rig: HelperRig) -> None:
    rig.load("template:\n  - sensor: {name: N, state: '{{ states | count }}'}\n")
    before = int(rig.state("sensor.n"))
    rig.hub.states.set("light.a", "on")
    await rig.clock.advance(59)
    assert int(rig.state("sensor.n")) == before
    await rig.clock.advance(1)
    assert int(rig.state("sensor.n")) == 2


async def test_two_that_read_each_other_come_to_rest(rig: HelperRig, caplog: pytest.LogCaptureFixture) -> None:
    """A circle is slowed down and said, and the daemon goes on."""
    rig.load(
        """
        template:
          - sensor:
              - {name: A, state: "{{ states('sensor.b') | int(0) + 1 }}"}
              - {name: B, state: "{{ states('sensor.a') | int(0) + 1 }}"}
        """
    )
    value = int(rig.state("sensor.a"))
    assert value < 500
    await rig.clock.advance(0.5)
    assert int(rig.state("sensor.a")) == value
    assert "is rendered more than 100 times a second: does it read what depends on it?" in caplog.text


async def test_what_fails_is_said_once_and_only_after_the_start(
    rig: HelperRig, caplog: pytest.LogCaptureFixture
) -> None:
    """Before that, what it reads may not have been there yet."""
    caplog.set_level(logging.WARNING)
    text = "template:\n  - sensor: {name: S, state: \"{{ states('sensor.x') | float }}\", attributes: {a: 1}}\n"
    rig.load(text, started=False)
    assert (rig.state("sensor.s"), caplog.text) == ("unknown", "")
    assert rig.attributes("sensor.s") == {"a": 1, "friendly_name": "S"}
    rig.engine.started()
    rig.hub.states.set("sensor.x", "unavailable")
    rig.hub.states.set("sensor.x", "unknown")
    assert (
        caplog.text.count("sensor.s: configuration.yaml:2:30: template: ") == 2
    )  # one for each word that is no number
    rig.hub.states.set("sensor.x", "5")
    assert rig.state("sensor.s") == "5.0"


async def test_this_is_the_entity_itself(rig: HelperRig) -> None:
    """It may read what it was, and is not rendered again by its own change."""
    rig.load(
        """
        template:
          - sensor:
              name: Highest
              state: "{{ [this.state | float(0), states('sensor.x') | float(0)] | max }}"
        """
    )
    for value in ("3", "7", "5"):
        rig.hub.states.set("sensor.x", value)
    assert rig.state("sensor.highest") == "7.0"


async def test_delays_of_a_binary_sensor(rig: HelperRig) -> None:
    """On after it was true for a while, off after it was false for a while."""
    rig.load(
        """
        template:
          - binary_sensor:
              name: B
              state: "{{ states('sensor.x') | float(0) > 5 }}"
              delay_on: {minutes: 1}
              delay_off: "00:00:{{ 10 + 20 }}"
        """
    )
    states: list[str] = []
    for value, seconds in (("6", 59), ("7", 2), ("1", 20), ("9", 60), ("1", 29), ("2", 1), ("8", 30), ("1", 60)):
        rig.hub.states.set("sensor.x", value)
        await rig.clock.advance(seconds)
        states.append(rig.state("binary_sensor.b"))
    assert states == ["off", "on", "on", "on", "on", "off", "off", "off"]

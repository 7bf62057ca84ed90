"""Triggers `state`, `numeric_state` and `template`: what sets them off, what does not, and what templates see of it."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.core.context import Context
from tests.simulators.automation_rig import AutomationRig, one_trigger


class TestState:
    @pytest.mark.parametrize(
        ("options", "steps", "expected"),
        [
            ("", [("on", {}), ("off", {}), ("off", {})], 2),
            ("", [("on", {}), ("on", {"a": 1})], 2),  # with nothing asked for, attributes count
            ("to: null", [("on", {}), ("on", {"a": 1})], 1),
            ("to: 'on'", [("on", {}), ("off", {}), ("on", {})], 2),
            ("to: true", [("on", {}), ("off", {})], 1),
            ("to: [on, off]", [("on", {}), ("off", {}), ("x", {})], 2),
            ("from: 'on'", [("on", {}), ("off", {}), ("x", {})], 1),
            ("from: 'on', to: x", [("on", {}), ("off", {}), ("x", {})], 0),
            ("not_from: unknown", [("unknown", {}), ("on", {}), ("off", {})], 2),
            ("not_to: [unavailable, unknown]", [("on", {}), ("unavailable", {}), ("off", {})], 2),
            ("attribute: level", [("on", {"level": 1}), ("off", {"level": 1}), ("off", {"level": 2})], 2),
            ("attribute: level, to: 2", [("on", {"level": 1}), ("on", {"level": 2})], 1),
        ],
    )
    async def test_what_fires(
        self, rig: AutomationRig, options: str, steps: list[tuple[str, dict[str, Any]]], expected: int
    ) -> None:
        trigger = "{trigger: state, entity_id: a.b" + (", " + options if options else "") + "}"
        assert await rig.load(one_trigger(trigger)) == []
        for state, attributes in steps:
            rig.hub.states.set("a.b", state, attributes)
        assert len(rig.notes) == expected

    async def test_what_templates_see(self, rig: AutomationRig) -> None:
        rig.hub.states.set("a.b", "off", {"friendly_name": "Lamp"})
        said = "{{ trigger.entity_id }} {{ trigger.from_state.state }} {{ trigger.to_state.state }} {{ trigger.to_state.name }}"
        await rig.load(one_trigger("{trigger: state, entity_id: 'a.b, a.c'}", said))
        rig.hub.states.set("a.b", "on")
        assert rig.notes == ["a.b off on Lamp"]

    async def test_the_cause_goes_on(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: state, entity_id: a.b}"))
        rig.hub.states.set("a.b", "on", context=Context(id="why"))
        assert rig.calls[0].context.parent_id == "why"

    async def test_removed(self, rig: AutomationRig) -> None:
        rig.hub.states.set("a.b", "on")
        await rig.load(one_trigger("{trigger: state, entity_id: a.b}", "{{ trigger.to_state is none }}"))
        rig.hub.states.remove("a.b")
        assert rig.notes == ["True"]

    @pytest.mark.parametrize("how_long", ["5", "'00:00:05'", "{seconds: 5}", "'{{ 4 + 1 }}'"])
    async def test_for(self, rig: AutomationRig, how_long: str) -> None:
        assert await rig.load(one_trigger("{trigger: state, entity_id: a.b, to: 'on', for: " + how_long + "}")) == []
        rig.hub.states.set("a.b", "on")
        await rig.clock.advance(4)
        assert rig.notes == []
        rig.hub.states.set("a.b", "on", {"brightness": 5})  # an attribute does not disturb it
        await rig.clock.advance(1.1)
        assert rig.notes == ["ran"]

    async def test_for_that_is_broken(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: state, entity_id: a.b, to: 'on', for: 5}"))
        rig.hub.states.set("a.b", "on")
        await rig.clock.advance(4)
        rig.hub.states.set("a.b", "off")
        rig.hub.states.set("a.b", "on")
        await rig.clock.advance(4)
        assert rig.notes == []
        await rig.clock.advance(1.1)
        assert rig.notes == ["ran"]

    async def test_for_of_each_entity(self, rig: AutomationRig) -> None:
        await rig.load(
            one_trigger("{trigger: state, entity_id: [a.b, a.c], to: 'on', for: 5}", "{{ trigger.entity_id }}")
        )
        rig.hub.states.set("a.b", "on")
        await rig.clock.advance(3)
        rig.hub.states.set("a.c", "on")
        rig.hub.states.set("a.b", "off")
        await rig.clock.advance(6)
        assert rig.notes == ["a.c"]


class TestNumericState:
    @pytest.mark.parametrize(
        ("options", "values", "expected"),
        [
            ("above: 20", ["19", "21", "22", "19", "21"], 2),
            ("below: 10", ["11", "9", "8"], 1),
            ("above: 10, below: 20", ["5", "15", "25", "15"], 2),
            ("above: 20", ["21"], 0),  # the first value that is known crosses nothing
            ("above: 20", ["19", "unavailable", "21"], 1),
            ("above: 20", ["21", "unavailable", "22"], 0),  # a blip crosses nothing
            ("above: a.limit", ["19", "26"], 1),
            ("above: a.limit", ["19", "24"], 0),
            ("value_template: '{{ state.state | float * 2 }}', above: 20", ["9", "11"], 1),
            ("above: 20", ["19", "warm", "21"], 1),
        ],
    )
    async def test_crossing(self, rig: AutomationRig, options: str, values: list[str], expected: int) -> None:
        rig.hub.states.set("a.limit", "25")
        assert await rig.load(one_trigger("{trigger: numeric_state, entity_id: a.b, " + options + "}")) == []
        for value in values:
            rig.hub.states.set("a.b", value)
        assert len(rig.notes) == expected

    async def test_attribute_and_for(self, rig: AutomationRig) -> None:
        trigger = "{trigger: numeric_state, entity_id: a.b, attribute: level, above: 5, for: {seconds: 3}}"
        await rig.load(one_trigger(trigger, "{{ trigger.above }} {{ trigger.to_state.attributes.level }}"))
        rig.hub.states.set("a.b", "on", {"level": 4})
        rig.hub.states.set("a.b", "on", {"level": 6})
        await rig.clock.advance(2)
        rig.hub.states.set("a.b", "on", {"level": 7})
        await rig.clock.advance(1.1)
        assert rig.notes == ["5 6"]


class TestTemplate:
    async def test_false_to_true(self, rig: AutomationRig) -> None:
        rig.hub.states.set("a.b", "on")
        await rig.load(one_trigger("{trigger: template, value_template: \"{{ is_state('a.b', 'on') }}\"}"))
        assert rig.notes == []  # true already
        rig.hub.states.set("a.b", "off")
        rig.hub.states.set("a.b", "on")
        rig.hub.states.set("a.b", "on", {"x": 1})
        assert rig.notes == ["ran"]

    async def test_what_it_reads_may_change(self, rig: AutomationRig) -> None:
        rig.hub.states.set("a.which", "a.b")
        await rig.load(
            one_trigger(
                "{trigger: template, value_template: \"{{ is_state(states('a.which'), 'on') }}\"}",
                "{{ trigger.entity_id }}",
            )
        )
        rig.hub.states.set("a.c", "on")
        assert rig.notes == []
        rig.hub.states.set("a.which", "a.c")
        rig.hub.states.set("a.c", "off")
        rig.hub.states.set("a.c", "on")
        assert rig.notes == ["a.which", "a.c"]

    async def test_a_domain(self, rig: AutomationRig) -> None:
        await rig.load(
            one_trigger(
                "{trigger: template, value_template: \"{{ states.lamp | selectattr('state', 'eq', 'on') | list | count > 1 }}\"}"
            )
        )
        rig.hub.states.set("lamp.a", "on")
        rig.hub.states.set("lamp.b", "on")
        assert rig.notes == ["ran"]

    async def test_time(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: template, value_template: '{{ now().minute >= 2 }}'}"))
        await rig.clock.advance(119)
        assert rig.notes == []
        await rig.clock.advance(2)
        assert rig.notes == ["ran"]

    async def test_for(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: template, value_template: \"{{ is_state('a.b', 'on') }}\", for: 5}"))
        rig.hub.states.set("a.b", "on")
        await rig.clock.advance(3)
        rig.hub.states.set("a.b", "off")
        await rig.clock.advance(3)
        rig.hub.states.set("a.b", "on")
        await rig.clock.advance(6)
        assert rig.notes == ["ran"]

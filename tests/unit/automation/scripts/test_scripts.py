"""Scripts: called by name with fields, waited for, stopped, reloaded; and what becomes of circles."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.core.actions import Target
from arvisd.core.bus import Message
from arvisd.core.errors import ActionDataError, ActionFailedError
from tests.simulators.automation_rig import AutomationRig


async def load(rig: AutomationRig, scripts: str, automations: str = "[]") -> list[str]:
    """Write both files and load them."""
    rig.write("automation: !include automations.yaml\nscript: !include scripts.yaml\n", "configuration.yaml")
    rig.write(scripts, "scripts.yaml")
    rig.write(automations)
    return await rig.reload()


async def call(rig: AutomationRig, name: str, **data: Any) -> Any:
    return await rig.hub.actions.call(name, data)


async def on(rig: AutomationRig, name: str, action: str = "turn_on", **data: Any) -> Any:
    return await rig.hub.actions.call(f"script.{action}", data, Target(entity_id=f"script.{name}"))


def state(rig: AutomationRig, name: str) -> str:
    found = rig.hub.states.get(f"script.{name}")
    assert found is not None
    return found.state


FILM = """
film:
  alias: Film night
  icon: mdi:filmstrip
  description: Dims what is bright.
  fields:
    brightness:
      name: Brightness
      required: true
      example: 20
      selector: {number: {min: 0, max: 100}}
    room: {default: lounge}
  sequence:
    - {action: test.note, data: {message: "{{ room }} {{ brightness }} {{ this.entity_id }}"}}
    - {variables: {answer: {room: "{{ room }}"}}}
    - {stop: done, response_variable: answer}
"""


class TestCalled:
    async def test_by_its_name(self, rig: AutomationRig) -> None:
        assert await load(rig, FILM) == []
        assert await call(rig, "script.film", brightness=20) == {"room": "lounge"}
        assert rig.notes == ["lounge 20 script.film"]

    async def test_from_an_automation_without_a_task(self, rig: AutomationRig) -> None:
        await load(
            rig,
            FILM,
            """
            - alias: a
              triggers: [{trigger: mqtt, topic: go}]
              actions:
                - {action: script.film, data: {brightness: "{{ 5 * 4 }}", room: hall}, response_variable: got}
                - {action: test.note, data: {message: "{{ got.room }}"}}
            """,
        )
        rig.publish("go")
        assert rig.notes == ["hall 20 script.film", "hall"]
        assert rig.outcomes("automation.a") == ["finished"]
        assert rig.outcomes("script.film") == ["finished"]

    async def test_its_caller_waits_for_it(self, rig: AutomationRig) -> None:
        await load(
            rig,
            """
            slow:
              sequence:
                - delay: 5
                - {variables: {x: {y: 1}}}
                - {stop: "", response_variable: x}
            """,
            """
            - alias: a
              triggers: [{trigger: mqtt, topic: go}]
              actions:
                - {action: script.slow, response_variable: got}
                - {action: test.note, data: {message: "{{ got.y }} {{ states('script.slow') }}"}}
            """,
        )
        rig.publish("go")
        await rig.clock.settle()
        assert state(rig, "slow") == "on"
        assert rig.notes == []
        await rig.clock.advance(5)
        assert rig.notes == ["1 off"]

    async def test_turned_on_it_is_not_waited_for(self, rig: AutomationRig) -> None:
        await load(rig, "slow: {sequence: [{delay: 5}, {action: test.note, data: {message: '{{ x }}'}}]}")
        assert await on(rig, "slow", variables={"x": "late"}) is None
        assert state(rig, "slow") == "on"
        await rig.clock.advance(5)
        assert rig.notes == ["late"]
        assert state(rig, "slow") == "off"

    async def test_entity_ids_in_data_and_target_are_its_variables(self, rig: AutomationRig) -> None:
        await load(rig, "s: {sequence: [{action: test.note, data: {message: '{{ entity_id }}'}}]}")
        await call(rig, "script.s", entity_id="light.a")
        await rig.hub.actions.call("script.s", {}, Target(entity_id=["light.b"]))
        assert rig.notes == ["light.a", "['light.b']"]

    async def test_a_template_sees_no_trigger_but_what_it_was_given(self, rig: AutomationRig) -> None:
        await load(
            rig, "s: {sequence: [{action: test.note, data: {message: '{{ trigger is defined }} {{ trigger }}'}}]}"
        )
        await call(rig, "script.s")
        await call(rig, "script.s", trigger="mine")
        assert rig.notes == ["False", "True mine"]

    async def test_variables_give_way_to_what_was_given(self, rig: AutomationRig) -> None:
        await load(
            rig,
            """
            s:
              fields: {y: {default: 9}}
              variables: {x: "{{ 1 + 1 }}", y: "{{ x + 1 }}"}
              sequence: [{action: test.note, data: {message: "{{ x }} {{ y }}"}}]
            """,
        )
        await call(rig, "script.s")
        await call(rig, "script.s", x=5)
        assert rig.notes == ["2 3", "5 6"]

    async def test_a_condition_that_is_not_met_is_no_error_of_the_caller(self, rig: AutomationRig) -> None:
        await load(
            rig,
            "s: {sequence: [{condition: template, value_template: '{{ false }}'}]}\nt: {sequence: [{stop: x, error: true}]}",
        )
        assert await call(rig, "script.s") == {}
        assert await call(rig, "script.t") == {}
        assert rig.outcomes("script.s") == rig.outcomes("script.t") == ["aborted"]

    async def test_its_error_is_the_callers(self, rig: AutomationRig) -> None:
        await load(
            rig,
            "bad: {sequence: [{action: test.fail}]}",
            "[{alias: a, triggers: [{trigger: mqtt, topic: go}], actions: [{action: script.bad}]}]",
        )
        with pytest.raises(ActionFailedError, match="script.bad failed: scripts.yaml:1:18: the lamp does not answer"):
            await call(rig, "script.bad")
        rig.publish("go")
        assert rig.traces("automation.a")[0].reason == (
            "automations.yaml:1:63: script.bad failed: scripts.yaml:1:18: the lamp does not answer"
        )

    async def test_who_stops_waiting_stops_it(self, rig: AutomationRig) -> None:
        await load(
            rig,
            "slow: {sequence: [{delay: 5}, {action: test.note}]}",
            "[{alias: a, mode: restart, triggers: [{trigger: mqtt, topic: go}], actions: [{action: script.slow}]}]",
        )
        rig.publish("go")
        await rig.clock.settle()
        await rig.hub.actions.call("automation.turn_off", {}, Target(entity_id="automation.a"))
        await rig.clock.settle()
        assert state(rig, "slow") == "off"
        assert rig.outcomes("script.slow") == ["cancelled"]

    async def test_a_stopped_script_is_no_error_of_the_caller(self, rig: AutomationRig) -> None:
        await load(
            rig,
            "slow: {sequence: [{delay: 5}]}",
            "[{alias: a, triggers: [{trigger: mqtt, topic: go}], actions: [{action: script.slow}, {action: test.note, data: {message: after}}]}]",
        )
        rig.publish("go")
        await rig.clock.settle()
        await on(rig, "slow", "turn_off")
        await rig.clock.settle()
        assert rig.notes == ["after"]


class TestFields:
    async def test_a_required_one_is_missing(self, rig: AutomationRig) -> None:
        problems = await load(
            rig,
            FILM,
            "[{alias: a, triggers: [{trigger: mqtt, topic: go}], actions: [{action: script.film, data: {rom: hall}}]}]",
        )
        assert problems == [
            "automations.yaml:1:92: warning: script.film has no field 'rom' (did you mean 'room'?)",
            "automations.yaml:1:72: warning: script.film needs 'brightness' in 'data'",
        ]
        rig.publish("go")
        assert rig.notes == ["lounge  script.film"]  # as Home Assistant does
        with pytest.raises(ActionDataError, match="^script.film needs 'brightness' in 'data'$"):
            await call(rig, "script.film")

    async def test_those_of_templates_are_not_guessed(self, rig: AutomationRig) -> None:
        called = "[{alias: a, triggers: [], actions: [{action: script.film, data: '{{ {} }}'}]}]"
        assert await load(rig, FILM, called) == []

    async def test_its_action_tells_them(self, rig: AutomationRig) -> None:
        import msgspec

        await load(rig, FILM)
        action = rig.hub.actions.get("script.film")
        assert action.description == "Dims what is bright."
        (schema,) = msgspec.json.schema(action.schema)["$defs"].values()
        assert schema["required"] == ["brightness"]
        assert schema["properties"] == {
            "brightness": {"title": "Brightness", "examples": [20], "type": "number", "minimum": 0, "maximum": 100},
            "room": {"default": "lounge"},
        }

    async def test_groups_of_fields_are_opened(self, rig: AutomationRig) -> None:
        await load(
            rig,
            "s: {fields: {more: {collapsed: true, fields: {a: {default: 1}}}}, sequence: [{action: test.note, data: {message: '{{ a }}'}}]}",
        )
        await call(rig, "script.s")
        assert rig.notes == ["1"]


INVALID = [
    ("s: {}", "scripts.yaml:1:4: a script needs 'sequence': what it does"),
    ("s: {sequence: [], modus: single}", "scripts.yaml:1:19: unknown key 'modus' in script.s (did you mean 'mode'?)"),
    ("s: {sequence: [], max: 1}", "scripts.yaml:1:24: max must be at least 2"),
    (
        "s: {sequence: [], fields: {a: {requird: true}}}",
        "scripts.yaml:1:32: unknown key 'requird' in the field 'a' (did you mean 'required'?)",
    ),
    (
        "s: {sequence: [], fields: [a]}",
        "scripts.yaml:1:27: script.s: fields: expected a mapping ('key: …'), got a list",
    ),
    ("s: {sequence: [{acton: light.turn_on}]}", "scripts.yaml:1:16: there is no step 'acton' (did you mean 'action'?)"),
    (
        "My Script: {sequence: []}",
        "scripts.yaml:1:1: script: 'My Script' is no name, which is of a–z, 0–9 and _: write 'my_script', and the rest as its alias",
    ),
    ("s: light.turn_on", "scripts.yaml:1:4: script.s: expected a mapping with 'sequence', got text"),
    ("[1]", "scripts.yaml:1:2: script: expected names and scripts, as in 'film: {sequence: […]}', got a number"),
]


@pytest.mark.parametrize(("written", "said"), INVALID)
async def test_said_with_its_place(rig: AutomationRig, written: str, said: str) -> None:
    assert await load(rig, written) == [said]


class TestSeen:
    async def test_entity(self, rig: AutomationRig) -> None:
        await load(rig, FILM)
        found = rig.hub.states.get("script.film")
        assert found is not None
        assert (found.state, found.attributes) == (
            "off",
            {
                "friendly_name": "Film night",
                "last_triggered": None,
                "mode": "single",
                "current": 0,
                "icon": "mdi:filmstrip",
            },
        )

    async def test_on_while_it_runs_though_it_never_waits(self, rig: AutomationRig) -> None:
        await load(rig, "s: {sequence: [{action: test.note, data: {message: \"{{ states('script.s') }}\"}}]}")
        seen: list[str] = []
        rig.hub.bus.subscribe("arvis/state/script/s", lambda message: seen.append(message.payload.state), rig.owner)
        await call(rig, "script.s")
        assert rig.notes == ["on"]
        assert seen == ["on", "off"]

    async def test_event_and_trace(self, rig: AutomationRig) -> None:
        await load(rig, "s: {alias: S, sequence: [{action: test.note}]}")
        seen: list[Message] = []
        rig.hub.bus.subscribe("arvis/event/script_started", seen.append, rig.owner)
        rig.hub.bus.subscribe("arvis/automation/+/trace", seen.append, rig.owner)
        await call(rig, "script.s")
        await rig.clock.advance(1)
        assert [message.topic for message in seen] == ["arvis/event/script_started", "arvis/automation/script.s/trace"]
        assert [step.path for step in seen[1].payload.steps] == ["trigger", "sequence/0"]

    async def test_an_invalid_one_says_why(self, rig: AutomationRig) -> None:
        await load(rig, "s: {sequence: [{acton: x}]}")
        assert state(rig, "s") == "unavailable"
        with pytest.raises(ActionFailedError, match="script.s cannot run: scripts.yaml:1:16: there is no step 'acton'"):
            await call(rig, "script.s")


class TestReload:
    async def test_one_that_is_unchanged_goes_on(self, rig: AutomationRig) -> None:
        await load(
            rig,
            "a: {sequence: [{delay: 5}, {action: test.note, data: {message: a}}]}\nb: {sequence: [{delay: 5}, {action: test.note, data: {message: b}}]}",
        )
        await on(rig, "a")
        await on(rig, "b")
        await load(
            rig, "b: {sequence: [{delay: 6}]}\na: {sequence: [{delay: 5}, {action: test.note, data: {message: a}}]}"
        )
        await rig.clock.advance(10)
        assert rig.notes == ["a"]

    async def test_its_action_comes_and_goes(self, rig: AutomationRig) -> None:
        await load(rig, "a: {sequence: []}")
        assert "script.a" in rig.hub.actions.names()
        await load(rig, "b: {sequence: []}")
        assert "script.a" not in rig.hub.actions.names()
        assert "script.b" in rig.hub.actions.names()
        assert rig.hub.states.get("script.a") is None

    async def test_the_last_good_version_goes_on(self, rig: AutomationRig) -> None:
        await load(rig, "a: {sequence: [{action: test.note, data: {message: good}}]}")
        await load(rig, "a: {sequence: [{acton: test.note}]}")
        assert state(rig, "a") == "unavailable"
        await call(rig, "script.a")
        assert rig.notes == ["good"]

    async def test_or_not(self, rig: AutomationRig) -> None:
        await load(rig, "a: {sequence: []}", "[{on_error: stop}]")
        await load(rig, "a: {sequence: [{acton: test.note}]}", "[{on_error: stop}]")
        with pytest.raises(ActionFailedError):
            await call(rig, "script.a")

    async def test_a_file_that_cannot_be_read_takes_none_away(self, rig: AutomationRig) -> None:
        await load(rig, "a: {sequence: [{action: test.note, data: {message: kept}}]}")
        await load(rig, "a: {sequence: [")
        await call(rig, "script.a")
        assert rig.notes == ["kept"]

    async def test_a_new_alias_keeps_the_entity(self, rig: AutomationRig) -> None:
        await load(rig, "a: {alias: One, sequence: []}")
        seen: list[Any] = []
        rig.hub.bus.subscribe("arvis/state/script/a", lambda message: seen.append(message.payload), rig.owner)
        await load(rig, "a: {alias: Two, sequence: []}")
        assert [found.attributes["friendly_name"] for found in seen] == ["Two"]


class TestModes:
    async def test_single(self, rig: AutomationRig, caplog: pytest.LogCaptureFixture) -> None:
        await load(rig, "a: {sequence: [{delay: 5}, {action: test.note}]}")
        await on(rig, "a")
        assert await call(rig, "script.a") == {}
        assert "a: already running" in caplog.text

    async def test_queued_is_waited_for(self, rig: AutomationRig) -> None:
        await load(rig, "a: {mode: queued, sequence: [{delay: 5}, {action: test.note, data: {message: '{{ n }}'}}]}")
        await on(rig, "a", variables={"n": 1})
        second = rig.owner.spawn(call(rig, "script.a", n=2), "second")
        await rig.clock.advance(5)
        assert rig.notes == ["1"]
        assert not second.done()
        await rig.clock.advance(5)
        assert rig.notes == ["1", "2"]
        assert second.done()

    async def test_toggle_stops_or_runs(self, rig: AutomationRig) -> None:
        await load(rig, "a: {sequence: [{delay: 5}]}")
        await on(rig, "a", "toggle")
        assert state(rig, "a") == "on"
        await on(rig, "a", "toggle")
        await rig.clock.settle()
        assert state(rig, "a") == "off"


class TestCircles:
    @pytest.mark.parametrize("mode", ["restart", "queued"])
    async def test_are_refused_with_the_chain(
        self, rig: AutomationRig, caplog: pytest.LogCaptureFixture, mode: str
    ) -> None:
        await load(
            rig,
            f"""
            a: {{mode: {mode}, sequence: [{{action: script.b}}, {{action: test.note, data: {{message: a}}}}]}}
            b: {{mode: {mode}, sequence: [{{action: script.a}}, {{action: test.note, data: {{message: b}}}}]}}
            """,
        )
        await call(rig, "script.a")
        assert rig.notes == ["b", "a"]
        assert (
            f"a: not run, as it calls itself: script.a → script.b → script.a; with 'mode: {mode}' that would never end"
            in caplog.text
        )
        assert sorted(rig.outcomes("script.a")) == ["disallowed_recursion", "finished"]

    async def test_single_ones_are_running_already(self, rig: AutomationRig) -> None:
        await load(rig, "a: {sequence: [{action: script.a}, {action: test.note}]}")
        await call(rig, "script.a")
        assert sorted(rig.outcomes("script.a")) == ["failed_single", "finished"]

    async def test_parallel_ones_end_somewhere(self, rig: AutomationRig) -> None:
        await load(rig, "a: {mode: parallel, max: 100000, max_exceeded: silent, sequence: [{action: script.a}]}")
        running = rig.owner.spawn(_failing(rig), "circle")
        await rig.clock.settle()
        assert "scripts call each other more than 64 deep: … → script.a → script.a" in await running

    async def test_one_that_turns_itself_on_for_ever_leaves_room_for_others(self, rig: AutomationRig) -> None:
        await load(
            rig,
            """
            a:
              mode: parallel
              max: 100000
              sequence:
                - condition: "{{ is_state('input_boolean.stop', 'off') }}"
                - {action: test.note, data: {message: a}}
                - {action: script.turn_on, target: {entity_id: script.a}}
            """,
        )
        rig.hub.states.set("input_boolean.stop", "off")
        await on(rig, "a")
        await rig.clock.settle()
        made = len(rig.notes)
        rig.hub.states.set("input_boolean.stop", "on")
        await rig.clock.settle()
        assert made >= 8
        assert state(rig, "a") == "off"


async def _failing(rig: AutomationRig) -> str:
    with pytest.raises((ActionFailedError, ActionDataError)) as caught:
        await call(rig, "script.a")
    return str(caught.value)

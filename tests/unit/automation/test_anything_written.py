"""Whatever a document holds: problems are said, nothing is raised, and what loads also runs to an end."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arvisd.automation.checking import check_automations
from arvisd.automation.engine import AutomationEngine
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from tests.simulators.clock import FakeClock

KEYS = [
    "id", "alias", "trigger", "triggers", "platform", "condition", "conditions", "action", "actions", "service", "mode",
    "max", "variables", "trigger_variables", "topic", "payload", "value_template", "entity_id", "to", "from", "for", "at",
    "event", "event_type", "event_data", "above", "below", "minutes", "hours", "data", "target", "delay", "choose",
    "sequence", "default", "if", "then", "else", "repeat", "count", "for_each", "while", "until", "parallel", "stop",
    "error", "wait_template", "wait_for_trigger", "timeout", "set_conversation_response", "and", "or", "not", "enabled",
    "state", "attribute", "after", "before", "weekday", "intent", "slots", "command", "encoding", "scene", "trace",
    "initial_state", "max_exceeded", "continue_on_error", "response_variable", "use_blueprint",
]  # fmt: skip
WORDS = [
    "mqtt", "state", "template", "time", "time_pattern", "numeric_state", "event", "intent", "conversation", "arvisd",
    "homeassistant", "zone", "light.a", "a.b, a.c", "on", "{{ 1 }}", "{{ x", "{{ x.y }}", "{% for i in x %}{{ i }}{% endfor %}",
    "{{ states('light.a') }}", "{{ now() }}", "{{ 1 / 0 }}", "07:00", "/5", "00:00:01", "single", "queued", "mqtt.publish",
    "a/+", "a/#/b", "", "mon", "start", "все (света|лампы)", "\0", "utf-8",
]  # fmt: skip

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 100), st.floats(), st.sampled_from(WORDS), st.text(max_size=5)
)
nodes = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)
triggers = st.fixed_dictionaries(
    {"trigger": st.sampled_from(WORDS[:11])},
    optional=dict.fromkeys(("topic", "entity_id", "to", "for", "at", "event"), nodes),
)
steps = st.dictionaries(st.sampled_from(KEYS), nodes, min_size=1, max_size=3)
documents = st.fixed_dictionaries(
    {"actions": st.lists(steps, max_size=3) | nodes},
    optional={
        "triggers": st.lists(triggers, max_size=2) | nodes,
        "conditions": nodes,
        "variables": nodes,
        "mode": nodes,
        "id": nodes,
        "alias": nodes,
        "trace": nodes,
    },
)


@given(st.lists(documents, max_size=3) | nodes)
@settings(max_examples=300, deadline=None)
def test_checked(section: Any) -> None:
    for problem in check_automations(section):
        assert problem.message


@given(st.lists(documents, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_loaded_and_run(section: list[Any]) -> None:
    clock = FakeClock()
    hub = Hub(clock)
    async with Owner("automations") as owner:
        engine = AutomationEngine(hub, None, owner)
        await engine.load(section)
        for info in engine.list():
            if info.state == "on":
                engine.trigger(info.entity_id)
        hub.states.set("light.a", "on")
        hub.bus.publish("a/b", b'{"x": 1}')
        await clock.advance(1)
        await engine.stop()
        assert hub.bus.failures == 0
        assert all(info.current == 0 for info in engine.list())

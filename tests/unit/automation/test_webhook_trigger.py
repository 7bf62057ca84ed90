"""Trigger `webhook`: what it waits for, and what templates see of a call."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.automation.attachment import WebhookCall
from arvisd.web.webhooks import Webhooks
from tests.simulators.automation_rig import AutomationRig


@pytest.fixture
def hooks(rig: AutomationRig) -> Webhooks:
    made = Webhooks()
    rig.engine.hear_webhooks(made)
    return made


def automation(options: str, said: str = "ran") -> str:
    return (
        "- id: a\n  mode: parallel\n  triggers:\n    - {trigger: webhook, " + options + "}\n"
        f"  actions:\n    - action: test.note\n      data:\n        message: '{said}'\n"
    )


def call(method: str = "POST", query: dict[str, str] | None = None, **content: Any) -> WebhookCall:
    return WebhookCall("hook", method, query or {}, content)


@pytest.mark.parametrize(
    ("options", "calls", "notes"),
    [
        ("webhook_id: hook", [call()], 1),
        ("webhook_id: hook", [call("PUT"), call("GET"), call("HEAD")], 1),
        ("webhook_id: hook, allowed_methods: get", [call("GET"), call("POST")], 1),
        ("webhook_id: hook, allowed_methods: [GET, HEAD]", [call("GET"), call("HEAD")], 2),
        ("webhook_id: other", [call()], 0),
        ("webhook_id: 'ho{{ \"ok\" }}'", [call()], 1),
        ("webhook_id: hook, enabled: false", [call()], 0),
    ],
)
async def test_what_fires(
    rig: AutomationRig, hooks: Webhooks, options: str, calls: list[WebhookCall], notes: int
) -> None:
    assert await rig.load(automation(options)) == []
    for each in calls:
        hooks.deliver(each, "")
    assert rig.notes == ["ran"] * notes


@pytest.mark.parametrize(
    ("said", "given", "expected"),
    [
        ("{{ trigger.webhook_id }} {{ trigger.method }} {{ trigger.platform }}", call(), "hook POST webhook"),
        ("{{ trigger.json.a[1] }}", call(json={"a": [1, 2]}), "2"),
        ("{{ trigger.data.who }}", call(data={"who": "Anna"}), "Anna"),
        ("{{ trigger.body }}", call(data={}, body="hello"), "hello"),
        ("{{ trigger.query.q }}", call(query={"q": "1"}), "1"),
        ("{{ trigger.json is defined }}", call(data={}), "False"),
    ],
)
async def test_what_templates_see(
    rig: AutomationRig, hooks: Webhooks, said: str, given: WebhookCall, expected: str
) -> None:
    await rig.load(automation("webhook_id: hook", said))
    hooks.deliver(given, "")
    assert rig.notes == [expected]


async def test_who_was_not_let_in_is_told(rig: AutomationRig, hooks: Webhooks) -> None:
    await rig.load(automation("webhook_id: hook"))
    for refused, stranger, reason in (
        (call(), "8.8.8.8", "it came from 8.8.8.8: 'local_only: false' lets everybody call it"),
        (call("GET"), "", "the method was GET: 'allowed_methods' says which are taken"),
    ):
        hooks.deliver(refused, stranger)
        trace = rig.traces("a")[-1]
        assert (trace.outcome, trace.reason) == ("not_triggered", reason)
    await rig.load(automation("webhook_id: hook, local_only: false"))
    hooks.deliver(call(), "8.8.8.8")
    assert rig.notes == ["ran"]


async def test_an_automation_that_goes_waits_no_more(rig: AutomationRig, hooks: Webhooks) -> None:
    await rig.load(automation("webhook_id: hook"))
    assert hooks.known("hook")
    await rig.load(automation("webhook_id: other"))
    assert (hooks.known("hook"), hooks.known("other")) == (False, True)
    await rig.load("[]")
    assert not hooks


async def test_a_run_waits_for_a_webhook(rig: AutomationRig, hooks: Webhooks) -> None:
    await rig.load(
        """
        - id: a
          triggers: {trigger: mqtt, topic: go}
          actions:
            - wait_for_trigger: {trigger: webhook, webhook_id: hook}
            - action: test.note
              data: {message: "{{ wait.trigger.json.n }}"}
        """
    )
    assert not hooks
    rig.publish("go")
    await rig.clock.settle()
    hooks.deliver(call(json={"n": 4}), "")
    await rig.clock.settle()
    assert rig.notes == ["4"]
    assert not hooks


async def test_without_the_part_that_listens_nothing_comes(rig: AutomationRig) -> None:
    assert await rig.load(automation("webhook_id: hook")) == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            "webhook_id: a/b",
            "4:38: the trigger 'webhook': 'a/b' cannot be the id of a webhook: write letters, digits, '-', '_'",
        ),
        (
            "webhook_id: ''",
            "4:38: the trigger 'webhook': '' cannot be the id of a webhook: write letters, digits, '-', '_'",
        ),
        (
            "webhook_id: a, allowed_methods: [POST, DELETE]",
            "4:58: the trigger 'webhook': 'DELETE' is not one of GET, HEAD, POST, PUT",
        ),
        ("webhook_id: a, allowed_methods: []", "4:58: the trigger 'webhook': 'allowed_methods' names none"),
        ("local_only: false", "4:7: the key 'webhook_id' is missing in the trigger 'webhook'"),
    ],
)
async def test_errors(rig: AutomationRig, options: str, problem: str) -> None:
    assert await rig.load(automation(options)) == [f"automations.yaml:{problem}"]

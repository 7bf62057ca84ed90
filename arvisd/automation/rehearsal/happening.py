"""What happens in a test: a message, a state, a sentence, time that passes; one of the items under `when`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

import msgspec

from arvisd.automation.attachment import STARTED_TOPIC, STOPPING_TOPIC, WebhookCall
from arvisd.automation.durations import seconds_of
from arvisd.automation.errors import UnknownAutomationError
from arvisd.automation.rehearsal.document import Given
from arvisd.automation.rehearsal.house import CaseError
from arvisd.automation.rehearsal.stage import Stage, moment_of
from arvisd.automation.steps.action import TARGET_KEYS
from arvisd.config.validate import Validated, validate
from arvisd.core.actions import Pending, Target
from arvisd.core.bus import Message, Origin, raw
from arvisd.core.context import Context
from arvisd.core.errors import ActionError
from arvisd.core.ids import new_id
from arvisd.core.intents import Intent, Slot
from arvisd.core.topics import check_topic
from arvisd.home.targets import as_list
from arvisd.intent.answer import Utterance

SITE = "test"
"""Where sentences are said when nobody says where."""


class MqttHappening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message comes from the broker."""

    topic: str
    payload: Any = ""
    """Text; a mapping or a list is sent as JSON."""
    retain: bool = False
    qos: Literal[0, 1, 2] = 1


class EventHappening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event is fired."""

    event_type: str
    event_data: dict[str, Any] = msgspec.field(default_factory=dict)


class Speech(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where and how something is said."""

    text: str = ""
    language: str = ""
    site: str = SITE
    session: str = SITE
    speaker: str | None = None
    area: str | None = None


class IntentHappening(Speech, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody wants something."""

    intent: str
    slots: dict[str, Any] = msgspec.field(default_factory=dict)
    """By name the value, or `{value, text}`."""
    confidence: float = 1.0


class WebhookHappening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A webhook is called."""

    webhook_id: str
    method: Literal["GET", "HEAD", "POST", "PUT"] = "POST"
    query: dict[str, str] = msgspec.field(default_factory=dict)
    json: Any = None
    data: dict[str, str] | None = None
    """Of a form."""


class TriggerHappening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An automation is set off by hand."""

    id: str | None = None
    """By this of its triggers, and its conditions are asked; without: as by the action `automation.trigger`."""
    automation: str | None = None
    """Which one, where there are several."""
    data: dict[str, Any] = msgspec.field(default_factory=dict)
    """What templates see as `trigger`, besides."""
    variables: dict[str, Any] = msgspec.field(default_factory=dict)


class CallHappening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody calls an action: a script, or one of a helper."""

    action: str
    target: Any = None
    data: dict[str, Any] = msgspec.field(default_factory=dict)


class Happening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that happens; one of the keys."""

    mqtt: MqttHappening | None = None
    state: dict[str, Any] | None = None
    """By entity: the new state, or `{state, attributes}`; null: it is gone."""
    event: EventHappening | str | None = None
    intent: IntentHappening | str | None = None
    sentence: Speech | str | None = None
    webhook: WebhookHappening | str | None = None
    trigger: TriggerHappening | str | int | None = None
    call: CallHappening | str | None = None
    wait: Any = None
    """So much time passes: `"00:05:00"`, seconds, `{minutes: 5}`."""
    until: str | None = None
    """Time passes until `22:00` (of the next day where that is over), `2026-03-30T07:00`, `sunrise` or `sunset`."""
    homeassistant: Literal["start", "shutdown"] | None = None
    """The daemon starts or stops, for the trigger of that name."""


async def happen(stage: Stage, node: Any, container: Any, key: Any) -> None:
    """Let one thing happen, and all that follows from it at once; raise CaseError where it cannot be read."""
    if not isinstance(node, dict) or len(node) != 1:
        raise CaseError("each item under 'when' is a mapping with one key, as in '- mqtt: {topic: …, payload: …}'")
    read: Validated[Happening] = validate(node, Happening, "when", container, key)
    if read.value is None:
        raise CaseError("; ".join(problem.message for problem in read.problems))
    (name,) = node
    if getattr(read.value, name) is None and name != "trigger":
        raise CaseError(f"{name!r} holds nothing")
    found = _DOING[name](stage, getattr(read.value, name))
    if isinstance(found, Awaitable):
        await found
    await stage.clock.settle()


def _mqtt(stage: Stage, given: MqttHappening) -> None:
    try:
        check_topic(given.topic)
    except ValueError as failure:
        raise CaseError(str(failure)) from None
    payload = given.payload
    if isinstance(payload, bool):
        raise CaseError(f'the payload is true or false: write it in quotes, "{"true" if payload else "false"}"')
    if payload is None:
        payload = ""
    data = raw(payload) if isinstance(payload, dict | list) else str(payload).encode()
    stage.hub.bus.deliver(Message(given.topic, data, given.retain, min(given.qos, 1), Origin.REMOTE))


def _state(stage: Stage, given: Mapping[str, Any]) -> None:
    stage.show(given)


def _event(stage: Stage, given: EventHappening | str) -> None:
    event = EventHappening(event_type=given) if isinstance(given, str) else given
    stage.hub.fire(event.event_type, dict(event.event_data))


def _intent(stage: Stage, given: IntentHappening | str) -> None:
    wanted = IntentHappening(intent=given) if isinstance(given, str) else given
    slots = {}
    for name, value in wanted.slots.items():
        whole = isinstance(value, dict) and "value" in value
        slots[name] = Slot(value["value"], str(value.get("text", value["value"]))) if whole else Slot(value, str(value))
    intent = Intent(
        new_id(),
        wanted.text,
        slots,
        wanted.confidence,
        wanted.language or stage.hub.language,
        wanted.site,
        wanted.session,
        wanted.speaker,
        "sentences",
        Context(),
    )
    stage.hub.bus.publish(stage.hub.topics.intent(wanted.intent), intent)


def _sentence(stage: Stage, given: Speech | str) -> None:
    said = Speech(text=given) if isinstance(given, str) else given
    utterance = Utterance(
        new_id(),
        said.text,
        said.language or stage.hub.language,
        said.site,
        said.session,
        Context(),
        area=said.area,
        speaker=said.speaker,
    )

    async def answer() -> None:
        triggers = stage.sentences.triggers
        found = await triggers.answer(utterance) if triggers is not None else None
        stage.reply = None if found is None else found.reply

    stage.reply = None
    stage.owner.spawn(answer(), "sentence")


def _webhook(stage: Stage, given: WebhookHappening | str) -> None:
    asked = WebhookHappening(webhook_id=given) if isinstance(given, str) else given
    content: dict[str, Any] = {}
    if asked.json is not None:
        content["json"] = asked.json
    elif asked.data is not None:
        content["data"] = asked.data
    stage.webhooks.call(WebhookCall(asked.webhook_id, asked.method, dict(asked.query), content))


def _trigger(stage: Stage, given: TriggerHappening | str | int | None) -> None:
    wanted = TriggerHappening(id=str(given)) if isinstance(given, str | int) else given or TriggerHappening()
    entries = [entry for entry in stage.engine.entries() if entry.automation is not None]
    if wanted.automation is not None:
        try:
            entries = [stage.engine.find(wanted.automation)]
        except UnknownAutomationError as failure:
            raise CaseError(str(failure)) from None
    if wanted.id is not None:
        found = [
            (entry.automation, trigger)
            for entry in entries
            if entry.automation is not None
            for trigger in entry.automation.definition.triggers
            if trigger.id == wanted.id
        ]
        if not found:
            known = [t.id for entry in entries if entry.automation for t in entry.automation.definition.triggers]
            raise CaseError(f"there is no trigger with the id {wanted.id!r}, only {', '.join(known) or 'none'}")
        automation, trigger = found[0]
        automation.fire(trigger, dict(wanted.data), _variables(stage.given, wanted.variables))
        return
    if len(entries) != 1:
        raise CaseError("which automation? Name it: '- trigger: {automation: …}'")
    stage.engine.trigger(entries[0].entity_id, _variables(stage.given, wanted.variables))


def _variables(given: Given, own: Mapping[str, Any]) -> dict[str, Any]:
    return {**given.variables, **own}


def _call(stage: Stage, given: CallHappening | str) -> None:
    wanted = CallHappening(action=given) if isinstance(given, str) else given
    data = dict(wanted.data)
    if wanted.action.startswith("script."):
        data = {**stage.given.variables, **data}
    named = {**(wanted.target if isinstance(wanted.target, dict) else {})}
    named |= {key: data.pop(key) for key in TARGET_KEYS if key in data and not wanted.action.startswith("script.")}
    try:
        target = msgspec.convert(
            {key: as_list(ids) if isinstance(ids, str) else ids for key, ids in named.items()}, Target
        )
    except msgspec.ValidationError as failure:
        raise CaseError(f"target: {failure}") from None
    context = Context()

    async def call() -> None:
        try:
            action, asked = stage.actions.prepare(wanted.action, data, target, context)
            before = len(stage.actions.calls)
            assert action.sync_handler is not None
            result = action.sync_handler(asked)
            del stage.actions.calls[before : before + 1]  # what the test itself calls is no action of an automation
            stage.result = await result.work if type(result) is Pending else result
        except ActionError as failure:
            stage.fault = str(failure)

    stage.result, stage.fault = None, ""
    stage.owner.spawn(call(), "call")


async def _wait(stage: Stage, given: Any) -> None:
    try:
        seconds = seconds_of(given)
    except ValueError as failure:
        raise CaseError(str(failure)) from None
    await stage.clock.advance(seconds)


async def _until(stage: Stage, given: str) -> None:
    now = stage.clock.now()
    sun = stage.engine.library.sun
    if given in ("sunrise", "sunset"):
        if sun.coordinates is None:
            raise CaseError("where is the house? Write 'given: {location: {latitude: …, longitude: …}}'")
        moment = sun.next_event(given, now)  # type: ignore[arg-type]  # it is one of the two
        if moment is None:
            raise CaseError(f"there is no {given} within a year")
    else:
        moment = moment_of(given, now, coming=True)
    if moment < now:
        raise CaseError(f"it is {now:%Y-%m-%dT%H:%M:%S} already: time does not go back to {given}")
    await stage.clock.advance_to(moment)


def _homeassistant(stage: Stage, given: str) -> None:
    stage.hub.bus.publish(STARTED_TOPIC if given == "start" else STOPPING_TOPIC, b"")


_DOING: dict[str, Callable[[Stage, Any], Any]] = {
    "mqtt": _mqtt,
    "state": _state,
    "event": _event,
    "intent": _intent,
    "sentence": _sentence,
    "webhook": _webhook,
    "trigger": _trigger,
    "call": _call,
    "wait": _wait,
    "until": _until,
    "homeassistant": _homeassistant,
}

"""Trigger `mqtt`: a message on a topic."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from arvisd.automation.errors import TemplateError
from arvisd.automation.registry import Reference, TriggerOptions, TriggerType
from arvisd.automation.templates.template import Template
from arvisd.core.bus import Message
from arvisd.core.context import Context
from arvisd.core.topics import check_filter

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part

MAX_SHOWN = 120
"""Characters of a payload that are shown in the reason why it did not fit."""
_DECODE = msgspec.json.Decoder().decode
_JSON_START = frozenset(b'{["-0123456789tfn \t\r\n')
"""Bytes that JSON may begin with: most other payloads are told apart without an exception."""


class MqttOptions(TriggerOptions, frozen=True, kw_only=True):
    """A message on a topic."""

    topic: str
    """Topic, with the wildcards `+` and `#`; a template is rendered once."""
    payload: str | int | float | bool | None = None
    """Fires only on this payload, compared as text."""
    value_template: str | None = None
    """Takes a part of the payload to compare: `{{ value_json.action }}`."""
    encoding: str | None = "utf-8"
    """How the payload becomes text; empty: it stays bytes."""
    qos: Literal[0, 1, 2] = 0


class MqttTrigger:
    """Listens to one filter."""

    __slots__ = ("_encoding", "_payload", "_topic", "_value")

    def __init__(self, topic: str, payload: str | None, value: Template | None, encoding: str) -> None:
        self._topic = topic
        self._payload = payload
        self._value = value
        self._encoding = encoding

    def attach(self, to: Attachment) -> None:
        """Subscribe, at the broker too; messages of this daemon count alike."""
        fire = to.fire
        encoding = self._encoding
        plain_text = encoding in ("utf-8", "utf8")

        def heard(message: Message) -> None:
            data = message.data
            payload: Any = data
            if encoding:
                try:
                    payload = data.decode() if plain_text else data.decode(encoding)
                except UnicodeDecodeError:
                    to.skip({"topic": message.topic}, f"the payload is not {encoding}: 'encoding' says how to read it")
                    return
            known: dict[str, Any] = {
                "topic": message.topic,
                "payload": payload,
                "qos": message.qos,
                "retain": message.retain,
                "description": f"mqtt topic {message.topic}",
            }
            if data and data[0] in _JSON_START:
                try:  # noqa: SIM105  # suppress() costs 0.3 µs on the hot path
                    known["payload_json"] = _DECODE(data)
                except msgspec.DecodeError:
                    pass
            if self._payload is not None and not self._wanted(known, to):
                return
            fire(known, _context(known.get("payload_json")))

        to.hub.bus.subscribe(self._topic, heard, to.owner, remote=True)

    def _wanted(self, known: dict[str, Any], to: Attachment) -> bool:
        value = known["payload"]
        if self._value is not None:
            names = {"value": value, "value_json": known.get("payload_json")}
            try:
                value = self._value.render(names)
            except TemplateError as error:
                to.skip(known, str(error))
                return False
        if value == self._payload:
            return True
        to.skip(known, functools.partial(_unwanted, value, self._payload))
        return False


def _unwanted(value: Any, wanted: str | None) -> str:
    """Say why a payload did not fit."""
    text = repr(value if isinstance(value, str | bytes) and len(value) <= MAX_SHOWN else str(value)[:MAX_SHOWN])
    return f"the value was {text}, not {wanted!r}"


def _context(payload: Any) -> Context | None:
    """Return what caused the message, where it says so as arvisd's own messages do."""
    if not isinstance(payload, dict):
        return None
    found = payload.get("context")
    if isinstance(found, dict) and isinstance(found.get("id"), str):
        return Context(id=found["id"], user=found.get("user") if isinstance(found.get("user"), str) else None)
    return None


def build(options: MqttOptions, part: Part) -> MqttTrigger:
    """Check topic, payload and encoding."""
    topic = str(part.limited("topic"))
    try:
        check_filter(topic)
    except ValueError as error:
        raise part.invalid("topic", str(error)) from None
    encoding = options.encoding or ""
    if encoding:
        try:
            "".encode(encoding)
        except LookupError:
            raise part.invalid("encoding", f"there is no encoding {encoding!r}: 'utf-8' is the usual one") from None
    payload = part.limited("payload")
    if isinstance(payload, bool) and options.value_template is None:
        # a template that compares does give True
        said = f"YAML reads a bare ON, yes or true as true: it fires on the text '{payload}': put the payload in quotes"
        part.builder.warn(part.node, "payload", f"{part.what}: {said}")
    value = part.template("value_template") if options.value_template is not None else None
    return MqttTrigger(topic, None if payload is None else str(payload), value, encoding)


TYPE = TriggerType("mqtt", MqttOptions, build, lambda options: (Reference("topic", options.topic, "topic"),))

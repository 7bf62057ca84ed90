"""What all announced components share: they listen to topics, render values, and publish commands."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

import msgspec

from arvisd.core.bus import Message
from arvisd.core.errors import ArvisError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.templates import Templates, ValueTemplate

_LOGGER = logging.getLogger("arvisd.home.discovery")

QUIET_SECONDS = 300.0
"""A component that goes on failing says the same again at most this often."""

MAX_PAYLOAD = 256 * 1024
"""Bytes of a payload that is still rendered; a camera's picture is not meant for a template."""

Received = Callable[[str], object]
"""Called with a rendered payload."""


class Surroundings:
    """What every component is handed."""

    __slots__ = ("hub", "report", "templates")

    def __init__(self, hub: Hub, templates: Templates, report: Callable[[str, str], object]) -> None:
        self.hub = hub
        self.templates = templates
        self.report = report
        """Called with a component's key and what is wrong with it now."""


class MqttComponent:
    """One component at work; a subclass knows its platform.

    The constructor checks (templates too) and raises DiscoveryError or another ArvisError; `begin` listens.
    """

    schema: ClassVar[type[ComponentConfig]] = ComponentConfig
    device: str | None = None
    """Id of its device."""

    def __init__(self, key: str, config: ComponentConfig, surroundings: Surroundings) -> None:
        self.key = key
        self.common = config
        self.surroundings = surroundings
        self.hub = surroundings.hub
        self.owner = Owner(f"discovered {key}")
        self._compiled: dict[str, ValueTemplate] = {}
        self._said: dict[str, float] = {}
        self.heard_at: float | None = None
        """When it last spoke by itself, on the monotonic clock; what the broker had kept does not count."""

    def begin(self) -> None:
        """Begin to listen."""
        self.listen()

    def end(self) -> None:
        """Let go of everything."""
        self.owner.release()

    def listen(self) -> None:
        """Subscribe to the component's topics with `on`."""

    def template(self, key: str) -> ValueTemplate | None:
        """Return the template of a key, compiled once; None where the key is absent."""
        text = getattr(self.common, key, None)
        if text is None:
            return None
        return self.compiled(text, key)

    def compiled(self, text: str, key: str) -> ValueTemplate:
        """Return a template that stands under a key."""
        found = self._compiled.get(text)
        if found is None:
            found = self._compiled[text] = self.surroundings.templates.compile(text, f"{self.key} {key}")
        return found

    def on(self, topic: str | None, template: ValueTemplate | None, received: Received, *, live: bool = False) -> None:
        """Call `received` with each rendered payload of a topic; nothing where the topic is None.

        Args:
            topic: where the device says it.
            template: renders what it says; an empty result is ignored as Home Assistant does.
            received: gets the text.
            live: leave out what the broker had kept: an event of yesterday is none of today.
        """
        if topic is None:
            return

        def heard(message: Message) -> None:
            if not message.retain:
                self.heard_at = self.hub.clock.monotonic()
            elif live:
                return
            text = self.render(template, message)
            if text is not None:
                received(text)

        for one in (topic, *self.common.also_on.get(topic, ())):
            self.hub.bus.subscribe(one, heard, self.owner, remote=True, replay=not live)

    def render(self, template: ValueTemplate | None, message: Message) -> str | None:
        """Return a payload as text through its template; None, and a problem, where that cannot be done."""
        data = message.data
        if len(data) > MAX_PAYLOAD:
            self.problem(
                f"{message.topic}: a payload of {len(data):,} bytes is not read ({MAX_PAYLOAD:,} are the most)"
            )
            return None
        try:
            text = data.decode(self.common.encoding or "utf-8")
        except (UnicodeDecodeError, LookupError) as error:
            self.problem(f"{message.topic}: the payload is no {self.common.encoding} text: {error}")
            return None
        return text if template is None else self.rendered(template, text)

    def rendered(self, template: ValueTemplate, text: str, **more: Any) -> str | None:
        """Return a value through its template; None, and a problem, where it fails, None where it gives nothing."""
        variables: dict[str, Any] = {"value": text, "this": None, **self.names(), **more}
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            variables["value_json"] = msgspec.json.decode(text)
        try:
            return template.render(variables) or None
        except ArvisError as error:
            self.problem(str(error))
            return None

    def names(self) -> dict[str, Any]:
        """Return what templates see as `entity_id` and `name`."""
        return {}

    def publish(self, topic: str, payload: str | bytes) -> None:
        """Send a command to the device."""
        data = payload if isinstance(payload, bytes) else payload.encode(self.common.encoding or "utf-8")
        self.hub.bus.publish(topic, data, qos=min(self.common.qos, 1), retain=self.common.retain)

    def command(self, value: Any, template: ValueTemplate | None, **more: Any) -> str:
        """Return a command's payload: the value, through its template where there is one; raise ArvisError."""
        if template is None:
            return str(value)
        return template.render({"value": value, "this": None, **self.names(), **more})

    def problem(self, text: str) -> None:
        """Say what is wrong, each thing at most now and then; nothing else is harmed by it."""
        now = self.hub.clock.monotonic()
        if now - self._said.get(text, float("-inf")) < QUIET_SECONDS:
            return
        if len(self._said) >= 8:
            self._said.clear()
        self._said[text] = now
        self.surroundings.report(self.key, text)


@lru_cache(maxsize=128)
def _template_fields(schema: type[ComponentConfig]) -> tuple[str, ...]:
    return tuple(name for name in schema.__struct_fields__ if name.endswith("_template"))

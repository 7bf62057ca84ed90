"""An announced component that is an entity: its state from topics, its actions to topics."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

import msgspec

from arvisd.core.context import Context
from arvisd.core.errors import ActionFailedError, ArvisError
from arvisd.core.states import UNAVAILABLE, UNKNOWN
from arvisd.home.discovery.availability import Availability
from arvisd.home.discovery.component import MqttComponent, Surroundings
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.last_states import PATIENCE_SECONDS, worth_keeping
from arvisd.home.entity import Controller, Entity

CAUSE_SECONDS = 10.0
"""A state within this time after an order was caused by it; the slowest battery-powered device reports within 5 s."""

NONE = "None"
"""A payload by which a device says that it does not know."""

_ATTRIBUTE = re.compile(r"[^\x00-\x1f]{1,128}")


class Presence(msgspec.Struct, frozen=True):
    """Where an entity stands in the house."""

    entity_id: str
    name: str
    """What people call it."""
    device: str | None
    """Id of its device."""
    area: str | None


class MqttEntity(MqttComponent, Controller):
    """One entity; subclasses give `domain`, `schema`, `listen`, `value`, `attributes`, `features` and the methods of its actions.

    A subclass changes its own fields when something is heard and then calls `write`.
    """

    domain: ClassVar[str]
    schema: ClassVar[type[ComponentConfig]] = ComponentConfig
    actions: ClassVar[frozenset[str]] = frozenset()
    """Names of the methods that are basic actions: `turn_on`; none: the entity can only be read."""

    def __init__(self, key: str, config: Any, surroundings: Surroundings, presence: Presence) -> None:
        super().__init__(key, config, surroundings)
        self.presence = presence
        self.entity_id = presence.entity_id
        self._availability = Availability(config.availability_mode, self.write)
        self.known: dict[str, Any] = {}
        """What the device has said, all of it: a newer announcement of the same entity goes on from there."""
        self._json_attributes: dict[str, Any] = {}
        self._cause: tuple[Context, float] | None = None
        self._started = False
        self._waits = False
        """It counts as it was before the restart, until its device has spoken."""

    @classmethod
    def schema_for(cls, _config: dict[str, Any]) -> type[ComponentConfig]:
        """Return the schema of a component: most platforms have one."""
        return cls.schema

    @classmethod
    def made(cls, key: str, config: Any, surroundings: Surroundings, presence: Presence) -> MqttEntity:
        """Return the entity of a checked configuration."""
        return cls(key, config, surroundings, presence)

    @property
    def assumed(self) -> bool:
        """Tell whether no state comes back from the device."""
        return False

    def features(self) -> frozenset[str]:
        """Return what it can do beyond the simple."""
        return frozenset()

    @property
    def online(self) -> bool:
        """Tell whether the device says now that it is there."""
        return self._availability.said

    def value(self) -> str | None:
        """Return the state, None while it is not known."""
        raise NotImplementedError

    def attributes(self) -> dict[str, Any]:
        """Return the attributes of its domain."""
        return {}

    def entity(self) -> Entity:
        """Return it as the house knows it."""
        config = self.common
        return Entity(
            id=self.entity_id,
            name=self.presence.name,
            area=self.presence.area,
            device=self.presence.device,
            device_class=config.device_class,
            unit=getattr(config, "unit_of_measurement", None),
            features=self.features(),
            controller=self if self.actions else None,
            assumed_state=self.assumed,
            expose=config.entity_category is None and config.enabled_by_default and config.visible_by_default,
        )

    def adopt(self, before: MqttEntity) -> None:
        """Go on from what an older announcement of the same entity knew: its state does not blink."""
        if type(before) is type(self):
            self.known.update(before.known)
            self._json_attributes = before._json_attributes  # another of the same class
            self._availability.adopt(before._availability)
            self._cause = before._cause
            self.heard_at = before.heard_at

    def begin(self) -> None:
        """Begin to listen and write the first state."""
        config = self.common
        self._availability.listen(self, config.availability_entries())
        self.listen()
        self.on(config.json_attributes_topic, self.template("json_attributes_template"), self._attributes_heard)
        if self.heard_at is None and worth_keeping(self.hub.states.get(self.entity_id)):
            self._waits = True
            timer = self.hub.clock.call_later(PATIENCE_SECONDS, self._wait_no_longer)
            self.owner.on_stop(timer.cancel)
        self._started = True
        self.write()

    def _wait_no_longer(self) -> None:
        self._waits = False
        self.write()

    def write(self) -> None:
        """Publish the state as it is now."""
        if not self._started:
            return
        if self._waits:
            if not (self._availability.gone or (self._availability.available and self.value() is not None)):
                return
            self._waits = False
        described: dict[str, Any] = {"friendly_name": self.presence.name}
        config = self.common
        if config.device_class:
            described["device_class"] = config.device_class
        if config.icon:
            described["icon"] = config.icon
        if config.entity_picture:
            described["entity_picture"] = config.entity_picture
        unit = getattr(config, "unit_of_measurement", None)
        if unit:
            described["unit_of_measurement"] = unit
        if self.assumed:
            described["assumed_state"] = True
        if self._availability.available:
            value = self.value()
            state = UNKNOWN if value is None else value
            described |= self.attributes() | self._json_attributes
        else:
            state = UNAVAILABLE
        self.hub.states.set(self.entity_id, state, described, self._caused())

    def follow(
        self, key: str, topic: str | None, template: str | None = None, read: Callable[[str], Any] = str
    ) -> None:
        """Keep in `known[key]` what a topic says.

        Args:
            key: where it is kept.
            topic: where it is said; None: nowhere.
            template: the configuration key of its template.
            read: gives the value; ValueError and KeyError say that it is none, which is a problem and changes nothing.
                `None` as text is no value.
        """

        def heard(text: str) -> None:
            try:
                value = None if text == NONE else read(text)
            except (ValueError, KeyError, OverflowError):
                self.problem(f"{key}: {text[:80]!r} cannot be read")
                return
            self.known[key] = value
            self.write()

        self.on(topic, self.template(template) if template else None, heard)

    def tell(self, topic: str | None, payload: Any, template: str | None = None, **more: Any) -> None:
        """Send a command, through the template of a configuration key where there is one; nothing where the topic is None."""
        if topic is not None:
            self.publish(topic, self.command(payload, self.template(template) if template else None, **more))

    def suppose(self, **known: Any) -> None:
        """Count something as done that no topic reports."""
        self.known.update(known)
        self.write()

    def names(self) -> dict[str, Any]:
        """Return what templates see of it."""
        return {"entity_id": self.entity_id, "name": self.presence.name}

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Ask the device for a basic action: the method of its name."""
        name = action.partition(".")[2]
        if name not in self.actions:
            raise ActionFailedError(f"{self.entity_id} cannot do {action}")
        self._cause = (context, self.hub.clock.monotonic() + CAUSE_SECONDS)
        try:
            getattr(self, name)(data)
        except ActionFailedError:
            raise
        except ArvisError as error:
            raise ActionFailedError(f"{self.entity_id}: {error}") from error

    def _caused(self) -> Context | None:
        """Return the context of the order that this state follows, if it does."""
        if self._cause is None:
            return None
        context, until = self._cause
        if self.hub.clock.monotonic() > until:
            self._cause = None
            return None
        return context

    def _attributes_heard(self, text: str) -> None:
        try:
            given = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            self.problem(f"json_attributes: {text[:80]!r} is no JSON")
            return
        if not isinstance(given, dict):
            self.problem(f"json_attributes: {text[:80]!r} is no object")
            return
        own = {"friendly_name", "device_class", "icon", "entity_picture", "unit_of_measurement", "assumed_state"}
        self._json_attributes = {k: v for k, v in given.items() if k not in own and _ATTRIBUTE.fullmatch(k)}
        self.write()

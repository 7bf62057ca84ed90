"""What every announced component may say, and how a component's keys become a checked struct."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from arvisd.core.topics import check_filter, check_topic
from arvisd.home.discovery.errors import DiscoveryError

MAX_TOPIC = 65_535
"""Bytes of a topic, by the protocol."""

MAX_NAME = 255
"""Characters of a name; the longest in use are some 60."""


class AvailabilityEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One topic that says whether the device is there."""

    topic: str
    payload_available: str = "online"
    payload_not_available: str = "offline"
    value_template: str | None = None


class ComponentConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Keys that every component takes; keys that nobody knows are let through unread, as they come from newer firmware."""

    name: Annotated[str, msgspec.Meta(max_length=MAX_NAME)] | msgspec.UnsetType | None = msgspec.UNSET
    """What it is called beside its device; null: as the device; not given: after its device class."""
    unique_id: str | None = None
    default_entity_id: str | None = None
    object_id: str | None = None
    """What `default_entity_id` was called before 2026."""
    device_class: str | None = None
    entity_category: str | None = None
    """`config` or `diagnostic`: not spoken of."""
    icon: str | None = None
    enabled_by_default: bool = True
    """Not: it is there for automations, and not spoken of."""
    visible_by_default: bool = True
    """Not: likewise."""
    entity_picture: str | None = None
    """Address of a picture."""
    availability: list[AvailabilityEntry] = msgspec.field(default_factory=list)
    availability_mode: Literal["all", "any", "latest"] = "latest"
    availability_topic: str | None = None
    availability_template: str | None = None
    payload_available: str = "online"
    payload_not_available: str = "offline"
    json_attributes_topic: str | None = None
    json_attributes_template: str | None = None
    qos: Literal[0, 1, 2] = 0
    retain: bool = False
    encoding: str = "utf-8"
    """Empty: payloads are bytes."""
    also_on: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """By topic, others on which the device says the same; a key of arvisd's own, for integrations."""

    def __post_init__(self) -> None:
        """Raise ValueError for a topic that cannot be used."""
        for name in self.__struct_fields__:
            if name.endswith("topic"):
                value = getattr(self, name)
                if value is not None:
                    _check(name, value)
        for entry in self.availability:
            _check("availability topic", entry.topic)
        for topics in self.also_on.values():
            for topic in topics:
                _check("also_on topic", topic)

    def availability_entries(self) -> list[AvailabilityEntry]:
        """Return the topics of availability, in whichever form they are given."""
        if self.availability or self.availability_topic is None:
            return self.availability
        return [
            AvailabilityEntry(
                topic=self.availability_topic,
                payload_available=self.payload_available,
                payload_not_available=self.payload_not_available,
                value_template=self.availability_template,
            )
        ]


C = TypeVar("C", bound=ComponentConfig)


def configure(config: dict[str, Any], schema: type[C]) -> C:
    """Return a component's keys as its schema; raise DiscoveryError with the key that is wrong.

    A number or a truth value where a text is wanted becomes that text, as Home Assistant reads it: `payload_on: 1`, `true` as `True`.
    """
    texts, lists = _text_fields(schema)
    given = dict(config)
    for key in texts & given.keys():
        given[key] = _text(given[key])
    for key in lists & given.keys():
        value = given[key]
        given[key] = [_text(item) for item in (value if isinstance(value, list) else [value])]
    try:
        return msgspec.convert(given, schema, strict=False)
    except msgspec.ValidationError as error:
        raise DiscoveryError(_readable(str(error))) from None


def _check(name: str, topic: str) -> None:
    """Raise ValueError for a topic that cannot be published to, or would hear everything."""
    if len(topic.encode()) > MAX_TOPIC:
        raise ValueError(f"{name} is longer than the {MAX_TOPIC:,} bytes that MQTT allows")
    try:
        if name.endswith("command_topic"):
            check_topic(topic)
        else:
            check_filter(topic)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    if not topic:
        raise ValueError(f"{name} is empty")
    if topic[0] in "+#":
        raise ValueError(f"{name} {topic!r} would hear the whole broker: name the topic")


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, bool | int | float) else value


def _readable(text: str) -> str:
    """Return msgspec's message with the key first: `'state_topic': expected text, got object`."""
    reason, _, path = text.partition(" - at `$.")
    reason = (
        reason.replace("`", "'")
        .replace("'str'", "text")
        .replace("Expected", "expected")
        .replace("Object missing required field", "missing")
    )
    return f"{path.rstrip('`')!r}: {reason}" if path else reason


@lru_cache(maxsize=128)
def _text_fields(schema: type[ComponentConfig]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of the fields that hold text and nothing else, and of those that hold lists of text."""
    info = msgspec.inspect.type_info(schema)
    assert isinstance(info, msgspec.inspect.StructType)
    texts, lists = set(), set()
    for field in info.fields:
        kinds = field.type.types if isinstance(field.type, msgspec.inspect.UnionType) else (field.type,)
        real = [kind for kind in kinds if not isinstance(kind, msgspec.inspect.NoneType)]
        if real and all(isinstance(kind, msgspec.inspect.StrType) for kind in real):
            texts.add(field.encode_name)
        elif len(real) == 1 and _is_text_list(real[0]):
            lists.add(field.encode_name)
    return frozenset(texts), frozenset(lists)


def _is_text_list(kind: msgspec.inspect.Type) -> bool:
    return isinstance(kind, msgspec.inspect.ListType) and isinstance(kind.item_type, msgspec.inspect.StrType)

"""Section `notify`: ways to tell people something, each an action `notify.<name>`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from arvisd.automation.builder_lists import listed
from arvisd.automation.commands.kind import CommandItem, CommandKind, CommandPlace
from arvisd.automation.errors import TemplateError
from arvisd.automation.reading import invalid
from arvisd.automation.reading import read as read_node
from arvisd.automation.templates.texts import slugify
from arvisd.automation.templates.value import Value
from arvisd.config.document import Broken
from arvisd.config.nodes import kind_of, mark_of
from arvisd.config.problems import Problem, error, warning
from arvisd.config.validate import ONE_OR_MANY
from arvisd.core.actions import Action, ActionCall, Target
from arvisd.core.context import Context
from arvisd.core.errors import ActionError, ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.topics import check_topic

_LOGGER = logging.getLogger("arvisd.automation")

SECTION = "notify"
ALONE = "default"
"""Name of one that has none; `notify.notify` tells by it."""


class NotifyData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of every `notify.<name>`."""

    message: str
    """What to tell."""
    title: str | None = None
    target: Any = None
    """Whom, where the way knows several."""
    data: Any = None
    """What only that way knows."""


class Way(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys that every way takes."""

    name: str | None = None
    """The action is `notify.<name>`; `notify.notify` tells by one without a name, else by the first."""
    platform: str
    """How: `group`, `mqtt` or `site`."""


class Member(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way of a group."""

    action: str | None = None
    """Name of another `notify.<name>`."""
    service: str | None = None
    """The older spelling of `action`."""
    data: dict[str, Any] = msgspec.field(default_factory=dict)
    """Laid under what the call says."""


class GroupWay(Way, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Several ways as one."""

    services: list[Member] | None = None
    actions: list[Member] | None = None


class MqttWay(Way, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message to a topic."""

    topic: str
    """May be a template, as may `payload`: both see `message`, `title`, `target` and `data`."""
    payload: str | None = None
    """Without one the message, as JSON with its title where there is one."""
    retain: bool = False


class SiteWay(Way, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Said aloud."""

    site: Annotated[tuple[str, ...], ONE_OR_MANY] = ()
    """Where; without one everywhere."""
    language: str = ""
    voice: str = ""


class Group:
    """Tells several."""

    def __init__(self, hub: Hub, name: str, way: GroupWay) -> None:
        self._hub = hub
        self._name = name
        members = way.actions if way.actions is not None else way.services
        self._members = [(_full(member.action or member.service or ""), member.data) for member in members or []]

    async def __call__(self, call: ActionCall) -> None:
        """Tell each; those that fail do not keep the others from it."""
        given = {key: value for key, value in msgspec.structs.asdict(call.data).items() if value is not None}
        outcomes = await asyncio.gather(*(self._tell(name, data, given, call) for name, data in self._members))
        failures = [outcome for outcome in outcomes if outcome]
        if failures:
            raise ActionFailedError(f"{self._name}: {'; '.join(failures)}")

    async def _tell(self, name: str, under: dict[str, Any], given: dict[str, Any], call: ActionCall) -> str:
        try:
            await self._hub.actions.call(name, merged(under, given), None, call.context)
        except ActionError as failure:
            return str(failure)
        return ""


class OverMqtt:
    """Publishes."""

    def __init__(self, place: CommandPlace, way: MqttWay) -> None:
        part = place.part()
        self._place = place
        self._way = way
        self._topic: Value = part.text("topic")
        self._payload: Value | None = part.text("payload") if way.payload is not None else None

    async def __call__(self, call: ActionCall) -> None:
        """Publish the message."""
        data: NotifyData = call.data
        known = msgspec.structs.asdict(data)
        try:
            topic = str(self._topic.render(known))
            payload = self._payload.render(known) if self._payload is not None else _payload(data)
        except TemplateError as failure:
            raise ActionFailedError(f"{self._place.action}: {failure}") from failure
        message = {"topic": topic, "payload": payload, "retain": self._way.retain}
        await self._place.hub.actions.call("mqtt.publish", message, None, call.context)


class AtSite:
    """Speaks."""

    def __init__(self, hub: Hub, way: SiteWay) -> None:
        self._hub = hub
        self._way = way

    async def __call__(self, call: ActionCall) -> None:
        """Say title and message."""
        data: NotifyData = call.data
        said = ". ".join(part.strip().rstrip(".") for part in (data.title, data.message) if part) + "."
        way = self._way
        speech = {"message": said, "site": list(way.site), "language": way.language, "voice": way.voice}
        await self._hub.actions.call("tts.speak", speech, None, call.context)


def merged(under: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return what a group's member is told: its own data, and over it what the call says, mappings joined."""
    joined = {**under, **given}
    for key in under:
        if isinstance(under[key], dict) and isinstance(given.get(key), dict):
            joined[key] = merged(under[key], given[key])
    return joined


def _full(name: str) -> str:
    return name if "." in name else f"{SECTION}.{name}"


def _payload(data: NotifyData) -> str:
    if data.title is None and data.data is None:
        return data.message
    return msgspec.json.encode({key: value for key, value in msgspec.structs.asdict(data).items() if value}).decode()


def read(node: Any, container: Any, problems: list[Problem]) -> Iterable[CommandItem]:
    """Give the ways of the section; those that arvisd does not have are named and left out."""
    for item, holder, key in listed(node, container, SECTION):
        if item is None or isinstance(item, Broken):
            continue
        if not isinstance(item, dict):
            text = f"{SECTION}: expected a list of ways, as in '- {{name: phone, platform: mqtt, topic: …}}', got"
            problems.append(error(mark_of(holder, key), f"{text} {kind_of(item)}"))
        elif item.get("platform") not in PLATFORMS:
            text = f"the notify platform {item.get('platform')!r} is not supported: those there are: {', '.join(PLATFORMS)}"
            problems.append(warning(mark_of(item), text))
        else:
            name = slugify(str(item.get("name") or ALONE))
            yield CommandItem(name, item, holder, key)


def make(place: CommandPlace) -> Action:
    """Make the action of one way."""
    node = place.item.node
    settings, text = PLATFORMS[node["platform"]]
    way = read_node(node, settings, place.action)
    handler: Any
    if isinstance(way, GroupWay):
        if not (way.actions or way.services):
            raise invalid(mark_of(node), f"{place.action}: a group needs 'actions': the ways that are its members")
        handler = Group(place.hub, place.action, way)
    elif isinstance(way, MqttWay):
        if "{" not in way.topic:
            try:
                check_topic(way.topic)
            except ValueError as failure:
                raise invalid(mark_of(node, "topic"), f"{place.action}: {failure}") from None
        handler = OverMqtt(place, way)
    else:
        assert isinstance(way, SiteWay)
        handler = AtSite(place.hub, way)
    return Action(place.action, NotifyData, text, handler)


PLATFORMS: dict[str, tuple[type[Way], str]] = {
    "group": (GroupWay, "Tells several at once."),
    "mqtt": (MqttWay, "Tells over MQTT."),
    "site": (SiteWay, "Tells aloud."),
}

KIND = CommandKind(SECTION, read, make)


async def tell(hub: Hub, name: str, data: NotifyData, context: Context) -> None:
    """Tell by the way of that name."""
    given = {key: value for key, value in msgspec.structs.asdict(data).items() if value is not None}
    await hub.actions.call(_full(name), given, Target(), context)

"""Actions that Home Assistant's users write often and that arvisd does by its own: a table of other names, and a few more."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal

import msgspec

from arvisd.automation.commands.kind import AnyData
from arvisd.automation.commands.notify import NotifyData, tell
from arvisd.core.actions import Action, ActionCall, NoData, Target
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry
from arvisd.home.targets import as_list

Level = Literal["debug", "info", "warning", "error", "critical", "fatal", "warn", "notset"]
LOGGERS = "arvisd."
"""What automations write stands below this in the log, whatever name they give it."""

RELOADS = (
    "homeassistant.reload_all",
    "homeassistant.reload_core_config",
    "homeassistant.reload_custom_templates",
    "counter.reload",
    "group.reload",
    "input_boolean.reload",
    "input_button.reload",
    "input_datetime.reload",
    "input_number.reload",
    "input_select.reload",
    "input_text.reload",
    "notify.reload",
    "person.reload",
    "rest_command.reload",
    "scene.reload",
    "schedule.reload",
    "shell_command.reload",
    "template.reload",
    "timer.reload",
    "zone.reload",
)
"""Names of the one reload that arvisd has: it touches only what changed."""

SAYINGS = (
    "tts.amazon_polly_say",
    "tts.cloud_say",
    "tts.google_cloud_say",
    "tts.google_say",
    "tts.google_translate_say",
    "tts.marytts_say",
    "tts.microsoft_say",
    "tts.picotts_say",
    "tts.piper_say",
    "tts.voicerss_say",
    "tts.yandextts_say",
)
"""Names of speaking, one a provider: arvisd chooses the provider itself."""


class SayData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `tts.…_say`."""

    message: str
    language: str = ""
    cache: Any = None
    """Not read, as `options`: arvisd keeps what it says often."""
    options: Any = None


class AnnounceData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `assist_satellite.announce`."""

    message: str
    preannounce: Any = None
    """Not read, as the keys after it."""
    preannounce_media_id: Any = None
    media_id: Any = None


class ShowData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `notify.persistent_notification`."""

    message: str
    title: str | None = None
    target: Any = None
    data: dict[str, Any] | None = None
    """Its `notification_id`."""


class SendData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `notify.send_message`."""

    message: str
    title: str | None = None


class LogbookData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `logbook.log`."""

    name: str
    message: str
    entity_id: str | None = None
    domain: str | None = None


class LogData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `system_log.write`."""

    message: str
    level: Level = "error"
    logger: Annotated[str, msgspec.Meta(max_length=100)] = "automation.log"


class LevelData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `logger.set_default_level`."""

    level: Level


def register_general_actions(
    hub: Hub,
    home: HomeRegistry,
    reload: Callable[[], Awaitable[object]],
    notifiers: Callable[[], list[str]],
    owner: Owner,
) -> None:
    """Offer them until the owner stops.

    Args:
        hub: where they are offered.
        home: tells in which areas satellites and players stand.
        reload: reads the configuration anew.
        notifiers: gives the names of the configured `notify.…` actions, in their order.
        owner: its stop takes them away.
    """
    for action in (*_speaking(hub, home), *_telling(hub, notifiers), *_logging(hub), *_reloading(reload)):
        if action.name not in hub.actions.names():
            hub.actions.register(action, owner)


def _speaking(hub: Hub, home: HomeRegistry) -> list[Action]:
    async def say(call: ActionCall) -> Any:
        speech = {"message": call.data.message, "language": call.data.language}
        return await hub.actions.call("tts.speak", speech, _places(home, call, ("media_player", "tts")), call.context)

    async def announce(call: ActionCall) -> Any:
        target = _places(home, call, ("assist_satellite",))
        sites = [id_.partition(".")[2] for id_ in as_list(call.target.entity_id) if _area(home, id_) is None]
        speech = {"message": call.data.message, "site": sites}
        return await hub.actions.call("tts.speak", speech, target, call.context)

    text = "Says a message aloud at the sites of the rooms that the target stands in."
    return [
        *(Action(name, SayData, text, say) for name in SAYINGS),
        Action("assist_satellite.announce", AnnounceData, text, announce),
    ]


def _places(home: HomeRegistry, call: ActionCall, domains: tuple[str, ...]) -> Target:
    """Return the areas of a call's target."""
    named = as_list(call.target.entity_id)
    for entity_id in named:
        if entity_id.partition(".")[0] not in domains:
            raise ActionDataError(f"{call.name} is not for {entity_id}: it takes a {' or a '.join(domains)}")
    areas = {area for entity_id in named if (area := _area(home, entity_id)) is not None}
    return Target(area_id=sorted({*areas, *as_list(call.target.area_id)}))


def _area(home: HomeRegistry, entity_id: str) -> str | None:
    entity = home.entity(entity_id)
    return None if entity is None else entity.area


def _telling(hub: Hub, notifiers: Callable[[], list[str]]) -> list[Action]:
    async def show(call: ActionCall) -> Any:
        data: ShowData = call.data
        given = {
            "message": data.message,
            "title": data.title,
            "notification_id": (data.data or {}).get("notification_id"),
        }
        return await hub.actions.call("persistent_notification.create", given, None, call.context)

    async def first(call: ActionCall) -> None:
        data: NotifyData = call.data
        ways = notifiers()
        preferred = ["notify.default"] if "notify.default" in ways else ways
        await tell(hub, preferred[0] if preferred else "notify.persistent_notification", data, call.context)

    async def send(call: ActionCall) -> None:
        ways = as_list(call.target.entity_id)
        if not ways:
            raise ActionDataError("notify.send_message needs a target: entity_id names the way, such as notify.phone")
        for way in ways:
            await tell(hub, way, NotifyData(call.data.message, call.data.title), call.context)

    return [
        Action("notify.persistent_notification", ShowData, "Shows a notification until it is dismissed.", show),
        Action("notify.notify", NotifyData, "Tells by the first way that is configured, else shows it.", first),
        Action("notify.send_message", SendData, "Tells by the ways of the target.", send),
    ]


def _logging(hub: Hub) -> list[Action]:
    def book(call: ActionCall) -> None:
        given = {key: value for key, value in msgspec.structs.asdict(call.data).items() if value is not None}
        hub.fire("logbook_entry", given, call.context)

    def write(call: ActionCall) -> None:
        data: LogData = call.data
        level = _level(data.level)
        logging.getLogger(_below(data.logger)).log(level, "%s", data.message)
        if level >= logging.WARNING:
            hub.report("error" if level >= logging.ERROR else "warning", data.logger, data.message, call.context)

    def level(call: ActionCall) -> None:
        logging.getLogger().setLevel(_level(call.data.level))

    def levels(call: ActionCall) -> None:
        names = call.data if isinstance(call.data, Mapping) else {}
        known = msgspec.json.schema(LevelData)["$defs"]["LevelData"]["properties"]["level"]["enum"]
        for name, value in names.items():
            if value not in known:
                raise ActionDataError(f"logger.set_level: {name}: {value!r} is no level, which are {', '.join(known)}")
        for name, value in names.items():
            logging.getLogger(str(name)).setLevel(_level(value))

    return [
        Action("logbook.log", LogbookData, "Fires the event logbook_entry.", sync_handler=book),
        Action("system_log.write", LogData, "Writes a line to the log.", sync_handler=write),
        Action("logger.set_default_level", LevelData, "Sets how much is logged.", sync_handler=level),
        Action("logger.set_level", AnyData, "Sets how much parts log.", sync_handler=levels, takes_more=True),
    ]


def _level(name: str) -> int:
    return {"warn": logging.WARNING, "fatal": logging.CRITICAL}.get(name) or logging.getLevelNamesMapping()[
        name.upper()
    ]


def _below(name: str) -> str:
    return name if name.startswith(LOGGERS) else LOGGERS + name


def _reloading(reload: Callable[[], Awaitable[object]]) -> list[Action]:
    async def again(_: ActionCall) -> None:
        await reload()

    return [Action(name, NoData, "Reads the configuration anew.", again) for name in RELOADS]

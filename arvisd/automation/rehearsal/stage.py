"""The stage: a hub, an engine and helpers with a clock that is turned, for one test; nothing leads outside."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from arvisd.automation.automation import Automation
from arvisd.automation.commands.collection import Commands
from arvisd.automation.commands.general import register_general_actions
from arvisd.automation.durations import seconds_of
from arvisd.automation.engine import AutomationEngine
from arvisd.automation.helpers.collection import Helpers
from arvisd.automation.persistent_notifications import PersistentNotifications
from arvisd.automation.rehearsal.document import Given, Response, StateGiven
from arvisd.automation.rehearsal.house import CaseError, House
from arvisd.automation.rehearsal.recording import RecordedActions
from arvisd.automation.rehearsal.webhooks import StageWebhooks
from arvisd.automation.run import Run
from arvisd.automation.tags import register_tag_scan
from arvisd.config.nodes import NodeDict
from arvisd.config.problems import Problem, did_you_mean
from arvisd.config.validate import Validated, validate
from arvisd.core.actions import Target
from arvisd.core.bus import Message, Origin
from arvisd.core.errors import ActionError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.states import UNKNOWN
from arvisd.core.virtual_clock import START, VirtualClock
from arvisd.home.actions import register_home_actions
from arvisd.home.entity import Controller, Entity
from arvisd.home.registry import HomeRegistry
from arvisd.home.settings import Area
from arvisd.home.sun import Coordinates
from arvisd.home.sun_entity import SunEntity
from arvisd.home.targets import as_list, resolve
from arvisd.mqtt.publish_action import register_publish
from arvisd.storage.database import Database

if TYPE_CHECKING:
    from arvisd.intent.sentence_triggers import SentenceTriggers


class Dummy(Controller):
    """Stands for every device: it is never asked, as the actions are only written down."""

    async def perform(self, action: str, data: msgspec.Struct, context: Any) -> None:
        """Do nothing."""


DUMMY = Dummy()


class StageSentences:
    """The sentences that automations listen for; what reads them is made when the first one comes."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.triggers: SentenceTriggers | None = None

    def register(self, sentences: list[str], handler: Any, owner: Owner, language: str | None = None) -> None:
        """Listen for sentences."""
        if self.triggers is None:
            from arvisd.intent.sentence_triggers import SentenceTriggers  # takes 0.1 s to import

            async def no_phrase(language: str, key: str) -> str:
                return ""

            self.triggers = SentenceTriggers(self._hub, no_phrase)
        self.triggers.register(sentences, handler, owner, language)


class Stage:
    """What a test plays on."""

    def __init__(self, house: House, given: Given, owner: Owner) -> None:
        """Set it up as a test says; raise CaseError where it says something impossible."""
        self.house = house
        self.given = given
        self.owner = owner
        zone = _zone(given.timezone or house.timezone)
        self._states = {name: _state(name, given.states) for name in given.states}
        ages = [seconds_of(state.since) for state in self._states.values() if state is not None]
        self._before = max(ages, default=0.0)
        begin = _moment(given.time, zone).astimezone(UTC) - timedelta(seconds=self._before)
        self.clock = VirtualClock(begin.astimezone(zone), zone)
        self.hub = Hub(self.clock, language=given.language or house.language)
        self.home = HomeRegistry(self.hub.states, house.home)
        self.actions = RecordedActions(self.hub.actions, self.clock, _responses(given), self._entities_of, self.show)
        self.hub.actions = self.actions
        self.published: list[Message] = []
        """What went out, as far as automations sent it."""
        self.runs: list[tuple[Automation, Run]] = []
        """All runs that began."""
        self.reply: str | None = None
        """What was answered to the last sentence."""
        self.result: Any = None
        """What the last call of the test gave back."""
        self.fault = ""
        """Why the last call of the test failed."""
        self.sentences = StageSentences(self.hub)
        self.webhooks = StageWebhooks()
        self.database = Database(None).open()
        owner.on_stop(self.database.close)
        self._place()

    def _place(self) -> None:
        """Bring in the engine, and all that offers actions."""
        hub, owner, house = self.hub, self.owner, self.house
        register_publish(hub, owner)
        register_home_actions(hub, self.home, owner)
        register_tag_scan(hub, owner)
        PersistentNotifications(hub, self.database).start(owner)
        self.engine = AutomationEngine(hub, self.sentences, owner, self.database, house.folder, self.home)
        library = self.engine.library
        library.calendars.folder = house.folder
        for type_ in house.further:
            with contextlib.suppress(ValueError):  # a name that is taken: the first one has it
                library.triggers.register(type_, owner)
        location = self.given.location
        library.sun.use(
            house.coordinates
            if location is None
            else Coordinates(location.latitude, location.longitude, location.elevation)
        )
        self.engine.hear_webhooks(self.webhooks)
        self.helpers = Helpers(hub, self.home, self.engine, self.database, owner)
        self.commands = Commands(hub, library, owner)
        register_general_actions(hub, self.home, _nothing, lambda: self.commands.names("notify"), owner)
        began = self.engine.parts.started

        def started(automation: Automation, run: Run) -> None:
            self.runs.append((automation, run))
            began(automation, run)

        self.engine.parts.started = started
        hub.bus.subscribe("#", self._seen, owner)

    async def open(self, automations: Any, scripts: Any) -> list[Problem]:
        """Let the states be as they are given, then the automations listen; return what is wrong with them."""
        helpers = {**self.house.helpers}
        for section, node in self.given.helpers.items():
            known = helpers.get(section)
            helpers[section] = {**known, **node} if isinstance(known, dict) and isinstance(node, dict) else node
        sections = NodeDict(helpers)
        problems = list(self.helpers.load(sections))
        for entry in self.home.described():  # devices of which the configuration speaks
            self._introduce(entry.id, StateGiven())
        self.commands.load(self.house.commands, self.house.command_house)
        await self._let_states_age()
        if self.engine.library.sun.coordinates is not None:
            SunEntity(self.hub, self.engine.library.sun).start(self.owner)
        # the daemon runs when they come: what waits for its start hears of it when a test says so
        self.engine.started()
        problems = [*problems, *await self.engine.load(automations, (), scripts)]
        await self.clock.settle()
        self.actions.calls.clear()
        return problems

    async def _let_states_age(self) -> None:
        """Set each given state as long ago as it is said to have been so."""
        begin = self.clock.monotonic()
        ordered = sorted(
            (
                (self._before - seconds_of(state.since), name)
                for name, state in self._states.items()
                if state is not None
            )
        )
        for at, name in ordered:
            await self.clock.advance(max(0.0, begin + at - self.clock.monotonic()))
            state = self._states[name]
            assert state is not None
            self._introduce(name, state)
            if self.helpers.find(name) is not None:
                attributes = {**_attributes(self.hub, name), **state.attributes}
                self.hub.states.set(name, text_of(state.state), attributes)
            else:
                self.hub.states.set(name, text_of(state.state), dict(state.attributes))
        await self.clock.advance(max(0.0, begin + self._before - self.clock.monotonic()))

    def _introduce(self, name: str, state: StateGiven) -> None:
        """Make something with a state an entity of the house."""
        if self.home.entity(name) is not None or name.startswith(("automation.", "script.", "sun.")):
            return
        if state.area is not None and self.home.area(state.area) is None:
            known = [area.id for area in self.house.home.areas]
            if known:
                raise CaseError(f"{name}: there is no area {state.area!r}{did_you_mean(state.area, known)}")
            self.home.propose_area(Area(id=state.area), self.owner)
        attributes = state.attributes
        entity = Entity(
            id=name,
            name=str(attributes.get("friendly_name", "")),
            area=state.area,
            labels=list(state.labels),
            device_class=attributes.get("device_class"),
            unit=attributes.get("unit_of_measurement"),
            controller=DUMMY,
        )
        self.home.add_entity(entity, self.owner)

    def show(self, states: Mapping[str, Any]) -> None:
        """Put states in force, as devices report them; None takes one away."""
        for name in states:
            state = _state(name, states)
            if state is None:
                self.hub.states.remove(name)
                continue
            self._introduce(name, state)
            written = states[name]
            kept = _attributes(self.hub, name)
            attributes = {**kept, **state.attributes} if isinstance(written, dict) else None
            if isinstance(written, dict) and "state" not in written and (now := self.hub.states.get(name)):
                self.hub.states.set(name, now.state, attributes)
            else:
                self.hub.states.set(name, text_of(state.state), attributes)

    def _entities_of(self, target: Target, action: str) -> list[str]:
        if target == Target():
            return []
        domain = action.partition(".")[0]
        try:
            return [entity.id for entity in resolve(self.home, target, (domain,), action)]
        except ActionError:
            return sorted(self.home.ungrouped(as_list(target.entity_id)))

    def _seen(self, message: Message) -> None:
        if message.origin is Origin.LOCAL and isinstance(message.payload, bytes):
            own = message.topic.startswith(("$", f"{self.hub.topics.root}/"))
            if not own or (message.payload and not message.topic.startswith("$")):
                self.published.append(message)


@asynccontextmanager
async def staged(house: House, given: Given) -> AsyncIterator[Stage]:
    """Give a stage; it is struck at the end, whatever goes on on it."""
    async with Owner("rehearsal") as owner:
        stage = Stage(house, given, owner)
        yield stage
        owner.release()
        # what was waiting ends before the tasks are cancelled from outside
        await asyncio.sleep(0)


def text_of(state: Any) -> str:
    """Return a state as text: YAML reads `on` as true."""
    if isinstance(state, bool):
        return "on" if state else "off"
    return UNKNOWN if state is None else str(state)


def _attributes(hub: Hub, name: str) -> dict[str, Any]:
    state = hub.states.get(name)
    return {} if state is None else dict(state.attributes)


def _state(name: str, states: Mapping[str, Any]) -> StateGiven | None:
    """Return a state as it is written, None where there shall be none; raise CaseError."""
    domain, dot, object_id = str(name).partition(".")
    if not (domain and dot and object_id):
        raise CaseError(f"{name!r} is not the id of an entity, such as light.kitchen")
    node = states[name]
    if node is None:
        return None
    if not isinstance(node, dict):
        return StateGiven(state=node)
    read: Validated[StateGiven] = validate(node, StateGiven, name, states, name)
    if read.value is None:
        raise CaseError("; ".join(problem.message for problem in read.problems))
    return read.value


def _responses(given: Given) -> dict[str, list[Response]]:
    found: dict[str, list[Response]] = {}
    for name, nodes in given.responses.items():
        listed = nodes if isinstance(nodes, list) else [nodes]
        for node in listed:
            read: Validated[Response] = validate(node, Response, name, given.responses, name)
            if read.value is None:
                raise CaseError(f"given.responses: {'; '.join(problem.message for problem in read.problems)}")
            found.setdefault(str(name), []).append(read.value)
    return found


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        raise CaseError(f"given.timezone: there is no time zone {name!r}") from None


def _moment(text: str | None, zone: tzinfo) -> datetime:
    """Return what the clock shows at first."""
    if text is None:
        return START.replace(tzinfo=zone)
    return moment_of(text, START.replace(tzinfo=zone))


def moment_of(text: str, today: datetime, *, coming: bool = False) -> datetime:
    """Return a moment from `2026-03-29T21:30` or `21:30`; raise CaseError.

    Args:
        text: as it is written.
        today: day and zone of one that has none.
        coming: one that is over on that day is of the next.
    """
    with contextlib.suppress(ValueError):
        found = datetime.combine(today.date(), time.fromisoformat(text), today.tzinfo)
        return found + timedelta(days=1) if coming and found.astimezone(UTC) <= today.astimezone(UTC) else found
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CaseError(f"{text!r} is not a time: write 2026-03-29T21:30 or 21:30") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=today.tzinfo)


async def _nothing() -> None:
    """Stand for the reload of a configuration."""

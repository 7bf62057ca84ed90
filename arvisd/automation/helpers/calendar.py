"""Section `calendar`: calendars in ICS format, from files and addresses, as entities that are on during an event."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from arvisd.automation.attachment import STARTED_TOPIC
from arvisd.automation.calendars.events import MISSING, CalendarError, CalendarEvent, events_between, installed
from arvisd.automation.calendars.source import FileSource, UrlSource
from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.kind import HelperAction, HelperKind, HelperSettings, Place, Saved
from arvisd.automation.lateness import ALWAYS
from arvisd.config.durations import Seconds, parse_duration
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError, ActionFailedError
from arvisd.core.owner import Owner
from arvisd.core.states import UNAVAILABLE, UNKNOWN
from arvisd.mqtt.daemon_thread import in_daemon_thread

T = TypeVar("T")
_LOGGER = logging.getLogger("arvisd.automation")

BACK = timedelta(days=2)
AHEAD = timedelta(days=35)
"""The stretch that is laid out: for offsets and for what was missed, and for the next weeks."""
LAID_OUT_FOR = timedelta(hours=12)
"""So long a stretch is good enough."""
FILE_SECONDS = 30.0
URL_SECONDS = 900.0
"""How often is looked by default."""
SHORTEST_REFRESH = 10.0
LONGEST_READ = 60.0
"""Seconds that reading may take in all."""


def check_address(value: str) -> None:
    """Raise ValueError for what is no address of a calendar; it may be a secret, and is not said."""
    parts = urlsplit(value)
    if parts.scheme.lower() not in ("http", "https", "webcal", "webcals") or not parts.hostname:
        raise ValueError("url: this is no address of a calendar: it begins with https://, http:// or webcal://")


class CalendarSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `calendar:`."""

    id: str | None = None
    """Second half of its entity's id, where it shall not be made from the name."""
    file: str | None = None
    """An ICS file, relative to the configuration folder."""
    url: str | None = None
    """An address that gives one; better as `!secret`."""
    refresh: Seconds | None = None
    """How often is looked whether it changed: 30 s for a file, 15 min for an address by default."""

    def __post_init__(self) -> None:
        """Raise ValueError where there is not exactly one source."""
        if (self.file is None) == (self.url is None):
            raise ValueError("it needs 'file' or 'url', and not both")
        if self.url is not None:
            check_address(self.url)
        if self.refresh is not None and self.refresh < SHORTEST_REFRESH:
            raise ValueError(f"refresh: {SHORTEST_REFRESH:.0f} s at least")


class GetEvents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `calendar.get_events`."""

    start_date_time: str | None = None
    """From when on; now by default."""
    end_date_time: str | None = None
    duration: Any = None
    """How long, where no end is given."""


class Calendar(HelperEntity[CalendarSettings]):
    """Reads its source again and again, and shows the event that is on, or the next."""

    def __init__(self, settings: CalendarSettings, place: Place) -> None:
        super().__init__(settings, place)
        if not installed():
            raise ValueError(MISSING)
        self._calendars = place.library.calendars
        self._source = self._source_of(settings)
        self._content: bytes | None = None
        self._laid_out: datetime | None = None
        self._said = ""
        self._edges = Owner(f"{place.entity_id}: its next change")

    def start(self, saved: Saved | None) -> None:
        """Begin to read when everything runs: the libraries take a while to load."""
        place = self.place
        self.write(UNKNOWN)
        place.owner.on_stop(lambda: self._calendars.withdraw(self.entity_id))
        if place.engine.running:
            self._begin()
        else:
            place.hub.bus.subscribe(STARTED_TOPIC, lambda _: self._begin(), place.owner)

    async def between(self, begin: datetime, end: datetime) -> list[CalendarEvent]:
        """Return the events that touch a stretch of time; raise ActionFailedError where there is no calendar yet."""
        if self._content is None:
            raise ActionFailedError(f"{self.entity_id} could not be read yet: {self._said or 'try again in a moment'}")
        content, zone = self._content, self.place.hub.clock.timezone
        found = await self._aside(lambda: events_between(content, begin, end, zone))
        return [event for event in found if event.start.timestamp() < end.timestamp()]

    def _source_of(self, settings: CalendarSettings) -> FileSource | UrlSource:
        if settings.file is not None:
            return FileSource((self._calendars.folder or Path()) / Path(settings.file).expanduser())
        assert settings.url is not None
        data_folder = self._calendars.data_folder
        copy = None if data_folder is None else data_folder / "calendars" / f"{self.entity_id.partition('.')[2]}.ics"
        return UrlSource(settings.url, copy, outside=self._calendars.outside)

    def _begin(self) -> None:
        task = self.place.engine.spawn(self._keep(), self.entity_id)
        self.place.owner.on_stop(task.cancel)
        self.place.owner.on_stop(self._edges.release)

    async def _aside(self, work: Callable[[], T]) -> T:
        """Do what blocks in a thread."""
        return await in_daemon_thread(work, self.entity_id)

    async def _keep(self) -> None:
        """Read it now and again, until the task is cancelled."""
        settings = self.settings
        pause = settings.refresh or (FILE_SECONDS if settings.file is not None else URL_SECONDS)
        while True:
            await self._refresh()
            await self.place.hub.clock.sleep(pause)

    async def _refresh(self) -> None:
        try:
            content = await self.place.hub.clock.wait_for(self._aside(self._source.read), LONGEST_READ)
            if content is not None:
                await self._lay_out(content)
                await self._aside(lambda: self._source.keep(content))
            elif self._is_stale() and self._content is not None:
                await self._lay_out(self._content)
            self._said = ""
        except TimeoutError:
            await self._do_without(f"it takes longer than {LONGEST_READ:.0f} s to read")
        except (CalendarError, OSError) as error:
            await self._do_without(str(error))

    async def _do_without(self, problem: str) -> None:
        """It cannot be read: go on with what there is, else with the last good copy, and say so once."""
        if problem != self._said:
            self._said = problem
            _LOGGER.warning("%s: %s", self.entity_id, problem)
            self.place.hub.report("warning", "calendar", f"{self.entity_id}: {problem}")
        if self._content is None:
            copy = await self._aside(self._source.last_good)
            if copy is None:
                self.write(UNAVAILABLE, {"error": problem})
                return
            self._content = copy
        if self._is_stale():
            try:
                await self._lay_out(self._content)
            except CalendarError:  # the copy is broken
                self._content = None
                self.write(UNAVAILABLE, {"error": problem})

    def _is_stale(self) -> bool:
        return self._laid_out is None or abs(self._now() - self._laid_out) > LAID_OUT_FOR

    async def _lay_out(self, content: bytes) -> None:
        now = self._now()
        zone = self.place.hub.clock.timezone
        events = await self._aside(lambda: events_between(content, now - BACK, now + AHEAD, zone))
        self._content = content
        self._laid_out = now
        self._calendars.lay_out(self.entity_id, events)
        self._edges.release()
        self.place.schedule.add(self._following, lambda due: self._show(), self._edges, self.entity_id, late=ALWAYS)
        self._show()

    def _show(self) -> None:
        events = self._calendars.events(self.entity_id)
        if events is None:
            return
        now = self._now().timestamp()
        # of several that are on, the one that began last; else the next
        on = [event for event in events if event.start.timestamp() <= now < event.end.timestamp()]
        shown = on[-1] if on else next((event for event in events if event.start.timestamp() > now), None)
        self.write("on" if on else "off", {} if shown is None else _attributes(shown))

    def _following(self, after: datetime) -> datetime | None:
        """Return the next beginning or end of an event."""
        events = self._calendars.events(self.entity_id) or ()
        edges = (edge for event in events for edge in (event.start, event.end))
        later = [edge for edge in edges if edge.timestamp() > after.timestamp()]
        return min(later, key=datetime.timestamp, default=None)

    def _now(self) -> datetime:
        return self.place.hub.clock.now().astimezone(UTC)


def _attributes(event: CalendarEvent) -> dict[str, Any]:
    """Return an event as Home Assistant shows it: local times without their zone."""
    return {
        "message": event.summary,
        "all_day": event.all_day,
        "start_time": event.start.strftime("%Y-%m-%d %H:%M:%S"),
        "end_time": event.end.strftime("%Y-%m-%d %H:%M:%S"),
        "location": event.location,
        "description": event.description,
    }


async def _get_events(helper: Calendar, data: GetEvents, _: Context) -> dict[str, Any]:
    clock = helper.place.hub.clock
    begin = clock.now() if data.start_date_time is None else _moment(data.start_date_time, helper)
    if data.end_date_time is not None:
        end = _moment(data.end_date_time, helper)
    elif data.duration is not None:
        try:
            end = begin + timedelta(seconds=parse_duration(data.duration))
        except ValueError as error:
            raise ActionDataError(f"duration: {error}") from None
    else:
        raise ActionDataError("calendar.get_events needs 'end_date_time' or 'duration'")
    if end <= begin:
        raise ActionDataError("calendar.get_events: the end must be after the start")
    try:
        return {"events": [event.as_data() for event in await helper.between(begin, end)]}
    except CalendarError as error:
        raise ActionFailedError(f"{helper.entity_id}: {error}") from error


def _moment(text: str, helper: Calendar) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ActionDataError(f"{text!r} is no time: write 2026-05-01 07:30:00") from None
    zone = helper.place.hub.clock.timezone
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


KIND: HelperKind[CalendarSettings] = HelperKind(
    "calendar",
    CalendarSettings,
    Calendar,
    (HelperAction("get_events", GetEvents, "Returns the events of a stretch of time.", _get_events),),
    listed=True,
    restored=False,
    expose=False,
)

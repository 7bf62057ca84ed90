"""Helper `schedule`: on at certain times of the week."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any

import msgspec

from arvisd.automation.clock_times import placed
from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.kind import HelperAction, HelperKind, HelperSettings, Place, Saved
from arvisd.automation.lateness import ALWAYS
from arvisd.automation.triggers.time import time_of
from arvisd.config.validate import checked
from arvisd.core.actions import NoData
from arvisd.core.context import Context

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MIDNIGHT = 86400
"""`24:00`, the end of a day, in seconds."""


def seconds_of_day(value: Any) -> int:
    """Return a time of day in seconds, `24:00` too; raise ValueError for what is none."""
    if value == MIDNIGHT or str(value).strip() in ("24:00", "24:00:00"):
        return MIDNIGHT
    found = time_of(value)
    if found is None:
        raise ValueError(f"{value!r} is no time of day: write '07:30' or '07:30:00', '24:00' for the end of the day")
    return found.hour * 3600 + found.minute * 60 + found.second


TimeOfDay = Annotated[int | str, checked(seconds_of_day)]


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From when to when it is on."""

    from_: TimeOfDay = msgspec.field(name="from")
    to: TimeOfDay
    data: dict[str, Any] = msgspec.field(default_factory=dict)
    """Attributes that it has meanwhile."""

    def __post_init__(self) -> None:
        """Raise ValueError where it ends before it begins."""
        if seconds_of_day(self.to) <= seconds_of_day(self.from_):
            raise ValueError(f"'to' must be after 'from': {clock(self.from_)} to {clock(self.to)} is not")


class ScheduleSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `schedule:`."""

    monday: list[Block] = msgspec.field(default_factory=list)
    tuesday: list[Block] = msgspec.field(default_factory=list)
    wednesday: list[Block] = msgspec.field(default_factory=list)
    thursday: list[Block] = msgspec.field(default_factory=list)
    friday: list[Block] = msgspec.field(default_factory=list)
    saturday: list[Block] = msgspec.field(default_factory=list)
    sunday: list[Block] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        """Raise ValueError where two times of a day overlap."""
        for day in DAYS:
            blocks = sorted_blocks(getattr(self, day))
            for earlier, later in itertools.pairwise(blocks):
                if seconds_of_day(later.from_) < seconds_of_day(earlier.to):
                    spans = (
                        f"{clock(earlier.from_)} to {clock(earlier.to)} and {clock(later.from_)} to {clock(later.to)}"
                    )
                    raise ValueError(f"{day}: {spans} overlap")


class Schedule(HelperEntity[ScheduleSettings]):
    """On within its blocks; `next_event` tells when it changes next."""

    def __init__(self, settings: ScheduleSettings, place: Place) -> None:
        super().__init__(settings, place)
        self._week = [sorted_blocks(getattr(settings, day)) for day in DAYS]

    def start(self, saved: Saved | None) -> None:
        """Show what holds now, and each change."""
        self.place.schedule.add(
            self._following, lambda due: self._show(), self.place.owner, self.entity_id, late=ALWAYS
        )
        self._show()

    def written(self) -> dict[str, list[dict[str, Any]]]:
        """Return the week as it is written."""
        return {
            day: [
                {"from": clock(block.from_), "to": clock(block.to), **({"data": block.data} if block.data else {})}
                for block in blocks
            ]
            for day, blocks in zip(DAYS, self._week, strict=True)
        }

    def _show(self) -> None:
        now = self.place.hub.clock.now()
        current = next(
            (
                block
                for begin, end, block in self._around(now)
                if begin.timestamp() <= now.timestamp() < end.timestamp()
            ),
            None,
        )
        following = self._following(now)
        attributes = dict(current.data) if current is not None else {}
        attributes["next_event"] = None if following is None else following.isoformat()
        self.write("off" if current is None else "on", attributes)

    def _following(self, after: datetime) -> datetime | None:
        """Return the next beginning or end of a block."""
        edges = (edge for begin, end, _ in self._around(after) for edge in (begin, end))
        later = [edge for edge in edges if edge.astimezone(UTC) > after.astimezone(UTC)]
        return min(later, key=lambda edge: edge.astimezone(UTC), default=None)

    def _around(self, moment: datetime) -> list[tuple[datetime, datetime, Block]]:
        """Return the blocks from yesterday to this day of the next week, with the moments of their ends."""
        zone = self.place.hub.clock.timezone
        today = moment.astimezone(zone).date()
        found = []
        for distance in range(-1, 9):
            day = today + timedelta(days=distance)
            midnight = datetime.combine(day, time(0))
            for block in self._week[day.weekday()]:
                begin = placed(midnight + timedelta(seconds=seconds_of_day(block.from_)), zone)
                end = placed(midnight + timedelta(seconds=seconds_of_day(block.to)), zone)
                if begin is not None:
                    found.append((begin, end or begin, block))
        return found


def clock(value: int | str) -> str:
    """Return a time of day as it is written."""
    seconds = seconds_of_day(value)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def sorted_blocks(blocks: list[Block]) -> list[Block]:
    """Return a day's blocks in the order of time."""
    return sorted(blocks, key=lambda block: seconds_of_day(block.from_))


def _get(helper: Schedule, _: NoData, context: Context) -> dict[str, Any]:
    return helper.written()


KIND: HelperKind[ScheduleSettings] = HelperKind(
    "schedule",
    ScheduleSettings,
    Schedule,
    (HelperAction("get_schedule", NoData, "Returns the times of the week.", _get, instant=True),),
    restored=False,
    expose=False,
)

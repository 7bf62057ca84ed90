"""The section `calendar`, its entities and action, and the trigger of that name."""

from __future__ import annotations

import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from arvisd.automation.calendars.events import CalendarError
from arvisd.automation.calendars.source import UrlSource
from arvisd.automation.helpers import calendar
from arvisd.automation.helpers.collection import Helpers
from arvisd.config import load
from arvisd.core.actions import Target
from arvisd.core.errors import ActionError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.storage.database import Database
from tests.simulators.automation_rig import AutomationRig
from tests.simulators.clock import FakeClock

T = TypeVar("T")
BERLIN = ZoneInfo("Europe/Berlin")
FAMILY = "calendar.family"


class House:
    """An engine with helpers over one database, that can be ended and begun again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = datetime(2026, 1, 5, 8, tzinfo=BERLIN)
        self._stack = AsyncExitStack()
        self.rig: AutomationRig

    async def begin(self, sections: str, automations: str = "[]", *, off: float = 0.0) -> list[str]:
        """Begin a life; return the problems of its helpers."""
        clock = FakeClock(self.now + timedelta(seconds=off), BERLIN)
        hub = Hub(clock)
        owner = await self._stack.enter_async_context(Owner("automations"))
        database = Database(self.folder / "arvisd.db").open()
        self._stack.callback(database.close)
        self.rig = AutomationRig(hub, clock, owner, self.folder, database)
        self.rig.engine.library.calendars.folder = self.folder
        self.rig.engine.library.calendars.data_folder = self.folder / "data"
        self.helpers = Helpers(hub, self.rig.home, self.rig.engine, database, owner)
        (self.folder / "configuration.yaml").write_text(
            textwrap.dedent(sections) + "\nautomation: !include automations.yaml\n"
        )
        self.rig.write(automations)
        loaded = load(self.folder)
        problems = [*loaded.problems, *self.helpers.load(loaded.tree, loaded.broken)]
        assert await self.rig.reload() == []
        self.rig.engine.started()
        await clock.settle()
        return [str(problem) for problem in problems]

    async def kill(self) -> None:
        """End it."""
        self.now = self.rig.clock.now()
        stack, self._stack = self._stack, AsyncExitStack()
        await stack.aclose()

    async def until(self, wall: str) -> None:
        """Let the day go on until a time."""
        hour, minute = map(int, wall.split(":"))
        now = self.rig.clock.now()
        await self.rig.clock.advance((now.replace(hour=hour, minute=minute, second=0) - now).total_seconds())

    def state(self, entity_id: str = FAMILY) -> str:
        found = self.rig.hub.states.get(entity_id)
        return "(none)" if found is None else found.state

    def attributes(self) -> dict[str, Any]:
        found = self.rig.hub.states.get(FAMILY)
        assert found is not None
        return found.attributes


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, family: bytes) -> AsyncIterator[House]:
    async def at_once(work: Callable[[], T], name: str) -> T:
        return work()

    monkeypatch.setattr(calendar, "in_daemon_thread", at_once)
    (tmp_path / "family.ics").write_bytes(family)
    made = House(tmp_path)
    yield made
    await made.kill()


SECTION = "calendar: [{name: Family, file: family.ics}]"


class TestEntity:
    async def test_a_day(self, house: House) -> None:
        assert await house.begin(SECTION) == []
        seen: list[tuple[str, str, str]] = []

        def changed(message: Any) -> None:
            seen.append(
                (f"{house.rig.clock.now():%H:%M}", message.payload.state, message.payload.attributes["message"])
            )

        house.rig.hub.bus.subscribe("arvis/state/calendar/family", changed, house.rig.owner)
        assert (house.state(), house.attributes()["message"]) == ("off", "Stand-up")
        await house.rig.clock.advance(26 * 3600)
        assert seen == [
            ("09:00", "on", "Stand-up"),
            ("09:15", "off", "Dentist"),
            ("15:00", "on", "Dentist"),
            ("16:00", "off", "Bins"),
            ("00:00", "on", "Bins"),
            ("09:00", "on", "Stand-up"),
            ("09:15", "on", "Bins"),
        ]

    async def test_attributes(self, house: House) -> None:
        await house.begin(SECTION)
        await house.until("15:30")
        assert house.attributes() == {
            "message": "Dentist",
            "all_day": False,
            "start_time": "2026-01-05 15:00:00",
            "end_time": "2026-01-05 16:00:00",
            "location": "Main Street 1",
            "description": "Bring the card",
            "editable": False,
            "friendly_name": "Family",
        }

    async def test_the_file_changes(self, house: House) -> None:
        await house.begin(SECTION)
        path = house.folder / "family.ics"
        path.write_bytes(path.read_bytes().replace(b"SUMMARY:Dentist", b"SUMMARY:Surgeon"))
        await house.until("15:30")
        assert house.attributes()["message"] == "Surgeon"

    async def test_the_file_breaks_and_is_mended(self, house: House, caplog: pytest.LogCaptureFixture) -> None:
        await house.begin(SECTION)
        path = house.folder / "family.ics"
        good = path.read_bytes()
        path.write_bytes(b"BEGIN:VCARD\r\nEND:VCARD\r\n")
        await house.until("15:30")
        assert (house.state(), house.attributes()["message"]) == ("on", "Dentist")
        assert [record.message for record in caplog.records] == [
            "calendar.family: this is no calendar in ICS format: no 'BEGIN:VCALENDAR' is in it"
        ]
        path.write_bytes(good)
        await house.until("15:40")
        assert len(caplog.records) == 1

    async def test_weeks_without_a_change_of_the_file(self, house: House) -> None:
        await house.begin(SECTION)
        house.rig.clock.jump(timedelta(days=60))
        await house.rig.clock.advance(60)
        assert house.state() == "off"
        assert house.attributes()["start_time"] == "2026-03-06 09:00:00"

    async def test_one_that_is_not_there(self, house: House, caplog: pytest.LogCaptureFixture) -> None:
        await house.begin("calendar: [{name: Family, file: none.ics}]")
        assert house.state() == "unavailable"
        assert house.attributes()["error"] == f"{house.folder}/none.ics cannot be read: No such file or directory"
        assert len(caplog.records) == 1

    async def test_an_address_that_fails_later(
        self, house: House, monkeypatch: pytest.MonkeyPatch, family: bytes
    ) -> None:
        """The last good copy shows what is on, over a restart too."""
        answers: list[bytes | CalendarError] = [family]

        def read(_: UrlSource) -> bytes:
            answer = answers[0]
            if isinstance(answer, CalendarError):
                raise answer
            return answer

        monkeypatch.setattr(UrlSource, "read", read)
        section = "calendar: [{name: Family, url: 'https://example.org/a.ics', refresh: '00:05:00'}]"
        await house.begin(section)
        assert house.attributes()["message"] == "Stand-up"
        answers[0] = CalendarError("example.org cannot be read: no route")
        await house.until("09:20")
        assert house.attributes()["message"] == "Dentist"
        await house.kill()
        await house.begin(section, off=6 * 3600)
        assert (house.state(), house.attributes()["message"]) == ("on", "Dentist")

    async def test_a_reload_without_it(self, house: House) -> None:
        await house.begin(SECTION)
        (house.folder / "configuration.yaml").write_text("calendar: []\n")
        loaded = load(house.folder)
        house.helpers.load(loaded.tree, loaded.broken)
        assert house.state() == "(none)"
        assert house.rig.engine.library.calendars.events(FAMILY) is None


class TestGetEvents:
    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            ({"duration": "24:00:00"}, ["Stand-up", "Dentist", "Bins"]),
            ({"duration": {"hours": 2}}, ["Stand-up"]),
            ({"start_date_time": "2026-01-05 12:00:00", "end_date_time": "2026-01-05T15:30:00+01:00"}, ["Dentist"]),
            ({"start_date_time": "2026-03-02 12:00:00", "duration": {"days": 1}}, ["Bins", "Stand-up"]),
        ],
    )
    async def test_what_it_answers(self, house: House, data: dict[str, Any], expected: list[str]) -> None:
        await house.begin(SECTION)
        answer = await house.rig.hub.actions.call("calendar.get_events", data, Target(entity_id=FAMILY))
        assert [event["summary"] for event in answer[FAMILY]["events"]] == expected

    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            ({}, "calendar.get_events needs 'end_date_time' or 'duration'"),
            ({"duration": "soon"}, "duration: "),
            ({"duration": 0}, "calendar.get_events: the end must be after the start"),
            ({"end_date_time": "noon"}, "'noon' is no time: write 2026-05-01 07:30:00"),
        ],
    )
    async def test_what_is_refused(self, house: House, data: dict[str, Any], expected: str) -> None:
        await house.begin(SECTION)
        with pytest.raises(ActionError) as caught:
            await house.rig.hub.actions.call("calendar.get_events", data, Target(entity_id=FAMILY))
        assert str(caught.value).startswith(expected)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("{file: a.ics}", "configuration.yaml:1:12: calendar: it needs a name"),
        ("{name: A}", "configuration.yaml:1:12: calendar.a: it needs 'file' or 'url', and not both"),
        (
            "{name: A, file: a.ics, url: 'https://a.b/c'}",
            "configuration.yaml:1:12: calendar.a: it needs 'file' or 'url', and not both",
        ),
        (
            "{name: A, url: a.ics}",
            (
                "configuration.yaml:1:12: calendar.a: url: this is no address of a calendar: "
                "it begins with https://, http:// or webcal://"
            ),
        ),
        ("{name: A, file: a.ics, refresh: 5}", "configuration.yaml:1:12: calendar.a: refresh: 10 s at least"),
        (
            "{name: A, fil: a.ics}",
            "configuration.yaml:1:22: unknown key 'fil' in calendar.a (did you mean 'file'?)",
        ),
    ],
)
async def test_settings_that_are_refused(house: House, item: str, expected: str) -> None:
    assert await house.begin(f"calendar: [{item}]") == [expected]


async def test_without_the_libraries(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "installed", lambda: False)
    assert await house.begin(SECTION) == [
        (
            "configuration.yaml:1:12: calendar.family: calendars need two libraries that are not installed: "
            "pip install 'arvisd[calendar]'"
        )
    ]


def automation(options: str, more: str = "") -> str:
    said = "{{ trigger.event }} {{ trigger.calendar_event.summary }} {{ now().strftime('%H:%M') }}"
    action = '{action: test.note, data: {message: "' + said + '"}}'
    return f"- id: a\n  mode: parallel\n{more}  triggers: [{{trigger: calendar, entity_id: calendar.family, {options}}}]\n  actions: [{action}]\n"


class TestTrigger:
    @pytest.mark.parametrize(
        ("options", "notes"),
        [
            (
                "event: start",
                ["start Stand-up 09:00", "start Dentist 15:00", "start Bins 00:00", "start Stand-up 09:00"],
            ),
            ("event: end", ["end Stand-up 09:15", "end Dentist 16:00", "end Stand-up 09:15"]),
            (
                'offset: "-01:00:00"',
                ["start Stand-up 08:00", "start Dentist 14:00", "start Bins 23:00", "start Stand-up 08:00"],
            ),
            (
                "event: end, offset: {minutes: 5}",
                ["end Stand-up 09:20", "end Dentist 16:05", "end Stand-up 09:20"],
            ),
        ],
    )
    async def test_when_it_fires(self, house: House, options: str, notes: list[str]) -> None:
        house.now = house.now.replace(hour=7, minute=59)
        await house.begin(SECTION, automation(options))
        await house.rig.clock.advance(26 * 3600)
        assert house.rig.notes == notes

    async def test_several_at_the_same_time(self, house: House, family: bytes) -> None:
        double = family.replace(
            b"END:VCALENDAR",
            b"BEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260105T140000Z\r\nSUMMARY:Cake\r\nEND:VEVENT\r\nEND:VCALENDAR",
        )
        (house.folder / "family.ics").write_bytes(double)
        await house.begin(SECTION, automation("event: start"))
        await house.until("15:30")
        assert house.rig.notes == ["start Stand-up 09:00", "start Cake 15:00", "start Dentist 15:00"]

    @pytest.mark.parametrize(
        ("off", "more", "notes"),
        [
            (7 * 3600 + 120, "", ["start Dentist 15:02"]),
            (7 * 3600 + 600, "", []),
            (9 * 3600, "  missed: run\n", ["start Dentist 17:00"]),
            (7 * 3600 + 120, "  missed: skip\n", []),
        ],
    )
    async def test_missed_while_off(self, house: House, off: float, more: str, notes: list[str]) -> None:
        await house.begin(SECTION, automation("event: start", more))
        await house.kill()
        await house.begin(SECTION, automation("event: start", more), off=off)
        assert house.rig.notes == notes
        if not notes:
            (trace,) = house.rig.traces("a")
            assert trace.trigger["description"] == "start of 'Dentist' in calendar.family"
            assert trace.reason.startswith("missed 2026-01-05T15:00:00+01:00, ")

    async def test_an_event_that_is_written_shortly_before_it(self, house: House) -> None:
        """It begins between two looks at the file: it is found, and less than five minutes late."""
        await house.begin("calendar: [{name: Family, file: family.ics, refresh: 240}]", automation("event: start"))
        await house.until("15:01")
        path = house.folder / "family.ics"
        path.write_bytes(
            path.read_bytes().replace(
                b"DTSTART;TZID=Europe/Berlin:20260105T150000", b"DTSTART;TZID=Europe/Berlin:20260105T150200"
            )
        )
        await house.until("15:06")
        assert house.rig.notes == ["start Stand-up 09:00", "start Dentist 15:00", "start Dentist 15:04"]

    async def test_nothing_comes_twice_when_it_is_read_again(self, house: House) -> None:
        await house.begin(SECTION, automation("event: start"))
        path = house.folder / "family.ics"
        for number in range(30):
            await house.rig.clock.advance(1000)
            path.write_bytes(path.read_bytes().replace(b"END:VCALENDAR", f"X-N:{number}\r\nEND:VCALENDAR".encode()))
        assert house.rig.notes == ["start Stand-up 09:00", "start Dentist 15:00"]

    async def test_a_calendar_that_comes_later(self, house: House) -> None:
        await house.begin("calendar: []", automation("event: start"))
        (house.folder / "configuration.yaml").write_text(SECTION + "\n")
        loaded = load(house.folder)
        house.helpers.load(loaded.tree, loaded.broken)
        await house.until("09:01")
        assert house.rig.notes == ["start Stand-up 09:00"]

    @pytest.mark.parametrize(
        ("trigger", "expected"),
        [
            (
                "{trigger: calendar, entity_id: light.a}",
                "automations.yaml:2:45: the trigger 'calendar': light.a is no calendar, such as calendar.family",
            ),
            (
                "{trigger: calendar, entity_id: family}",
                "automations.yaml:2:45: the trigger 'calendar': 'family' is not the id of an entity, such as light.kitchen",
            ),
            (
                "{trigger: calendar, entity_id: calendar.a, event: begin}",
                (
                    "automations.yaml:2:64: the trigger 'calendar': event: expected one of 'end' or 'start', "
                    "got the text 'begin'"
                ),
            ),
            (
                "{trigger: calendar, entity_id: calendar.a, offset: x}",
                (
                    "automations.yaml:2:65: the trigger 'calendar': offset: 'x' is not a length of time: "
                    "give seconds, 'HH:MM:SS' or {minutes: 5}"
                ),
            ),
        ],
    )
    async def test_what_is_refused(self, house: House, trigger: str, expected: str) -> None:
        await house.begin("calendar: []")
        assert await house.rig.load(f"- id: a\n  triggers: [{trigger}]\n  actions: []\n") == [expected]

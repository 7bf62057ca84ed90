"""What is wrong is logged once and retained as long as it is so."""

from __future__ import annotations

import logging

import msgspec
import pytest

from arvisd.config import Problem
from arvisd.core.bus import Message
from arvisd.core.events import Problems
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.known_problems import KnownProblems

WRONG = Problem("automations.yaml", 3, 5, "error", "there is no trigger 'mqqt'", "a")
DOUBTFUL = Problem("automations.yaml", 7, 1, "warning", "there is no action 'light.turn_onn'")


def published(hub: Hub, owner: Owner) -> list[list[str]]:
    seen: list[list[str]] = []

    def note(message: Message) -> None:
        seen.append([entry.message for entry in message.decode(Problems).problems])

    hub.bus.subscribe(hub.topics.problems, note, owner)
    return seen


async def test_each_is_said_once(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    async with Owner("test") as owner:
        seen = published(hub, owner)
        known = KnownProblems(hub)
        with caplog.at_level(logging.WARNING):
            known.say([WRONG, DOUBTFUL, DOUBTFUL])
            known.say([DOUBTFUL, WRONG])
            known.say([WRONG])
            known.say([WRONG])
        assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
            ("ERROR", "automations.yaml:3:5: there is no trigger 'mqqt'"),
            ("WARNING", "automations.yaml:7:1: there is no action 'light.turn_onn'"),
        ]
        assert seen == [
            [WRONG.message, DOUBTFUL.message],
            [DOUBTFUL.message, WRONG.message],
            [WRONG.message],
        ]


async def test_what_came_back_is_said_again(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    known = KnownProblems(hub)
    for problems in ([WRONG], [], [WRONG]):
        known.say(problems)
    assert len(caplog.records) == 2


async def test_what_is_found_at_work_stays_until_it_is_well(hub: Hub) -> None:
    async with Owner("test") as owner:
        seen = published(hub, owner)
        known = KnownProblems(hub)
        known.note("web", "the port 8177 is taken")
        known.note("web", "the port 8177 is taken")
        known.say([DOUBTFUL])
        known.note("web", "")
        known.note("web", "")
        assert seen == [
            ["the port 8177 is taken"],
            ["the port 8177 is taken", DOUBTFUL.message],
            [DOUBTFUL.message],
        ]


def test_what_only_moved_is_not_said_again(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    known = KnownProblems(hub)
    moved = [msgspec.structs.replace(problem, line=problem.line + 2) for problem in (WRONG, DOUBTFUL)]
    with caplog.at_level(logging.WARNING):
        known.say([WRONG, DOUBTFUL])
        known.say(moved)
        known.say([*moved, WRONG])
    assert [record.getMessage() for record in caplog.records] == [WRONG.located, DOUBTFUL.located, WRONG.located]


def test_many_warnings_that_are_alike_take_a_few_lines(hub: Hub, caplog: pytest.LogCaptureFixture) -> None:
    many = [
        msgspec.structs.replace(DOUBTFUL, line=line, message=f"there is no action 'a.b{line}'") for line in range(1, 50)
    ]
    with caplog.at_level(logging.WARNING):
        KnownProblems(hub).say(many)
    assert [record.getMessage() for record in caplog.records] == [
        "automations.yaml:1:1: there is no action 'a.b1'",
        "automations.yaml:2:1: there is no action 'a.b2'",
        "automations.yaml:3:1: there is no action 'a.b3'",
        "… and 46 more like these in automations.yaml: 'arvisd check --all' shows them",
    ]

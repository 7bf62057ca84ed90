"""All that is wrong now, of the configuration and at work: logged once, and retained for whoever looks."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection

from arvisd.config import Problem
from arvisd.config.gathering import gathered
from arvisd.core.events import ProblemEntry, Problems
from arvisd.core.hub import Hub

_LOGGER = logging.getLogger("arvisd.daemon")


class KnownProblems:
    """What `arvis/problems` says."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._said: frozenset[Problem] = frozenset()
        self._written: list[Problem] = []
        """What is wrong with the configuration, once each."""
        self._found: dict[str, Problem] = {}
        """What was found wrong at work, by what it is about."""
        self._told: Problems | None = None

    def say(self, problems: Collection[Problem]) -> None:
        """Take all that is wrong with the configuration now; log and publish what was not said before."""
        self._written = list(dict.fromkeys(problems))
        gone = Counter(map(_apart_from_its_line, self._said - frozenset(self._written)))
        fresh: list[Problem] = []
        for problem in self._written:
            if problem in self._said:
                continue
            if gone[_apart_from_its_line(problem)] > 0:  # a line above it was added or taken away
                gone[_apart_from_its_line(problem)] -= 1
                continue
            fresh.append(problem)
            self._hub.report(problem.severity, "configuration", problem.located)
            if problem.severity == "error":
                _LOGGER.error("%s", problem.located)
        for line in gathered([p for p in fresh if p.severity == "warning"], "'arvisd check --all' shows them"):
            _LOGGER.warning("%s", line.replace("warning: ", "", 1))
        self._said = frozenset(self._written)
        self._publish()

    def note(self, about: str, message: str) -> None:
        """Keep something that was found wrong at work; an empty text: it is well again."""
        known = self._found.get(about)
        if (known.message if known is not None else "") == message:
            return
        if message:
            self._found[about] = Problem("", 0, 0, "error", message)
            _LOGGER.error("%s", message)
            self._hub.report("error", about, message)
        else:
            del self._found[about]
        self._publish()

    def _publish(self) -> None:
        """Publish all that is wrong now, where that has changed."""
        told = Problems(
            [
                ProblemEntry(p.file, p.line, p.column, p.severity, p.message, p.automation)
                for p in [*self._found.values(), *self._written]
            ]
        )
        if told != self._told:
            self._told = told
            self._hub.bus.publish(self._hub.topics.problems, told, retain=True)


def _apart_from_its_line(problem: Problem) -> tuple[str, str, str, str | None]:
    return problem.file, problem.severity, problem.message, problem.automation

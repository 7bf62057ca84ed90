"""Does the tests of a file, one after the other, each on a stage of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from arvisd.automation.errors import AutomationError
from arvisd.automation.rehearsal.document import Act, Case, Suite, Test
from arvisd.automation.rehearsal.expectation import Failure, Judge
from arvisd.automation.rehearsal.happening import happen
from arvisd.automation.rehearsal.house import (
    CaseError,
    House,
    Repertoire,
    file_house,
    of_blueprint,
    section_of,
)
from arvisd.automation.rehearsal.stage import Stage, staged
from arvisd.automation.trace import TraceRecord
from arvisd.config.nodes import Mark, mark_of
from arvisd.config.problems import Problem
from arvisd.config.validate import Validated, validate

REAL_SECONDS = 20.0
"""How long one test may take in truth: one that waits for what never comes is cut off."""


class Result(msgspec.Struct, frozen=True):
    """What came of one test."""

    name: str
    file: str
    line: int
    outcome: Literal["passed", "failed", "skipped"]
    failures: list[Failure]
    warnings: list[str]
    """What may be a mistake: actions that nobody here knows, responses that nobody asked for."""
    traces: list[TraceRecord]
    """Of all runs, and of what led to none."""
    reason: str = ""
    """Why it is skipped."""


async def rehearse(suite: Suite, house: House, folder: Path, repertoires: dict[str, Repertoire]) -> list[Result]:
    """Do all tests of a file.

    Args:
        suite: the file.
        house: the configuration that its tests are about.
        folder: the folder from which files are named in messages.
        repertoires: by file the automations that were read before; the configuration's under an empty name.
    """
    assert suite.file is not None
    problems: list[Problem] = []
    name = ""
    if suite.file.file is not None:
        path = (suite.path.parent / suite.file.file).absolute()
        name = str(path)
        if name not in repertoires:
            house, problems = file_house(house, folder, path)
            repertoires[name] = Repertoire(house)
            suite.problems.extend(problems)
    elif name not in repertoires:
        repertoires[name] = Repertoire(house)
    return [await perform(test, repertoires[name]) for test in suite.tests]


async def perform(test: Test, repertoire: Repertoire) -> Result:
    """Do one test."""
    case = test.case
    mark = test.mark
    if case.skip is not None:
        return Result(case.name, mark.file, mark.line, "skipped", [], [], [], case.skip)
    failures: list[Failure] = []
    warnings: list[str] = []
    traces: list[TraceRecord] = []
    try:
        async with asyncio.timeout(REAL_SECONDS):
            automations, scripts = _documents(test, repertoire)
            async with staged(repertoire.house, case.given) as stage:
                judge = Judge(stage, mark)
                problems = await stage.open(automations, scripts)
                judge.problems(problems)
                judge.window.close()
                if not judge.failures:
                    await _play(stage, judge, test)
                failures = judge.failures
                if stage.hub.bus.failures:
                    failures.append(_failure(mark, "something on the stage failed: see the log (--verbose)"))
                warnings = _warnings(stage, test, problems)
                traces = _traces(stage)
    except CaseError as error:
        failures.append(_failure(mark, str(error)))
    except AutomationError as error:
        failures.append(_failure(mark, str(error)))
    except TimeoutError:
        failures.append(_failure(mark, f"it did not end within {REAL_SECONDS:g} s"))
    return Result(case.name, mark.file, mark.line, "failed" if failures else "passed", failures, warnings, traces)


async def _play(stage: Stage, judge: Judge, test: Test) -> None:
    case = test.case
    acts: list[tuple[Any, Any, Any, Any]] = []
    if case.when is not None or case.expect is not None or case.expect_not is not None:
        acts.append((case.when, case.expect, case.expect_not, test.node))
    for index, node in enumerate(case.steps):
        read: Validated[Act] = validate(node, Act, f"steps[{index}]", case.steps, index)
        judge.problems(read.problems)
        if read.value is not None:
            acts.append((read.value.when, read.value.expect, read.value.expect_not, node))
    for when, expect, expect_not, container in acts:
        items = when if isinstance(when, list) else [] if when is None else [when]
        for index, item in enumerate(items):
            holder, key = (when, index) if isinstance(when, list) else (container, "when")
            if isinstance(item, dict) and set(item) <= {"expect", "expect_not"} and item:
                judge.judge(item.get("expect"), item.get("expect_not"), item)
                continue
            try:
                await happen(stage, item, holder, key)
            except CaseError as error:
                judge.failures.append(_failure(mark_of(holder, key), str(error)))
                return
        if expect is not None or expect_not is not None:
            judge.judge(expect, expect_not, container)
        if judge.failures:
            return  # what comes later follows from it
    judge.look_for_faults()


def _documents(test: Test, repertoire: Repertoire) -> tuple[Any, Any]:
    """Return the sections `automation` and `script` of a test."""
    case: Case = test.case
    if case.blueprint is not None:
        node = of_blueprint(case.blueprint, test.node["blueprint"])
        scripts = repertoire.scripts_for(node, case.script or ())
        if case.blueprint.domain == "automation":
            return [node], scripts
        return [], {**scripts, **node}
    if case.automation is None and case.script is not None:
        documents: list[Any] = []
    else:
        documents = repertoire.find(case.automation)
    repertoire.note(documents)
    section = section_of(documents)
    called = [test.node.get(key) for key in ("when", "steps")]
    return section, repertoire.scripts_for([section, called], case.script or ())


def _warnings(stage: Stage, test: Test, problems: Sequence[Problem]) -> list[str]:
    said = [
        str(problem).replace("warning: ", "", 1)
        for problem in problems
        if problem.severity == "warning" and not problem.message.startswith("there is no action")  # said below, once
    ]
    guessed = [
        f"there is no action {name!r} here: what it is told was not checked" for name in sorted(stage.actions.guessed)
    ]
    given = test.node.get("given") or {}
    own = given.get("responses") or {}  # those for the whole file are not needed by every test
    unused = [
        f"the action {name!r} was never called: its response was not needed"
        for name in stage.actions.unused
        if name in own
    ]
    return [*said, *guessed, *unused]


def _traces(stage: Stage) -> list[TraceRecord]:
    found = [run.trace.record(automation.id, automation.entity_id) for automation, run in stage.runs]
    known = {record.run for record in found}
    engine = stage.engine
    for info in (*engine.list(), *engine.list_scripts()):
        found += [record for record in engine.traces(info.entity_id) if record.run not in known]
    return sorted(found, key=lambda record: record.started)


def _failure(mark: Mark, message: str) -> Failure:
    return Failure(mark.file, mark.line, mark.column, message)


def untested(repertoires: Sequence[Repertoire]) -> list[tuple[str, Mark]]:
    """Return name and place of each automation that no test was about."""
    return [(document.label, document.mark) for each in repertoires for document in each.without_test]

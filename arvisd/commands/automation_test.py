"""`arvisd automation test`: tries automations without a daemon, and says where an expectation was not met."""

from __future__ import annotations

import argparse
import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path

import msgspec

from arvisd.automation.registry import TriggerType
from arvisd.automation.rehearsal.document import Suite, read_suite
from arvisd.automation.rehearsal.finding import configuration_of, test_files
from arvisd.automation.rehearsal.house import House, Repertoire
from arvisd.automation.rehearsal.rehearsal import Result, rehearse, untested
from arvisd.automation.trace import TraceRecord
from arvisd.commands.connection import say
from arvisd.commands.trace_tree import tree
from arvisd.config import Problem, errors_in
from arvisd.config.folders import config_folder
from arvisd.config.loader import MAIN
from arvisd.core.errors import ArvisError
from arvisd.home.settings import HomeSettings

FEW = 5
"""Automations without a test that are named without `--verbose`."""


class Untested(msgspec.Struct, frozen=True):
    """An automation without a test."""

    automation: str
    file: str
    line: int


class Report(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    passed: int
    failed: int
    skipped: int
    tests: list[Result]
    problems: list[Problem]
    """What is wrong with the test files themselves."""
    untested: list[Untested]


def run(options: argparse.Namespace) -> int:
    """Do the tests; return 0 when all pass, 1 when one fails, 2 when a file cannot be read or holds none."""
    if options.verbose:
        logging.getLogger().setLevel(logging.WARNING)
    try:
        files = test_files(options.paths)
        report = asyncio.run(_report(files, options.config))
    except ArvisError as failure:
        say(f"arvisd: {failure}")
        return 2
    if options.json:
        print(msgspec.json.encode(report).decode())
    else:
        _print(report, verbose=options.verbose)
    if errors_in(report.problems) or not report.tests:
        return 2
    return 1 if report.failed else 0


async def _report(files: list[Path], chosen: Path | None) -> Report:
    here = Path.cwd()
    houses: dict[Path | None, House] = {}
    repertoires: dict[Path | None, dict[str, Repertoire]] = {}
    results: list[Result] = []
    problems: list[Problem] = []
    for file in files:
        suite = read_suite(here, file)
        if suite.file is not None:
            folder = _folder_for(suite, chosen)
            if folder not in houses:
                houses[folder] = house_of(folder)
            results += await rehearse(suite, houses[folder], here, repertoires.setdefault(folder, {}))
        problems += suite.problems
    known = [one for each in repertoires.values() for one in each.values()]
    return Report(
        passed=sum(result.outcome == "passed" for result in results),
        failed=sum(result.outcome == "failed" for result in results),
        skipped=sum(result.outcome == "skipped" for result in results),
        tests=results,
        problems=problems,
        untested=[Untested(name, mark.file, mark.line) for name, mark in untested(known)],
    )


def _folder_for(suite: Suite, chosen: Path | None) -> Path | None:
    """Return the configuration folder that a file of tests is about."""
    if chosen is not None:
        return chosen.absolute()
    near = configuration_of(suite.path)
    if near is not None or (suite.file is not None and suite.file.file is not None):
        return near
    folder = config_folder()
    return folder if (folder / MAIN).is_file() else None


def house_of(folder: Path | None) -> House:
    """Return what automations see of a configuration; without one, of none."""
    from arvisd.assist import triggers as assist_triggers

    further: list[TriggerType] = [*assist_triggers.TYPES]
    if folder is None:
        return House(further=further)
    from arvisd.config.settings import ArvisdSettings
    from arvisd.configuration import Configuration
    from arvisd.inspection import integration_triggers
    from arvisd.integrations.discovery import discover

    found = discover(folder)
    configuration = Configuration(folder)
    configuration.read(found)
    errors = errors_in(configuration.problems)
    if errors:
        say(f"{folder}: {len(errors)} errors in the configuration, the first: {errors[0]}")
    for integration in found.values():
        further += integration_triggers(configuration, integration)
    settings = configuration.section("arvisd", ArvisdSettings)
    return House(
        folder=folder,
        automation=configuration.automation,
        script=configuration.script,
        helpers=configuration.helper_sections(),
        commands=configuration.command_sections(),
        home=configuration.section("home", HomeSettings),
        coordinates=configuration.coordinates,
        timezone=settings.timezone,
        language=settings.language,
        further=further,
    )


def _print(report: Report, *, verbose: bool) -> None:
    for problem in report.problems:
        say(str(problem))
    for result in report.tests:
        if result.outcome == "failed" or verbose:
            _print_result(result, verbose=verbose)
    total = [f"{report.passed} passed"]
    if report.failed:
        total.append(f"{report.failed} failed")
    if report.skipped:
        total.append(f"{report.skipped} left out")
    print(", ".join(total))
    warnings = dict.fromkeys(warning for result in report.tests for warning in result.warnings)
    for warning in warnings:
        print(f"warning: {warning}")
    if report.untested:
        print(_coverage(report.untested, verbose=verbose))


def _print_result(result: Result, *, verbose: bool) -> None:
    mark = {"passed": "✓", "failed": "✗", "skipped": "-"}[result.outcome]
    reason = f": {result.reason}" if result.reason else ""
    print(f"{mark} {result.name}{reason}  {result.file}:{result.line}")
    for failure in result.failures:
        where = ":".join(str(part) for part in (failure.file, failure.line, failure.column) if part)
        print(f"  {where}: {failure.message}")
        _print_indented(failure.came, "      ")
    if result.failures or verbose:
        for record in result.traces:
            _print_indented(tree(on_stage(record), on_stage(record).started), "    ")
    if result.failures:
        print()


def on_stage(record: TraceRecord) -> TraceRecord:
    """Return a trace whose times are shown as the clock of the test had them, not in the zone of the machine."""
    finished = None if record.finished is None else record.finished.replace(tzinfo=None)
    return msgspec.structs.replace(record, started=record.started.replace(tzinfo=None), finished=finished)


def _print_indented(lines: Iterable[str], indent: str) -> None:
    for line in lines:
        print(f"{indent}{line}")


def _coverage(without: list[Untested], *, verbose: bool) -> str:
    """Say which automations have no test."""
    said = [f"{each.automation} ({each.file}:{each.line})" for each in without]
    if verbose or len(said) <= FEW:
        return f"without a test: {', '.join(said)}"
    return f"without a test: {len(said)} automations: {', '.join(said[:FEW])}, … (all: --verbose)"

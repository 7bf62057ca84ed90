"""`arvisd sentences test`: sentences that people say, what they must mean and what is answered, without a daemon."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from arvisd.commands.connection import say, show
from arvisd.config.folders import config_folder
from arvisd.core.errors import ArvisError
from arvisd.intent.sentence_tests.run import Failure, Report, run_tests


class Printed(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    passed: int
    failed: int
    failures: list[Failure]
    sentences: dict[str, str]
    """Which sentences they were read with, by language."""
    problems: list[Any]


def run(options: argparse.Namespace) -> int:
    """Run the tests of a folder; return 1 when a sentence failed or a file could not be read."""
    if not options.folder.exists():
        raise ArvisError(f"there is no {options.folder}")
    report = run_tests(
        options.folder,
        options.language,
        config_folder(),
        installed=options.installed,
        done=_progress if options.verbose and not options.json else lambda *_: None,
    )
    if not report.passed and not report.failed and not report.problems:
        asked = f" in {options.language!r}" if options.language else ""
        raise ArvisError(
            f"there are no tests{asked} in {options.folder}: a file of tests holds 'language:' and 'tests:'"
        )
    if options.json:
        printed = Printed(report.passed, report.failed, report.failures, report.sentences, report.problems)
        show(printed, json=True)
    else:
        _print(report)
    return 1 if report.failed or report.unread else 0


def _print(report: Report) -> None:
    for problem in report.problems:
        say(str(problem))
    for failure in report.failures:
        show(str(failure), json=False)
    for language, origin in report.sentences.items():
        say(f"{language}: read with the sentences of {origin}, arvisd's and yours")
    worded = sum(failure.only_answer for failure in report.failures)
    others = f" ({worded} of them only in the words of the answer)" if worded else ""
    show(f"{report.passed} passed, {report.failed} failed{others}", json=False)


def _progress(path: str, passed: int, failed: int) -> None:
    show(f"{path}: {passed} passed{f', {failed} FAILED' if failed else ''}", json=False)

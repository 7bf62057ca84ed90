"""`arvisd check`: every problem of the configuration, without starting anything."""

from __future__ import annotations

import argparse
import sys

import msgspec

from arvisd.config import Problem, errors_in
from arvisd.config.folders import config_folder
from arvisd.config.gathering import gathered
from arvisd.config.loader import MAIN
from arvisd.core.errors import ArvisError
from arvisd.inspection import inspect


class Report(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    problems: list[Problem]


def run(options: argparse.Namespace) -> int:
    """Print each problem as `FILE:LINE:COL: message`, errors first; return 1 when one of them is an error."""
    folder = config_folder()
    if not (folder / MAIN).exists():
        raise ArvisError(
            f"there is no {MAIN} in {folder}: 'arvisd run' writes a first one, or name a folder by --config"
        )
    problems = sorted(inspect(folder), key=lambda problem: problem.severity)
    errors = errors_in(problems)
    if options.json:
        print(msgspec.json.encode(Report(problems)).decode())
    else:
        for line in problems if options.all else gathered(problems, "'--all' shows them"):
            print(line)
        warnings = len(problems) - len(errors)
        summary = f"{_counted(len(errors), 'error')}, {_counted(warnings, 'warning')}" if problems else "no problems"
        print(f"{folder}: {summary}", file=sys.stderr)
    return 1 if errors else 0


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

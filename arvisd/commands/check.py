"""`arvisd check`: every problem of the configuration, without starting anything."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence

import msgspec

from arvisd.config import Problem, errors_in
from arvisd.config.folders import config_folder
from arvisd.config.loader import MAIN
from arvisd.core.errors import ArvisError
from arvisd.inspection import inspect

SHOWN = 3
"""So many problems of one kind are printed, where there are more than one line could stand for."""
_NAMED = re.compile(r"'[^']*'")


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
        for line in problems if options.all else gathered(problems):
            print(line)
        summary = f"{len(errors)} errors, {len(problems) - len(errors)} warnings" if problems else "no problems"
        print(f"{folder}: {summary}", file=sys.stderr)
    return 1 if errors else 0


def gathered(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield the lines for a reader; of many problems that differ in names only, the first few and where the others are.

    Somebody who brings a house of Home Assistant has a hundred sensors of one platform that stays there.
    """
    kinds: dict[str, list[Problem]] = {}
    for problem in problems:
        kinds.setdefault(problem.severity + _NAMED.sub("''", problem.message), []).append(problem)
    for alike in kinds.values():
        few = alike if len(alike) <= SHOWN + 1 else alike[:SHOWN]
        yield from map(str, few)
        rest = alike[len(few) :]
        if rest:
            files = list(dict.fromkeys(problem.file for problem in rest))
            named = ", ".join(files[:SHOWN]) + (f" and {len(files) - SHOWN} other files" if len(files) > SHOWN else "")
            yield f"… and {len(rest)} more like these in {named}: '--all' shows them"

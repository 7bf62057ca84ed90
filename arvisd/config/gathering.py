"""Many problems that are alike, said in a few lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from arvisd.config.problems import Problem

SHOWN = 3
"""So many problems of one kind are printed, where there are more than one line could stand for."""
_NAMED = re.compile(r"'[^']*'")


def gathered(problems: Sequence[Problem], rest_at: str) -> Iterator[str]:
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
            yield f"… and {len(rest)} more like these in {named}: {rest_at}"

"""What `arvisd check` prints of many problems."""

from __future__ import annotations

from arvisd.config.gathering import gathered
from arvisd.config.problems import Problem


def problem(line: int, message: str, file: str = "a.yaml") -> Problem:
    return Problem(file, line, 1, "warning", message)


def test_a_few_are_all_shown() -> None:
    few = [problem(line, f"'{line}' is odd") for line in range(1, 5)]
    assert list(gathered([*few, problem(9, "else")], "")) == [*map(str, few), "a.yaml:9:1: warning: else"]


def test_of_many_that_are_alike_the_first_and_where_the_others_are() -> None:
    many = [problem(line, f"'{line}' is odd", f"{line % 5}.yaml") for line in range(1, 31)]
    assert list(gathered([*many[:2], problem(9, "else"), *many[2:]], "'--all' shows them")) == [
        *map(str, many[:3]),
        "… and 27 more like these in 4.yaml, 0.yaml, 1.yaml and 2 other files: '--all' shows them",
        "a.yaml:9:1: warning: else",
    ]

"""Finds and reads files of sentence tests: a file of many tests beside `_fixtures.yaml`, or one a slot combination."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from arvisd.config.document import Composer, LimitError, TextError
from arvisd.config.files import FileError, decode, read_bytes
from arvisd.config.nodes import NOWHERE, Mark, Origin, mark_at, plain
from arvisd.config.problems import Problem, error
from arvisd.intent.sentence_tests.case import Case, TestFile

FIXTURES = "_fixtures.yaml"
HOUSE = ("floors", "areas", "entities", "timers", "media")
"""Keys of a house, in `_fixtures.yaml` or in the file itself."""
EXPECTED_FAILURES = "_test_failures.yaml"


class Found:
    """What a folder holds."""

    def __init__(self) -> None:
        self.files: list[TestFile] = []
        self.problems: list[Problem] = []
        """Of files that could not be read or hold no tests where tests were expected."""


def find(folder: Path, language: str = "") -> Found:
    """Read all files of tests in a folder and below, or one file.

    Args:
        folder: of one language, of several, of a whole release with `tests/` in it, or one file.
        language: take only the files of this one; also that of files which say none.
    """
    found = Found()
    fixtures: dict[Path, Any] = {}
    for path in _paths(folder):
        tree = _composed(path, found.problems)
        if not isinstance(tree, dict) or "tests" not in tree:
            continue
        spoken = str(tree.get("language") or language)
        if language and spoken != language:
            continue
        if not spoken:
            found.problems.append(error(Mark(str(path), 1, 1), "say the language of these tests: 'language: en'"))
            continue
        cases = tuple(_cases(path, tree, found.problems))
        own = {key: plain(tree[key]) for key in HOUSE if tree.get(key)}
        found.files.append(TestFile(str(path), spoken, own or _fixtures(path, fixtures, found.problems), cases))
    return found


def _paths(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    inside = folder / "tests"
    return sorted(p for p in (inside if inside.is_dir() else folder).rglob("*.yaml") if not p.name.startswith("_"))


def _composed(path: Path, problems: list[Problem]) -> Any:
    """Return a file with its marks; None, and why, where it cannot be read."""
    try:
        composer = Composer(decode(read_bytes(path)), Origin(str(path)), {})
        tree = composer.compose()
    except FileError as failure:
        problems.append(error(Mark(str(path), failure.line, failure.column), failure.message))
        return None
    except (TextError, LimitError) as failure:
        problems.append(failure.problem)
        return None
    problems.extend(composer.problems)
    return tree


def _fixtures(path: Path, known: dict[Path, Any], problems: list[Problem]) -> dict[str, Any]:
    """Return the house beside a file, or in the folder above it for a file in the folder of an intent."""
    for folder in path.parents[:2]:
        file = folder / FIXTURES
        if file not in known:
            known[file] = plain(_composed(file, problems)) if file.exists() else None
        if isinstance(known[file], dict):
            house: dict[str, Any] = known[file]
            return house
    return {}


def _cases(path: Path, tree: Any, problems: list[Problem]) -> Iterator[Case]:
    tests = tree["tests"] if isinstance(tree["tests"], list) else []
    if not isinstance(tree["tests"], list):
        problems.append(error(mark_at(tree, ["tests"]), "'tests:' must hold a list of tests"))
    for index, test in enumerate(tests):
        place = mark_at(tree, ["tests", index])
        if not isinstance(test, dict) or not isinstance(test.get("sentences"), list):
            problems.append(error(place, "a test needs 'sentences:' with a list of sentences"))
            continue
        intent = test.get("intent")
        whole = plain(intent) if isinstance(intent, dict) else {"name": intent} if isinstance(intent, str) else {}
        newer = not isinstance(intent, dict) or whole.get("name") == path.parent.name
        slots = whole.get("slots") or plain(test.get("slots")) or {}
        context = whole.get("context") or plain(test.get("context")) or {}
        if not isinstance(slots, dict) or not isinstance(context, dict):
            problems.append(error(place, "'slots:' and 'context:' must hold names with a value each"))
            continue
        for number, text in enumerate(test["sentences"]):
            yield Case(
                text=str(text),
                place=mark_at(tree, ["tests", index, "sentences", number]) or NOWHERE,
                intent=str(whole.get("name") or tree.get("intent") or path.parent.name),
                slots=slots,
                context=context,
                responses=_texts(test.get("response")),
                combination=path.stem if newer else "",
                timers=_listed(test, "timers"),
                media=_listed(test, "media"),
            )


def _listed(test: dict[str, Any], key: str) -> list[dict[str, Any]] | None:
    return list(plain(test[key]) or []) if key in test else None


def _texts(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    return tuple(str(text) for text in given) if isinstance(given, list) else (str(given),)

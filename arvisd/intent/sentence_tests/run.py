"""Runs files of sentence tests and tells what passed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from arvisd.config.problems import Problem
from arvisd.intent.recognition import NOWHERE, Recognition
from arvisd.intent.recognizer import Recognizer
from arvisd.intent.responses import Responses
from arvisd.intent.sentence_tests.answering import Answering, meant
from arvisd.intent.sentence_tests.case import Case, TestFile
from arvisd.intent.sentence_tests.house import House
from arvisd.intent.sentence_tests.judging import difference
from arvisd.intent.sentence_tests.reading import find
from arvisd.intent.sentence_tests.release import Release, in_both_layouts, release, root_of
from arvisd.intent.sentences import load


class Failure(msgspec.Struct, frozen=True):
    """A sentence that does not mean what its test says, or is not answered so."""

    file: str
    line: int
    language: str
    sentence: str
    expected: str
    """Intent and slots that the test names."""
    message: str
    """What is different."""
    only_answer: bool = False
    """It means what it should; only the words of the answer are others."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence!r} ({self.expected}): {self.message}"


class Report(msgspec.Struct, frozen=True):
    """What became of all tests."""

    passed: int
    failed: int
    failures: list[Failure]
    sentences: dict[str, str]
    """Which sentences they were read with, by language."""
    files: dict[str, tuple[int, int]] = {}
    """Passed and failed of each file."""
    unread: int = 0
    """How many problems are of the tests' own files."""
    problems: list[Problem] = []
    """Of files of tests, and of the sentences that they were read with."""


class Language:
    """One language, ready for tests."""

    def __init__(self, language: str, source: Release, config_folder: Path | None) -> None:
        """Load it; `source` is changed."""
        self.origin = source.origin
        templates = {intent: dict(texts) for intent, texts in source.responses.items()}
        self.sentences = load(language, config_folder, source.content)
        self.answering = Answering(templates, Responses(self.sentences))
        self._recognizer: Recognizer | None = None

    def recognizer(self, house: House) -> Recognizer:
        """Return the recogniser with the names of a house."""
        self._recognizer = (
            Recognizer(self.sentences, house.names)
            if self._recognizer is None
            else self._recognizer.renamed(house.names)
        )
        return self._recognizer


def run_tests(
    folder: Path,
    language: str = "",
    config_folder: Path | None = None,
    *,
    installed: bool = False,
    done: Callable[[str, int, int], object] = lambda *_: None,
) -> Report:
    """Run all tests in a folder and below.

    Args:
        folder: of one language, of several, or of a whole release.
        language: only this one; empty: all that there are.
        config_folder: the user's, whose `sentences/` are understood too; None: without.
        installed: read with the sentences that are installed, even where a release's own lie beside its tests.
        done: told of each file that is done, with how many passed and failed.
    """
    found = find(folder, language)
    report = run_files(found.files, folder, config_folder, installed=installed, done=done)
    return msgspec.structs.replace(report, unread=len(found.problems), problems=[*found.problems, *report.problems])


def run_files(
    found: list[TestFile],
    folder: Path,
    config_folder: Path | None = None,
    *,
    installed: bool = False,
    done: Callable[[str, int, int], object] = lambda *_: None,
) -> Report:
    """Run tests that have been read; `folder` is where they are, for the sentences beside them."""
    languages: dict[tuple[str, bool], Language] = {}
    failures: list[Failure] = []
    files: dict[str, tuple[int, int]] = {}
    problems: list[Problem] = []
    houses: dict[int, House] = {}
    for file in found:
        root = None if installed else root_of(folder, file.language)
        # of a release in both layouts, tests of slot combinations are read with the sentences of those first
        newer = root is not None and file.newer and in_both_layouts(root, file.language)
        readers = []
        for only_newer in (True, False) if newer else (False,):
            key = (file.language, only_newer)
            if key not in languages:
                source = release(root, file.language, only_newer=only_newer)
                languages[key] = Language(file.language, source, config_folder)
                problems += [] if only_newer else languages[key].sentences.problems
            readers.append(languages[key])
        house = houses.get(id(file.house)) or House(file.house, file.language)
        houses[id(file.house)] = house
        wrong = list(_failures(file, readers, house))
        failures += wrong
        files[file.path] = (len(file.cases) - len(wrong), len(wrong))
        done(file.path, *files[file.path])
    total = sum(len(file.cases) for file in found)
    origins = {name: ready.origin for (name, _), ready in languages.items()}
    return Report(total - len(failures), len(failures), failures, origins, files, problems=problems)


def _failures(file: TestFile, readers: list[Language], house: House) -> Iterator[Failure]:
    for case in file.cases:
        judged = [_judge(case, reader.recognizer(house), reader.answering, house) for reader in readers]
        if all(not one.passed for one in judged):
            verdict = judged[-1]
            slots = "".join(f" {name}={value!r}" for name, value in case.slots.items())
            yield Failure(
                file=case.place.file,
                line=case.place.line,
                language=file.language,
                sentence=case.text,
                expected=f"{case.intent}{slots}",
                message=verdict.meaning or verdict.answer,
                only_answer=not verdict.meaning,
            )


class _Verdict(msgspec.Struct, frozen=True):
    """What is wrong with the best reading of a sentence; empty: nothing."""

    meaning: str = ""
    answer: str = ""

    @property
    def passed(self) -> bool:
        return not self.meaning and not self.answer


def _judge(case: Case, recognizer: Recognizer, answering: Answering, house: House) -> _Verdict:
    said_in = case.context.get("area")
    area = house.area_called(str(said_in)) if said_in else house.here or NOWHERE
    readings = recognizer.recognize(case.text, area, bare=True)
    best = next(iter(readings), None)
    message = difference(best, case, house)
    if best is not None and message:
        best = _same_said_otherwise(best, readings, case, house)
    if best is None:
        return _Verdict(meaning=message)
    wanted = [" ".join(text.split()) for text in case.responses]
    if not wanted or _response_slot(best) in wanted or (said := answering.answer(best, case, house)) in wanted:
        return _Verdict()
    return _Verdict(answer=f"the answer should be {' or '.join(map(repr, wanted))}, is {said!r}")


def _same_said_otherwise(
    best: Recognition, readings: list[Recognition], case: Case, house: House
) -> Recognition | None:
    """Return the reading that is expected, where the best one means the very same things.

    The best one may have a thing's name where the test expects its kind: "the curtain" is called Curtain.
    """
    things = meant(best, case, house)
    return next(
        (
            other
            for other in readings
            if other.intent == best.intent
            and not difference(other, case, house)
            and things == meant(other, case, house) != set()
        ),
        None,
    )


def _response_slot(reading: Recognition) -> Any:
    """Return the answer that a sentence of the intent HassRespond brings with it."""
    return reading.value("response") if reading.intent == "HassRespond" else None

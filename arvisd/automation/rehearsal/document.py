"""What a test file holds: given states, what happens, and what is expected then."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from arvisd.config.document import Broken, LimitError
from arvisd.config.files import TEST_FILE, name_in
from arvisd.config.loader import Load
from arvisd.config.nodes import Mark, mark_of
from arvisd.config.problems import Problem, error
from arvisd.config.validate import ONE_OR_MANY, Validated, validate

SUFFIXES = (TEST_FILE, ".test.yml")
"""Names of test files end so; a folder's automations are read without them."""
Outcome = Literal[
    "finished",
    "running",
    "cancelled",
    "aborted",
    "error",
    "failed_conditions",
    "failed_single",
    "failed_max_runs",
    "not_triggered",
    "disallowed_recursion",
    "none",
]
"""How a run ended, as in its trace; `running`: it goes on; `none`: there was no run, and no trigger saw anything."""
Names = Annotated[list[str], ONE_OR_MANY]


class Location(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the house is, for the sun."""

    latitude: float
    longitude: float
    elevation: float = 0.0


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How things stand when a test begins."""

    time: str | None = None
    """What the clock shows: `2026-03-29T21:30`, or only `21:30`."""
    timezone: str | None = None
    """Zone of the house: `Europe/Berlin`. Without: the configuration's, else UTC."""
    location: Location | None = None
    language: Literal["en", "ru"] | None = None
    """Language of sentences, where they do not say."""
    states: dict[str, Any] = msgspec.field(default_factory=dict)
    """By entity: its state, or `{state, attributes, since, area, labels}`."""
    helpers: dict[str, Any] = msgspec.field(default_factory=dict)
    """Sections of helpers, such as `input_boolean:`, besides those of the configuration."""
    variables: dict[str, Any] = msgspec.field(default_factory=dict)
    """Variables of every run that the test begins itself, by `trigger` or `call`."""
    responses: dict[str, Any] = msgspec.field(default_factory=dict)
    """By action: what becomes of a call, `{returns, fails, after, states}`, or a list of them, one for each call."""


class StateGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The state of an entity, written out."""

    state: Any = "unknown"
    attributes: dict[str, Any] = msgspec.field(default_factory=dict)
    since: Any = "01:00:00"
    """How long it has been so."""
    area: str | None = None
    """The area that it is in."""
    labels: list[str] = msgspec.field(default_factory=list)


class Response(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of a call of an action."""

    returns: Any = None
    """What `response_variable` takes."""
    fails: str | None = None
    """It fails, and this is the error."""
    after: Any = None
    """How long it takes."""
    states: dict[str, Any] = msgspec.field(default_factory=dict)
    """States that are so afterwards: what the device reports."""


class UsedBlueprint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A blueprint under test."""

    path: str
    """As `use_blueprint` names it."""
    input: dict[str, Any] = msgspec.field(default_factory=dict)
    domain: Literal["automation", "script"] = "automation"


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One test."""

    name: str
    """What it shows, in words."""
    automation: Names | None = None
    """Which automations listen: by id, alias or entity id. Without: all."""
    script: Names | None = None
    """Which scripts are there besides those that are called."""
    blueprint: UsedBlueprint | None = None
    """An automation or a script is made of this blueprint."""
    given: Given = msgspec.field(default_factory=Given)
    when: Any = None
    """What happens: one thing or a list."""
    expect: Any = None
    """What is expected then: a list of all actions, or a mapping."""
    expect_not: Any = None
    """Actions that must not have been called."""
    steps: list[Any] = msgspec.field(default_factory=list)
    """Several pairs of `when` and `expect`, one after the other."""
    skip: str | None = None
    """Why it is left out for now."""


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the `steps` of a test."""

    when: Any = None
    expect: Any = None
    expect_not: Any = None


class Expected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is expected, written as a mapping; each key looks at what happened since the last `expect`."""

    exactly: list[Any] | None = None
    """These actions in this order, and no other."""
    actions: list[Any] | None = None
    """These actions in this order; others may come before, between and after."""
    unordered: list[Any] | None = None
    """These actions in any order; others may come too."""
    not_: Annotated[list[Any] | None, ONE_OR_MANY] = msgspec.field(default=None, name="not")
    """None of these actions."""
    published: list[Any] | None = None
    """MQTT messages that were sent, in this order: `{topic, payload, retain}`."""
    states: dict[str, Any] | None = None
    """States of helpers, scripts and automations; of other entities only a test changes the state."""
    outcome: Outcome | None = None
    """How the latest run ended."""
    reason: str | None = None
    """Is found in the reason of that."""
    runs: int | None = None
    """How many runs began."""
    response: Any = None
    """What was answered to the speaker."""
    result: Any = None
    """What the script gave back."""


class TestFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of tests."""

    __test__ = False

    tests: list[Any]
    """See Case."""
    file: str | None = None
    """The automations under test, beside this file: a list of automations, or a mapping with `automation:` and `script:`.
    Without: those of the configuration folder."""
    automation: Names | None = None
    """For tests that do not say."""
    given: dict[str, Any] = msgspec.field(default_factory=dict)
    """For all tests; each may say more, or otherwise."""


class Test(msgspec.Struct, frozen=True, eq=False):
    """One test, and where it is written."""

    __test__ = False

    case: Case
    node: dict[str, Any]
    mark: Mark


class Suite(msgspec.Struct, frozen=True, eq=False):
    """A test file that was read."""

    path: Path
    file: TestFile | None
    """None: it cannot be read."""
    tests: list[Test]
    problems: list[Problem]


def read_yaml(folder: Path, path: Path) -> tuple[Any, list[Problem]]:
    """Return what a YAML file holds and what is wrong with it; files are named as seen from `folder`."""
    return _FileLoad(folder, {}, None).read(path)


class _FileLoad(Load):
    def read(self, path: Path) -> tuple[Any, list[Problem]]:
        try:
            value, _ = self._file(path.absolute(), None, 0)
        except LimitError as failure:
            return Broken(str(failure)), [failure.problem]
        return value, self.problems


def read_suite(folder: Path, path: Path) -> Suite:
    """Return the tests of a file; what is wrong with it is among its problems.

    Args:
        folder: the folder from which files are named in messages.
        path: the file.
    """
    node, problems = read_yaml(folder, path)
    if isinstance(node, list):
        container: Any = {"tests": node}
    elif isinstance(node, dict):
        container = node
    else:
        name = name_in(folder, path.absolute())
        if not problems:
            problems = [
                error(Mark(name, 1, 1), "a test file holds 'tests:', a list of them: see docs/automation-tests.md")
            ]
        return Suite(path, None, [], problems)
    read: Validated[TestFile] = validate(container, TestFile)
    problems += read.problems
    if read.value is None:
        return Suite(path, None, [], problems)
    listed = container["tests"]
    tests: list[Test] = []
    for index, item in enumerate(listed if isinstance(listed, list) else []):
        found: Validated[Case] = validate(_with_shared(item, read.value), Case, "test", listed, index)
        problems += found.problems
        if found.value is not None:
            tests.append(Test(found.value, item, mark_of(listed, index)))
    return Suite(path, read.value, tests, problems)


def _with_shared(item: Any, file: TestFile) -> Any:
    """Return a test's node with what the file says for all of its tests."""
    if not isinstance(item, dict):
        return item
    from arvisd.automation.blueprints.nodes import copied

    given = item.get("given")
    if not file.given and (file.automation is None or "automation" in item):
        return item
    whole = copied(item)
    if file.automation is not None and not {"automation", "blueprint", "script"} & set(item):
        whole["automation"] = file.automation
    if file.given and (given is None or isinstance(given, dict)):
        whole["given"] = _joined(file.given, given or {})
    return whole


def _joined(shared: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return two `given` as one: mappings in them are joined by key, the test's own entries win."""
    from arvisd.automation.blueprints.nodes import copied

    both = copied(own)
    for key, value in shared.items():
        if key not in own:
            both[key] = value
            if key in getattr(shared, "places", {}) and hasattr(both, "places"):
                both.places[key] = shared.places[key]  # type: ignore[attr-defined]
        elif isinstance(value, dict) and isinstance(own[key], dict):
            both[key] = _joined(value, own[key])
    return both

"""The documents: an automation as it is written, and the section that holds them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from arvisd.automation.blueprints.shelf import Shelf
from arvisd.automation.builder_lists import listed
from arvisd.automation.lateness import MissedRule
from arvisd.config.document import Broken
from arvisd.config.nodes import Mark, mark_of
from arvisd.config.problems import Problem, error
from arvisd.config.validate import Validated, validate

Mode = Literal["single", "restart", "queued", "parallel"]
MaxExceeded = Literal["silent", "debug", "info", "warning", "error", "critical", "fatal", "warn", "notset"]

DEFAULT_MAX = 10
STORED_TRACES = 5
NAMELESS = "automation without alias"


class TraceOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much is kept of what ran."""

    stored_traces: int = STORED_TRACES
    """Runs, and as many triggers that led to none."""


class RunDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What automations and scripts have in common: how they are called, how they run, what is kept of it."""

    alias: str | None = None
    """What people call it."""
    description: str | None = None
    mode: Mode = "single"
    """What becomes of a further start while a run goes on."""
    max: int = DEFAULT_MAX
    """How many runs may go on or queue, for `queued` and `parallel`."""
    max_exceeded: MaxExceeded = "warning"
    """How loudly a start too many is logged."""
    variables: dict[str, Any] = msgspec.field(default_factory=dict)
    """Rendered when a run begins."""
    missed: MissedRule | None = None
    """What becomes of a time, or of the rest of a wait, that passed while the daemon was off."""
    note: Any = None
    trace: TraceOptions = msgspec.field(default_factory=TraceOptions)
    use_blueprint: Any = None


class AutomationDocument(RunDocument, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One automation; where two spellings are given here, either may be written. Its entity is named after its alias."""

    id: str | int | None = None
    """Names it in topics and over edits; without one it is told by its content."""
    triggers: Any = None
    trigger: Any = None
    conditions: Any = None
    condition: Any = None
    actions: Any = None
    action: Any = None
    trigger_variables: dict[str, Any] = msgspec.field(default_factory=dict)
    """Rendered at load, for the triggers."""
    initial_state: bool | None = None
    """Whether it is on after a start."""
    hide_entity: Any = None
    """Long without a meaning; not read."""


SPELLINGS = (("triggers", "trigger"), ("conditions", "condition"), ("actions", "action"))


class AutomationSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`automation:` written as a mapping of options."""

    on_error: Literal["keep", "stop"] = "keep"
    """Whether an automation that becomes invalid goes on in its last good version."""
    automations: Any = None
    """The automations, where the options stand beside them."""


OPTION_KEYS = frozenset(field.encode_name for field in msgspec.structs.fields(AutomationSettings))


class Document:
    """One automation's node, and where it stands."""

    __slots__ = ("blueprint", "container", "id", "key", "label", "node", "problems", "secrets", "usable")

    domain = "automation"
    """First part of its entity's id."""
    triggered = True
    """It is begun by triggers; else it is called."""

    def __init__(self, node: dict[str, Any], container: Any, key: Any) -> None:
        self.container = container
        self.key = key
        self.blueprint = ""
        """Path of the blueprint that it uses; empty: none."""
        self.problems: tuple[Problem, ...] = ()
        """What is wrong with the blueprint, and with what it is given."""
        self.usable = True
        """False: the blueprint cannot be used, and the node is what the user wrote."""
        self.secrets: tuple[str, ...] | None = None
        """What the secrets in it hold, so that traces don't; None: nobody has looked yet."""
        self._read(node)

    def expand(self, shelf: Shelf) -> None:
        """Put the body of its blueprint in place of `use_blueprint`."""
        if "use_blueprint" in self.node:
            expanded = shelf.expand(self.node, self.domain)
            self.blueprint = expanded.path
            self.problems = expanded.problems
            self.usable = expanded.valid
            self._read(expanded.node)

    def _read(self, node: dict[str, Any]) -> None:
        self.node = node
        """As it is to be read, its blueprint's body in it."""
        given = node.get("id")
        self.id = None if given is None or isinstance(given, dict | list | Broken) else str(given)
        """Its id, None where it has none."""
        alias = node.get("alias")
        self.label = alias if isinstance(alias, str) and alias else self.id or NAMELESS
        """What people call it, for messages."""

    @property
    def mark(self) -> Mark:
        """Where it begins."""
        return mark_of(self.container, self.key)


class Section(msgspec.Struct, frozen=True):
    """All that the `automation:` sections hold."""

    settings: AutomationSettings
    documents: list[Document]
    unreadable: list[Mark]
    """Places of items that could not be read: which automations they were is not known."""
    problems: list[Problem]


def read_section(node: Any) -> Section:
    """Take a section apart: a list of automations, one automation, options, or a list that holds options among them."""
    documents: list[Document] = []
    unreadable: list[Mark] = []
    problems: list[Problem] = []
    settings = AutomationSettings()
    waiting = list(reversed(listed(node, None, None)))
    while waiting:
        item, container, key = waiting.pop()
        if isinstance(item, Broken):
            unreadable.append(mark_of(container, key))
        elif item is None:
            continue
        elif isinstance(item, dict) and item and set(item) <= OPTION_KEYS:
            read: Validated[AutomationSettings] = validate(item, AutomationSettings, "automation", container, key)
            problems += read.problems
            settings = read.value or settings
            waiting += reversed(listed(item.get("automations"), item, "automations"))
        elif isinstance(item, list):
            waiting += reversed(listed(item, container, key))
        elif isinstance(item, dict):
            documents.append(Document(item, container, key))
        else:
            problems.append(error(mark_of(container, key), f"an automation must be a mapping, not {item!r}"[:200]))
    return Section(settings, documents, unreadable, problems)

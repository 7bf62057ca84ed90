"""One entry for each type of trigger, condition and step: its schema, what makes it run, and what it refers to."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import msgspec

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class Reference(msgspec.Struct, frozen=True):
    """Something that a part of an automation refers to."""

    kind: str
    """`entity`, `action`, `event`, `topic`, `intent`, `area`, `device`, `floor` or `label`."""
    name: str
    key: str = ""
    """Which key of the node names it."""


class Trigger(Protocol):
    """A trigger that is ready to listen."""

    def attach(self, to: Attachment) -> None:
        """Begin to listen, under the attachment's owner; call `to.fire` for what happens."""


class Condition(Protocol):
    """A condition that is ready to be asked."""

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it is met; raise ConditionError or TemplateError where that cannot be said. Never waits."""


class Watching(Protocol):
    """Must see what happens while its automation is on: since when something has been so."""

    def attach(self, hub: Hub, owner: Owner) -> None:
        """Watch until the owner stops."""


class Step(Protocol):
    """A step that is ready to be done."""

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Do it; return None when it is done, else what to await. Only what waits costs a task."""


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys that every trigger, condition and step takes."""

    alias: str | None = None
    """What people call it."""
    enabled: bool | str = True
    """False, or a template that gives false: it is left out."""
    note: Any = None
    """For people; not read."""


class TriggerOptions(Options, frozen=True, kw_only=True):
    """Keys that every trigger takes."""

    trigger: str | None = None
    platform: str | None = None
    """The older spelling of `trigger`."""
    id: str | int | None = None
    """Names the trigger in conditions and templates; its index by default."""
    variables: dict[str, Any] = msgspec.field(default_factory=dict)
    """Variables of the run, rendered when it fires."""


class ConditionOptions(Options, frozen=True, kw_only=True):
    """Keys that every condition takes."""

    condition: Any = None


class StepOptions(Options, frozen=True, kw_only=True):
    """Keys that every step takes."""

    continue_on_error: bool = False
    """The run goes on when the step fails."""


O = TypeVar("O", bound=Options)  # noqa: E741
B = TypeVar("B", covariant=True)

NOTHING: Callable[[Any], Iterable[Reference]] = lambda options: ()  # noqa: E731


class PartType(Generic[O, B]):
    """One type of trigger, condition or step."""

    __slots__ = ("build", "names", "options", "owner", "refers")

    def __init__(
        self,
        names: str | Sequence[str],
        options: type[O],
        build: Callable[[O, Part], B],
        refers: Callable[[O], Iterable[Reference]] = NOTHING,
    ) -> None:
        """Describe a type.

        Args:
            names: value of `trigger:` or `condition:`, or the keys that tell a step; the first is the one to use.
            options: its schema.
            build: makes it ready to run from its options; raises InvalidError.
            refers: names what it refers to.
        """
        self.names: tuple[str, ...] = (names,) if isinstance(names, str) else tuple(names)
        self.options = options
        self.build = build
        self.refers = refers
        self.owner = ""

    @property
    def name(self) -> str:
        """The name to use."""
        return self.names[0]


TriggerType = PartType[Any, Trigger]
ConditionType = PartType[Any, Condition]
StepType = PartType[Any, Step]
P = TypeVar("P", bound="PartType[Any, Any]")


class Types(Generic[P]):
    """The types of one kind, under their names, in the order in which they were registered."""

    def __init__(
        self,
        kind: str,
        built_in: Iterable[P],
        refused: Sequence[str] = (),
        never: Mapping[str, str] | None = None,
        further: Callable[[], Iterable[P]] | None = None,
    ) -> None:
        self.kind = kind
        self._further = further
        """Makes the types that are only made when somebody names one of them, or asks for all."""
        self.refused = frozenset(refused)
        """Known to Home Assistant and not done here: refused by name, not as a slip of the pen."""
        self.never = never or {}
        """The same of what will not come either, with the reason."""
        self.on_change: Callable[[], object] | None = None
        """Told when a type comes or goes: automations that could not be used may be now."""
        self._types: dict[str, P] = {}
        for type_ in built_in:
            self._add(type_, "automation")

    def register(self, type_: P, owner: Owner) -> None:
        """Offer a type until the owner stops; raise ValueError when a name is taken."""
        self._add(type_, owner.name)
        owner.on_stop(lambda: [self._types.pop(name, None) for name in type_.names])
        if self.on_change is not None:
            self.on_change()

    def get(self, name: str) -> P | None:
        """Return a type, None where there is none."""
        found = self._types.get(name)
        if found is None and self._further is not None and "." in name:
            self._complete()
            found = self._types.get(name)
        return found

    def first_of(self, keys: Iterable[str]) -> P | None:
        """Return the type told by the first of the keys that names one, by the order of registration."""
        present = set(keys)
        for name, type_ in self._types.items():
            if name in present:
                return type_
        return None

    def all(self) -> list[P]:
        """Return every type once."""
        self._complete()
        return list(dict.fromkeys(self._types.values()))

    def unknown(self, name: str) -> str:
        """Say that there is no such type, or that it is not supported."""
        if name in self.refused:
            return f"the {self.kind} {name!r} is not supported yet"
        if name in self.never:
            return f"the {self.kind} {name!r} is not supported: {self.never[name]}"
        self._complete()
        near = difflib.get_close_matches(name, self._types, 1)
        return f"there is no {self.kind} {name!r}" + (f" (did you mean {near[0]!r}?)" if near else "")

    def _complete(self) -> None:
        """Make the types that nobody has asked for so far."""
        further, self._further = self._further, None
        for type_ in further() if further is not None else ():
            self._add(type_, "automation")

    def _add(self, type_: P, owner: str) -> None:
        for name in type_.names:
            if name in self._types:
                raise ValueError(f"the {self.kind} {name} is already offered by {self._types[name].owner}")
        type_.owner = owner
        for name in type_.names:
            self._types[name] = type_

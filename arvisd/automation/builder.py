"""Makes an automation ready to run from its nodes, collecting everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from arvisd.automation.blueprints.shelf import Shelf
from arvisd.automation.builder_lists import listed
from arvisd.automation.calendars.calendars import Calendars
from arvisd.automation.domains.targeting import Targets
from arvisd.automation.errors import InvalidError, LaterError, TemplateError
from arvisd.automation.part import Part
from arvisd.automation.reading import invalid, read, refuse_unread
from arvisd.automation.registry import (
    Condition,
    ConditionType,
    Options,
    PartType,
    Reference,
    StepType,
    Trigger,
    TriggerType,
    Types,
    Watching,
)
from arvisd.automation.steps.block import Block, BuiltStep
from arvisd.automation.steps.condition import ConditionStep
from arvisd.automation.templates.environment import TemplateEnvironment
from arvisd.automation.templates.macros import Import
from arvisd.automation.templates.native import truth
from arvisd.automation.templates.template import Template, is_template
from arvisd.automation.triggers.built import BuiltTrigger
from arvisd.automation.triggers.during_run import TriggerDuringRun
from arvisd.config.nodes import NodeDict, key_mark_of, mark_of
from arvisd.config.problems import Problem, warning
from arvisd.home.sun import Sun

MAX_DEPTH = 40
"""How deep conditions and steps may be nested: more is an anchor gone wrong, and Python's stack ends at about 80."""

B = TypeVar("B")


class Library:
    """All that automations may be made of."""

    def __init__(
        self,
        triggers: Types[TriggerType],
        conditions: Types[ConditionType],
        steps: Types[StepType],
        templates: TemplateEnvironment,
        limited: TemplateEnvironment,
        blueprints: Shelf,
        targets: Targets,
        sun: Sun | None = None,
    ) -> None:
        self.triggers = triggers
        self.conditions = conditions
        self.steps = steps
        self.templates = templates
        self.limited = limited
        self.blueprints = blueprints
        self.targets = targets
        """Finds entities by area, floor, label and device."""
        self.sun = sun or Sun()
        """Where the sun stands over the house."""
        self.calendars = Calendars()
        """What stands in the calendars."""

    def refresh(self) -> None:
        """Look for changes of the user's blueprints and macros; to be called when a load begins."""
        self.blueprints.refresh()
        self.templates.macros.refresh(self.templates.parse_macros)


class Builder:
    """Makes the parts of one automation; what is wrong is in `problems` afterwards."""

    def __init__(self, library: Library, trigger_variables: dict[str, Any] | None = None) -> None:
        self.library = library
        self.problems: list[Problem] = []
        self.references: list[tuple[Reference, Any]] = []
        """What the automation refers to, each with the node that names it."""
        self.imports: list[tuple[Import, Template]] = []
        """What its templates take from the user's macros."""
        self.valid = True
        """Nothing so far keeps the automation from running."""
        self.trigger_variables: dict[str, Any] = trigger_variables or {}
        self.watching: list[Watching] = []
        """Conditions that must see what happens while nobody asks them."""
        self.waiting = False
        """The triggers are those of a wait: their templates see the variables of a run."""
        self.later = False
        """What is rendered once is not rendered now, but when such a wait begins."""
        self._depth = 0

    def template(self, text: str, container: Any, key: Any) -> Template:
        """Return a checked template; raise InvalidError when its syntax is wrong."""
        return self._checked(Template(self.library.templates, text, container, key))

    def limited_template(self, text: str, container: Any, key: Any) -> Template:
        """Return a checked template for what is rendered once, at load."""
        return self._checked(Template(self.library.limited, text, container, key))

    def triggers(self, node: Any, container: Any, key: Any) -> tuple[BuiltTrigger, ...]:
        """Return the triggers; a list item that only holds `triggers` is opened in place."""
        built: list[BuiltTrigger] = []
        for item, holder, index in self._flat(node, container, key):
            trigger = self.guard(self._trigger, item, holder, index, len(built))
            if trigger is not None:
                built.append(trigger)
        return tuple(built)

    def conditions(self, node: Any, container: Any, key: Any, path: str) -> tuple[Condition, ...]:
        """Return the conditions of a node: one or a list; disabled ones are left out."""
        return tuple(condition for _, condition in self.conditions_with_paths(node, container, key, path))

    def conditions_with_paths(self, node: Any, container: Any, key: Any, path: str) -> list[tuple[str, Condition]]:
        """Return the same, each with its path: its number is that of its place, whatever is left out before it."""
        items = listed(node, container, key)
        built = [
            (f"{path}/{number}", self.guard(self.condition, item, holder, index, f"{path}/{number}"))
            for number, (item, holder, index) in enumerate(items)
        ]
        return [(where, condition) for where, condition in built if condition is not None]

    def block(self, node: Any, container: Any, key: Any, path: str) -> Block:
        """Return the steps of a node: one or a list."""
        built = [
            self.guard(self._step, item, holder, index, f"{path}/{number}")
            for number, (item, holder, index) in enumerate(listed(node, container, key))
        ]
        return Block(path, tuple(step for step in built if step is not None))

    def warn(self, container: Any, key: Any, message: str) -> None:
        """Note something that does not keep the automation from running."""
        self.problems.append(warning(mark_of(container, key), message))

    def _trigger(self, node: Any, container: Any, key: Any, number: int) -> BuiltTrigger:
        refuse_unread(node, container, key)
        if not isinstance(node, dict):
            raise invalid(mark_of(container, key), f"a trigger must be a mapping, not {_named(node)}")
        name = one_of(node, ("trigger", "platform"), "a trigger")
        if name is None:
            raise invalid(mark_of(node), "a trigger needs 'trigger': which kind it is")
        type_ = self._type(self.library.triggers, name, node, "trigger" if "trigger" in node else "platform")
        part = Part(self, node, f"trigger/{number}", f"the trigger {name!r}")
        options = read(node, type_.options, part.what)
        self._refer(type_, options, node)
        return BuiltTrigger(
            self._listener(type_, options, part),
            index=number,
            id=str(number) if options.id is None else str(options.id),
            alias=options.alias,
            platform=name,
            variables=part.value("variables") if options.variables else None,
            enabled=self._enabled(options, part),
            node=node,
        )

    def _listener(self, type_: TriggerType, options: Any, part: Part) -> Trigger:
        """Return the trigger itself; of a wait, one that is made when its templates can be rendered."""
        if not self.waiting:
            return type_.build(options, part)
        self.later = True
        try:
            return type_.build(options, part)
        except LaterError:
            return TriggerDuringRun(type_, options, part, self.library)
        finally:
            self.later = False

    def condition(self, node: Any, container: Any, key: Any, path: str) -> Condition | None:
        """Return one condition, None where it is disabled; raise InvalidError."""
        if isinstance(node, str):
            # a bare template; wrapped as what it is short for
            if not is_template(node):
                raise invalid(mark_of(container, key), f"{node!r} is not a condition: a template needs '{{{{ … }}}}'")
            type_ = self._type(self.library.conditions, "template", container, key)
            short: Condition = type_.build(type_.options(value_template=node), _Shorthand(self, container, key, path))
            return short
        refuse_unread(node, container, key)
        if isinstance(node, bool):
            raise invalid(
                mark_of(container, key), "true and false are not conditions: write 'enabled: false' to leave one out"
            )
        if not isinstance(node, dict):
            raise invalid(mark_of(container, key), f"a condition must be a mapping or a template, not {_named(node)}")
        name, key_of_name = self._condition_name(node)
        part = Part(self, node, path, f"the condition {name!r}")
        if is_template(name):
            # `condition: "{{ … }}"`: a template condition that may have an alias
            node = _written_out(node, key_of_name)
            name, part = "template", Part(self, node, path, "the condition 'template'")
        type_ = self._type(self.library.conditions, name, node, key_of_name)
        options = read(node, type_.options, part.what)
        self._refer(type_, options, node)
        with _Deeper(self, node):
            built = type_.build(options, part)
        return built if self._enabled(options, part) else None

    def _condition_name(self, node: dict[str, Any]) -> tuple[str, str]:
        if "condition" in node:
            name = node["condition"]
            return (name, "condition") if isinstance(name, str) else ("and", "condition")
        for name in ("and", "or", "not"):
            if name in node:
                return name, name
        raise invalid(mark_of(node), "a condition needs 'condition': which kind it is")

    def _step(self, node: Any, container: Any, key: Any, path: str) -> BuiltStep | None:
        if is_template(node):
            condition = self.condition(node, container, key, path)
            return None if condition is None else BuiltStep(ConditionStep(condition), path, container, key)
        refuse_unread(node, container, key)
        if not isinstance(node, dict):
            raise invalid(mark_of(container, key), f"a step must be a mapping, not {_named(node)}")
        type_ = self.library.steps.first_of(node)
        if type_ is None:
            raise invalid(mark_of(node), self._no_step(node))
        part = Part(self, node, path, f"the step {type_.name!r}")
        options = read(node, type_.options, part.what)
        self._refer(type_, options, node)
        with _Deeper(self, node):
            built = type_.build(options, part)
        if not self._enabled(options, part):
            return None
        return BuiltStep(built, path, node, None, continue_on_error=bool(getattr(options, "continue_on_error", False)))

    def _no_step(self, node: dict[str, Any]) -> str:
        for name in node:
            if name in self.library.steps.refused:
                return self.library.steps.unknown(name)
        for name in node:
            said = self.library.steps.unknown(str(name))
            if "did you mean" in said:
                return said
        return f"no step has the keys {', '.join(map(repr, node))}: an action's step needs 'action'"

    def _type(self, types: Types[Any], name: Any, node: Any, key: Any) -> Any:
        if not isinstance(name, str):
            raise invalid(mark_of(node, key), f"the kind of a {types.kind} must be text, not {_named(name)}")
        type_ = types.get(name)
        if type_ is None:
            raise invalid(mark_of(node, key), types.unknown(name))
        return type_

    def _enabled(self, options: Options, part: Part) -> bool:
        if isinstance(options.enabled, bool):
            return options.enabled
        return truth(part.limited("enabled"))

    def _refer(self, type_: PartType[Any, Any], options: Any, node: Any) -> None:
        self.references.extend((reference, node) for reference in type_.refers(options))

    def _checked(self, template: Template) -> Template:
        try:
            template.check()
        except TemplateError as error:
            raise invalid(template.mark, f"template: {error}") from None
        for doubt in template.doubts():
            self.problems.append(warning(template.mark, f"template: {doubt}"))
        self.imports.extend((wanted, template) for wanted in template.imports())
        return template

    def guard(self, make: Callable[..., B | None], *args: Any) -> B | None:
        """Return what is made, None where it is invalid: the rest is checked all the same."""
        try:
            return make(*args)
        except InvalidError as error:
            self.problems.extend(error.problems)
            self.valid = False
            return None

    def _flat(self, node: Any, container: Any, key: Any) -> Iterable[tuple[Any, Any, Any]]:
        for item, holder, index in listed(node, container, key):
            if isinstance(item, dict) and set(item) == {"triggers"}:
                yield from self._flat(item["triggers"], item, "triggers")
            else:
                yield item, holder, index


class _Deeper:
    """Counts how deep the nesting is."""

    def __init__(self, builder: Builder, node: Any) -> None:
        self._builder = builder
        self._node = node

    def __enter__(self) -> None:
        if self._builder._depth >= MAX_DEPTH:  # noqa: SLF001  # the two are one
            raise invalid(mark_of(self._node), f"conditions and steps are nested more than {MAX_DEPTH} deep")
        self._builder._depth += 1  # noqa: SLF001

    def __exit__(self, *_: object) -> None:
        self._builder._depth -= 1  # noqa: SLF001


class _Shorthand(Part):
    """The part of a bare template: its text is the value itself."""

    __slots__ = ("_container", "_key")

    def __init__(self, builder: Builder, container: Any, key: Any, path: str) -> None:
        super().__init__(builder, {}, path, "the condition 'template'")
        self._container = container
        self._key = key

    def template(self, key: str) -> Template:
        """Return the template that the bare text is."""
        return self.builder.template(self._container[self._key], self._container, self._key)


def _written_out(node: dict[str, Any], key: str) -> NodeDict:
    """Return `condition: "{{ … }}"` as the template condition that it is short for, with its places."""
    full = NodeDict({**node, key: "template", "value_template": node[key]})
    if isinstance(node, NodeDict):
        full.place = node.place
        full.places = dict(node.places)
        if key in node.places:
            full.places["value_template"] = node.places[key]
    return full


def one_of(node: dict[str, Any], spellings: tuple[str, str], what: str) -> Any:
    """Return the value under either spelling of a key, None where neither is there; both are an error."""
    new, old = spellings
    if new in node and old in node:
        raise invalid(
            key_mark_of(node, old), f"{what} has both {new!r} and {old!r}: they are the same, leave {old!r} out"
        )
    return node.get(new, node.get(old))


def _named(node: Any) -> str:
    names = {dict: "a mapping", list: "a list", str: "text", bool: "true or false", type(None): "nothing"}
    return next((name for type_, name in names.items() if isinstance(node, type_)), "a number")

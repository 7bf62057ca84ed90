"""Step: an action is called."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

import msgspec
import msgspec.inspect as described

from arvisd.automation.durable.later import Later
from arvisd.automation.errors import StepError
from arvisd.automation.reading import invalid
from arvisd.automation.registry import Reference, StepOptions, StepType
from arvisd.automation.scripts.calls import answer_of
from arvisd.automation.templates.template import is_template
from arvisd.automation.templates.value import Constant, TextKind, Value, compile_value, merged
from arvisd.config.nodes import key_mark_of, secret_of
from arvisd.config.problems import did_you_mean
from arvisd.core.actions import Action, ActionCall, Pending, Target
from arvisd.home.membership import PLACE_KINDS
from arvisd.home.targets import ALL, NONE

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope

TARGET_KEYS = tuple(field.encode_name for field in msgspec.structs.fields(Target))
TEXT_HINT = "template"
"""Key of a field's `Meta(extra={"template": "text"})`: a template there gives text, whatever the text looks like."""


class ActionOptions(StepOptions, frozen=True, kw_only=True):
    """An action is called."""

    action: str | None = None
    """`domain.name`, or a template that gives it."""
    service: str | None = None
    """The older spelling of `action`."""
    service_template: str | None = None
    """A still older one."""
    target: Any = None
    """`{entity_id: …, area_id: …}`."""
    data: Any = None
    """What the action is told; texts in it may be templates."""
    data_template: Any = None
    """The older spelling of `data` with templates; both are joined."""
    entity_id: Any = None
    """The older spelling of `target: {entity_id: …}`; both are joined."""
    response_variable: str | None = None
    """Variable that takes what the action gives back."""
    metadata: Any = None
    """Of Home Assistant's editor; not read."""


class _Plan:
    """What a step does with one action: its data sorted by that action's schema."""

    __slots__ = ("action", "begins_run", "data", "fixed", "target")

    def __init__(self, action: Action, data: Value, target: Value) -> None:
        self.action = action
        self.data = data
        self.target = target
        self.begins_run = action.name.startswith("script.")
        """What it begins is a run of its own, with a record of its own."""
        self.fixed: tuple[Any, Target] | None = None
        """Data and target as the handler gets them, where nothing in them changes."""


class ActionStep:
    """Calls an action; one that never waits is called on the spot, without a task."""

    __slots__ = ("_name", "_part", "_plan", "_response", "_secrets")

    def __init__(self, part: Part, name: Value, response: str | None) -> None:
        self._part = part
        self._name = name
        self._response = response
        self._plan: _Plan | None = None
        data = part.node.get("data")
        self._secrets = (
            frozenset(key for key in data if _is_secret(data, key)) if isinstance(data, dict) else frozenset()
        )

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Render the data, check it, call."""
        actions = run.hub.actions
        name = self._name.render(scope)
        action = actions.get(name)
        plan = self._plan
        if plan is None or plan.action is not action:
            plan = self._plan = self._plan_for(action)
        if plan.fixed is not None:
            data, target = plan.fixed
            call = ActionCall(name, data, target, run.context)
            run.trace.result({"action": name, "data": self._shown(data), "target": target})
        else:
            given = plan.data.render(scope)
            target = _target(plan.target.render(scope))
            given, target = _split(action, given, target)
            action, call = actions.prepare(name, given, target, run.context)
            run.trace.result({"action": name, "data": self._shown(given), "target": target})
            if plan.data.constant and plan.target.constant:
                plan.fixed = (call.data, target)
        if action.sync_handler is not None:
            answer = action.sync_handler(call) if not plan.begins_run else self._begin_run(action, call, run)
            if type(answer) is Pending:
                return self._take(answer.work, run, scope)
            if self._response is not None:
                self._respond(answer, run, scope)
            return None
        assert action.handler is not None
        return self._wait(action, call, run, scope)

    def resume(self, run: Run, scope: Scope, saved: dict[str, Any]) -> Awaitable[None]:
        """Wait again for the script that was called; any other action that was under way is not done again."""
        return Later(self._again, run, scope)

    async def _again(self, run: Run, scope: Scope) -> None:
        called = run.automation.book.called_from(run.id, self._part.path)
        if called is None:
            return
        run.trace.result({"resumed": True, "waits_for": called.automation.entity_id})
        try:
            await called.wait()
        except asyncio.CancelledError:
            called.stop()
            raise
        if self._response is not None:
            self._respond(answer_of(called), run, scope)

    def _begin_run(self, action: Action, call: ActionCall, run: Run) -> Any:
        """Call a script, which may ask who called it: after a restart this step waits for its run again."""
        assert action.sync_handler is not None
        with run.automation.book.calling(call, run, self._part.path):
            return action.sync_handler(call)

    async def _wait(self, action: Action, call: ActionCall, run: Run, scope: Scope) -> None:
        assert action.handler is not None
        await self._take(action.handler(call), run, scope)

    async def _take(self, work: Awaitable[Any], run: Run, scope: Scope) -> None:
        answer = await work
        if self._response is not None:
            self._respond(answer, run, scope)

    def _respond(self, answer: Any, run: Run, scope: Scope) -> None:
        """Leave the answer in its variable."""
        assert self._response is not None
        scope.assign(self._response, answer)
        run.trace.variables({self._response: answer}, self._part.path)

    def _plan_for(self, action: Action) -> _Plan:
        texts = text_fields(action.schema)
        part = self._part
        data = [
            compile_value(part.node[key], part.builder.template, part.node, key, text=texts.get)
            for key in ("data", "data_template")
            if part.node.get(key) is not None
        ]
        target = [part.value("target")] if part.node.get("target") is not None else []
        if part.node.get("entity_id") is not None:
            older = {"entity_id": part.node["entity_id"]}
            target.append(compile_value(older, part.builder.template, part.node, "entity_id"))
        return _Plan(action, merged(data), merged(target))

    def _shown(self, data: Any) -> Any:
        """Return the data for the trace, without what came from secrets."""
        if not self._secrets:
            return data
        if isinstance(data, msgspec.Struct):
            data = msgspec.structs.asdict(data)
        return {key: "***" if key in self._secrets else value for key, value in data.items()}


@functools.cache
def text_fields(schema: type[msgspec.Struct]) -> dict[str, TextKind]:
    """Return the keys of a schema whose value may be text: a template there is not read as a number or a list."""
    info = described.type_info(schema)
    assert isinstance(info, described.StructType)
    kinds = {field.encode_name: _text_kind(field.type) for field in info.fields}
    return {name: kind for name, kind in kinds.items() if kind is not None}


def _text_kind(type_: described.Type) -> TextKind | None:
    if isinstance(type_, described.Metadata):
        return "may" if (type_.extra or {}).get(TEXT_HINT) == "text" else _text_kind(type_.type)
    if isinstance(type_, described.UnionType):
        kinds = [kind for kind in type_.types if not isinstance(kind, described.NoneType)]
        if len(kinds) == 1:
            return _text_kind(kinds[0])
        scalar = all(isinstance(kind, _SCALARS) for kind in kinds)
        return "may" if scalar and any(isinstance(kind, described.StrType) for kind in kinds) else None
    return "must" if isinstance(type_, described.StrType) else None


_SCALARS = (described.StrType, described.IntType, described.FloatType, described.BoolType)


def _target(given: Any) -> Target:
    if given is None or given == {}:
        return _NO_TARGET
    if isinstance(given, dict):
        given = {key: _ids(value) for key, value in given.items()}
    try:
        return msgspec.convert(given, Target)
    except msgspec.ValidationError as error:
        raise StepError(f"target: {error}") from error


_NO_TARGET = Target()


def _ids(value: Any) -> Any:
    """Return `light.a, light.b` as a list."""
    if isinstance(value, str) and "," in value:
        return [each.strip() for each in value.split(",") if each.strip()]
    return list(value) if isinstance(value, tuple | set) else value


def _split(action: Action, data: Any, target: Target) -> tuple[Any, Target]:
    """Move `entity_id` and the like from the data to the target, unless the action's own schema has them."""
    if action.takes_more or not isinstance(data, dict) or not any(key in data for key in TARGET_KEYS):
        return data, target
    own = {field.encode_name for field in msgspec.structs.fields(action.schema)}
    moved = {key: _ids(data[key]) for key in TARGET_KEYS if key in data and key not in own}
    if not moved:
        return data, target
    rest = {key: value for key, value in data.items() if key not in moved}
    merged = {key: value for key, value in msgspec.to_builtins(target).items() if value}
    return rest, _target({**merged, **moved})


def _is_secret(container: Any, key: Any) -> bool:
    if secret_of(container, key) is not None:
        return True
    value = container[key]
    if isinstance(value, dict):
        return any(_is_secret(value, inner) for inner in value)
    return isinstance(value, list) and any(_is_secret(value, index) for index in range(len(value)))


def build(options: ActionOptions, part: Part) -> ActionStep:
    """Check the name and every template."""
    names = [key for key in ("action", "service", "service_template") if key in part.node]
    if len(names) > 1:
        raise part.invalid(names[1], f"{names[0]!r} and {names[1]!r} are the same: leave one out")
    given = getattr(options, names[0])
    if given is None or (not is_template(given) and not _is_name(given)):
        raise part.invalid(names[0], f"{given!r} is not the name of an action, such as light.turn_on")
    for key in ("data", "data_template", "target"):
        value = part.node.get(key)
        if value is not None and not isinstance(value, dict) and not is_template(value):
            raise part.invalid(key, f"{key} must be a mapping or a template")
    name = part.value(names[0]) if is_template(given) else Constant(given.lower())
    for key in ("data", "data_template", "entity_id"):
        part.value(key)
    given_target = part.node.get("target")
    for key in given_target if isinstance(given_target, dict) else ():
        if key not in TARGET_KEYS:
            near = did_you_mean(str(key), TARGET_KEYS) or f" (valid: {', '.join(TARGET_KEYS)})"
            raise invalid(key_mark_of(given_target, key), f"{part.what}: unknown key {key!r} in its target{near}")
    target = part.value("target")
    if target.constant:
        try:
            _target(target.render({}))
        except StepError as error:
            raise part.invalid("target", str(error.__cause__)) from None
    return ActionStep(part, name, options.response_variable)


def _is_name(text: str) -> bool:
    """Tell whether it is `domain.name`; a name may begin with a digit, as `script.3d_printer` does."""
    domain, dot, name = text.partition(".")
    return bool(dot) and domain.isidentifier() and f"_{name}".isidentifier() and bool(name)


def refers(options: ActionOptions) -> list[Reference]:
    """Name the action and the entities."""
    found: list[Reference] = []
    for key in ("action", "service", "service_template"):
        name = getattr(options, key)
        if name is not None and not is_template(name):
            found.append(Reference("action", name.lower(), key))
    for holder, key in (
        (options.target, "target"),
        (options.data, "data"),
        ({"entity_id": options.entity_id}, "entity_id"),
    ):
        if isinstance(holder, dict):
            for kind in ("entity", *PLACE_KINDS):
                found += (Reference(kind, name, key) for name in _named(holder.get(f"{kind}_id")))
    return found


def _named(ids: Any) -> list[str]:
    """Return the ids of a key, without those that a template gives."""
    texts = [each for each in (ids if isinstance(ids, list) else [ids]) if isinstance(each, str)]
    names = [part.strip() for text in texts if not is_template(text) for part in text.split(",")]
    return [name for name in names if name and name not in (ALL, NONE)]


TYPE = StepType(("action", "service", "service_template"), ActionOptions, build, refers)

"""Steps that a template entity does, and the triggers by which a block of them is rendered."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation import trace as outcomes
from arvisd.automation.automation import Automation
from arvisd.automation.builder import Builder, one_of
from arvisd.automation.definition import Definition, build_definition, variables_of
from arvisd.automation.errors import InvalidError
from arvisd.automation.schema import SPELLINGS, Document, Mode, RunDocument
from arvisd.automation.scope import Scope
from arvisd.automation.steps.block import Block, BuiltStep
from arvisd.config.nodes import NodeDict
from arvisd.core.context import Context
from arvisd.core.errors import ActionFailedError

if TYPE_CHECKING:
    from arvisd.automation.helpers.kind import Place
    from arvisd.automation.parts import Parts
    from arvisd.automation.run import Run


class RoutineSource(Document):
    """Steps of a helper, which stand in its own document."""

    __slots__ = ()

    domain = "template"
    triggered = False


class BlockSource(Document):
    """A block of template entities with triggers."""

    __slots__ = ()

    domain = "template"


class Routine:
    """Steps under a key, done when an action asks for it."""

    def __init__(self, place: Place, node: NodeDict, key: str) -> None:
        """Make them ready; raise InvalidError with every problem."""
        self._automation = _made(
            place,
            RoutineSource(node, node, key),
            lambda source, builder: _definition(
                source, builder, builder.block(node.get(key), node, key, key), mode="restart"
            ),
            f"{place.entity_id}.{key}",
        )

    async def run(self, variables: dict[str, Any], context: Context) -> None:
        """Do them to their end; raise ActionFailedError where a step fails."""
        run = self._automation.call(variables, context, lambda _: None)
        if run is None:
            return
        if run.running:
            await run.wait()
        if run.outcome == outcomes.FAILED:
            raise ActionFailedError(f"{self._automation.entity_id}: {run.trace.reason}")

    def stop(self) -> None:
        """Stop what goes on."""
        self._automation.stop_runs()


class TriggerBlock:
    """Triggers, conditions, variables and steps that several entities share; its last step hands on what there is."""

    def __init__(self, place: Place, node: NodeDict) -> None:
        """Make it ready; raise InvalidError with every problem."""
        self.node = node
        self._members: dict[str, Callable[[Scope, Context], object]] = {}
        self._automation = _made(place, BlockSource(node, node, None), self._define, f"template.{place.entity_id}")

    def join(self, entity_id: str, fired: Callable[[Scope, Context], object]) -> None:
        """Call `fired` whenever one of the triggers has led to the end of the steps."""
        self._members[entity_id] = fired
        self._automation.attach()

    def leave(self, entity_id: str) -> None:
        """Call it no more; the last one to leave stops the triggers."""
        self._members.pop(entity_id, None)
        if not self._members:
            self._automation.detach()
            self._automation.stop_runs()

    @property
    def empty(self) -> bool:
        """Nobody waits for its triggers."""
        return not self._members

    def _define(self, source: Document, builder: Builder) -> Definition:
        node = source.node
        keys = {new: old if old in node else new for new, old in SPELLINGS}
        for new, old in SPELLINGS:
            one_of(node, (new, old), "a template block")
        triggers = builder.triggers(node.get(keys["triggers"]), node, keys["triggers"])
        conditions = builder.conditions(node.get(keys["conditions"]), node, keys["conditions"], "condition")
        block = builder.block(node.get(keys["actions"]), node, keys["actions"], "action")
        step = BuiltStep(_Hand(self._hand), f"action/{len(block.steps)}", node)
        block = Block(block.path, (*block.steps, step))
        return _definition(source, builder, block, mode="queued", triggers=triggers, conditions=conditions)

    def _hand(self, scope: Scope, context: Context) -> None:
        for fired in list(self._members.values()):
            fired(scope, context)


class _Hand:
    """The last step of a block: hands variables and context to the entities."""

    acts = False

    def __init__(self, hand: Callable[[Scope, Context], None]) -> None:
        self._hand = hand

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Do it."""
        self._hand(scope, run.context)
        return None


def _definition(
    source: Document, builder: Builder, block: Block, *, mode: Mode, triggers: Any = (), conditions: Any = ()
) -> Definition:
    return Definition(
        source,
        RunDocument(alias=source.label, mode=mode),
        triggers,
        conditions,
        block,
        variables_of(source.node, builder) if triggers else [],
        {},
        builder.references,
        builder.watching,
    )


def _made(place: Place, source: Document, define: Callable[[Document, Builder], Definition], name: str) -> Automation:
    source.label = name
    built = build_definition(source, place.library, None, define)
    if built.definition is None:
        raise InvalidError([msgspec.structs.replace(problem, automation=None) for problem in built.problems])
    return Automation(built.definition, name, name, _quiet(place.engine.parts))


def _quiet(parts: Parts) -> Parts:
    """Return the parts for what is neither an automation nor a script: nothing shows its runs as an entity."""
    quiet = copy.copy(parts)
    quiet.changed = lambda automation: None
    quiet.started = lambda automation, run: None
    return quiet

"""Steps that a template entity does, and the triggers by which a block of them is rendered."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation import outcomes
from arvisd.automation.automation import Automation
from arvisd.automation.builder import Builder, one_of
from arvisd.automation.definition import Definition, build_definition, variables_of
from arvisd.automation.errors import InvalidError
from arvisd.automation.helpers.kind import STOPPING
from arvisd.automation.parts import OwnState
from arvisd.automation.schema import SPELLINGS, Document, Mode, RunDocument
from arvisd.automation.scope import Scope
from arvisd.automation.steps.block import Block, BuiltStep
from arvisd.config.nodes import NodeDict
from arvisd.core.context import Context
from arvisd.core.errors import ActionFailedError
from arvisd.core.states import UNKNOWN, StateStore

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
        self._shelf = shelf_of(place)

    async def run(self, variables: dict[str, Any], context: Context) -> None:
        """Do them to their end; raise ActionFailedError where a step fails."""
        run = self._automation.call(variables, context, lambda _: None)
        if run is None:
            return
        if run.running:
            await run.wait()
        if run.outcome == outcomes.FAILED:
            raise ActionFailedError(f"{self._automation.entity_id}: {run.trace.reason}")

    def begin(self) -> None:
        """Let runs that wait from before a restart find it."""
        self._shelf.put(self._automation)

    def stop(self) -> None:
        """Stop what goes on; where the daemon stops, what waits goes on after the next start."""
        self._shelf.take(self._automation)


class TriggerBlock:
    """Triggers, conditions, variables and steps that several entities share; its last step hands on what there is."""

    def __init__(self, place: Place, node: NodeDict) -> None:
        """Make it ready; raise InvalidError with every problem."""
        self.node = node
        self._members: dict[str, Callable[[Scope, Context], object]] = {}
        self._shelf = shelf_of(place)
        self._automation = _made(place, BlockSource(node, node, None), self._define, f"template.{place.entity_id}")

    def join(self, entity_id: str, fired: Callable[[Scope, Context], object]) -> None:
        """Call `fired` whenever one of the triggers has led to the end of the steps."""
        if not self._members:
            self._shelf.put(self._automation)
        self._members[entity_id] = fired
        self._automation.attach()

    def leave(self, entity_id: str) -> None:
        """Call it no more; the last one to leave stops the triggers."""
        self._members.pop(entity_id, None)
        if not self._members:
            self._automation.detach()
            self._shelf.take(self._automation)

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
    built = build_definition(source, place.library, define)
    if built.definition is None:
        raise InvalidError([msgspec.structs.replace(problem, automation=None) for problem in built.problems])
    return Automation(built.definition, name, name, _quiet(place))


def _quiet(place: Place) -> Parts:
    """Return the parts for what is neither an automation nor a script: nothing shows its runs as an entity."""
    quiet = copy.copy(place.engine.parts)
    quiet.changed = lambda automation: None
    quiet.started = lambda automation, run: None
    states, entity_id = place.hub.states, place.entity_id
    quiet.own_state = lambda automation: EntityState(automation, entity_id, states)  # type: ignore[method-assign]
    return quiet


class EntityState(OwnState):
    """`this` in the steps of an entity: the entity as it is when it is read."""

    __slots__ = ("_entity_id", "_states")

    def __init__(self, automation: Automation, entity_id: str, states: StateStore) -> None:
        super().__init__(automation)
        self._entity_id = entity_id
        self._states = states

    @property
    def entity_id(self) -> str:
        """Id of the entity."""
        return self._entity_id

    @property
    def object_id(self) -> str:
        """Second half of the id."""
        return self._entity_id.partition(".")[2]

    @property
    def domain(self) -> str:
        """First half of the id."""
        return self._entity_id.partition(".")[0]

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.attributes.get("friendly_name") or self.object_id.replace("_", " "))

    @property
    def state(self) -> str:
        """Its value."""
        found = self._states.get(self._entity_id)
        return UNKNOWN if found is None else found.state

    @property
    def attributes(self) -> dict[str, Any]:
        """Its attributes."""
        found = self._states.get(self._entity_id)
        return {} if found is None else found.attributes


class Shelved:
    """What the engine must know of a routine to let its runs go on after a restart."""

    error = ""

    def __init__(self, automation: Automation) -> None:
        self.id = automation.id
        self.entity_id = automation.entity_id
        self.automation: Automation | None = automation


class Shelf:
    """The routines of all template entities of one collection, by their names."""

    def __init__(self, place: Place) -> None:
        self._routines: dict[str, Any] = {}
        self._shared = place.shared
        place.engine.parts.revival.watch(self._routines)

    def put(self, automation: Automation) -> None:
        """Let runs find it."""
        self._routines[automation.entity_id] = Shelved(automation)

    def take(self, automation: Automation) -> None:
        """Stop its runs, or let them be for the next life of the daemon."""
        if STOPPING in self._shared:
            automation.suspend_runs()
            return
        known = self._routines.get(automation.entity_id)
        if known is not None and known.automation is automation:
            del self._routines[automation.entity_id]
        automation.stop_runs()


def shelf_of(place: Place) -> Shelf:
    """Return the one shelf of a collection."""
    if "template routines" not in place.shared:
        place.shared["template routines"] = Shelf(place)
    shelf: Shelf = place.shared["template routines"]
    return shelf

"""The scripts of an engine: each is an action of its own name, offered as soon as it is loaded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation import outcomes
from arvisd.automation.automation import Automation
from arvisd.automation.document_kind import DocumentKind
from arvisd.automation.entry import Entry
from arvisd.automation.run import Run
from arvisd.automation.scripts.calls import AT_ONCE, DEEPEST, answer_of, chain_of
from arvisd.automation.scripts.definition import ScriptDefinition, define_script
from arvisd.automation.scripts.document import read_scripts
from arvisd.config.problems import did_you_mean
from arvisd.core.actions import Action, ActionCall, Pending, Target
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError, ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.entity import Controller, Entity
from arvisd.home.registry import HomeRegistry

if TYPE_CHECKING:
    from arvisd.automation.durable.book import Caller

_LOGGER = logging.getLogger("arvisd.automation")


class AnyData(msgspec.Struct, frozen=True):
    """Data of a script whose fields are not known."""


RECURSIVE = frozenset({"restart", "queued"})
"""Modes in which a script that waits for itself would never end."""


class Scripts:
    """Calls scripts and offers their actions."""

    def __init__(self, hub: Hub, home: HomeRegistry, entries: Mapping[str, Entry]) -> None:
        self._hub = hub
        self._home = home
        self._named = Owner("scripts")
        """In whose name they stand among the entities, to be spoken of."""
        self._entries = entries
        self._nested = 0
        """How many scripts begin within each other right now."""
        self._offers: dict[str, Owner] = {}
        """By entity id: who offers the action, until the script goes or changes."""
        self.kind = DocumentKind(
            "script",
            read_scripts,
            define_script,
            lambda document, taken: str(document.id),
            lambda document, name: f"script.{name}",
            self._loaded,
            self._removed,
        )
        """How the loader takes them."""

    def find(self, name: str) -> Entry:
        """Return a script by its entity id; raise ActionDataError where there is none."""
        entry = self._entries.get(name)
        if entry is None:
            raise ActionDataError(f"there is no script {name!r}{did_you_mean(name, list(self._entries))}")
        return entry

    def call(self, entry: Entry, given: Mapping[str, Any], call: ActionCall, *, wait: bool = True) -> Any:
        """Run a script.

        Args:
            entry: the script.
            given: variables of the run.
            call: the action by which it is called.
            wait: whether the caller waits for its end.

        Returns:
            What the script gives back, `{}` for nothing; a Pending where it is not known yet.

        Raises:
            ActionDataError: a required field is missing.
            ActionFailedError: the script cannot run, or failed.
        """
        script = entry.automation
        if script is None:
            raise ActionFailedError(f"{entry.entity_id} cannot run: {entry.error}")
        step = script.book.caller(call)
        if step is None:
            _refuse_missing(entry.entity_id, script, given)
        variables = _variables(script, given)
        caller = step if wait else None
        waiting = chain_of(caller)
        if entry.entity_id in waiting and script.definition.document.mode in RECURSIVE:
            self._refuse_circle(entry, script, waiting, call.context)
            return {}
        if len(waiting) >= DEEPEST:
            raise ActionFailedError(
                f"scripts call each other more than {DEEPEST} deep: … → {' → '.join([*waiting[-5:], entry.entity_id])}"
            )
        begin = _Beginning(self, script, variables, call.context, caller, wait=wait)
        if self._nested >= AT_ONCE:
            return Pending(begin)
        run = begin.now()
        if run is None or not wait:
            return {}
        return Pending(_Following(run)) if run.running else answer_of(run)

    async def run(self, entry: Entry, context: Context) -> None:
        """Run a script without waiting for it."""
        call = ActionCall(entry.entity_id, {}, Target(), context)
        if type(answer := self.call(entry, {}, call, wait=False)) is Pending:
            await answer.work

    def begin(
        self, script: Automation, variables: dict[str, Any], context: Context, caller: Caller | None
    ) -> Run | None:
        """Begin a run, None where the script's mode is against it."""

        def begins(run: Run) -> None:
            run.called_by = caller

        self._nested += 1
        try:
            return script.call(variables, context, begins)
        finally:
            self._nested -= 1

    def _refuse_circle(self, entry: Entry, script: Automation, waiting: list[str], context: Context) -> None:
        chain = " → ".join([*waiting, entry.entity_id])
        reason = f"it calls itself: {chain}"
        mode = script.definition.document.mode
        _LOGGER.warning("%s: not run, as %s; with 'mode: %s' that would never end", entry.source.label, reason, mode)
        script.refuse(outcomes.RECURSION, reason, context)

    def _loaded(self, entry: Entry) -> None:
        """Offer the action of a version that was put in force; of an invalid script one that says so."""
        self._withdraw(entry.entity_id)
        owner = self._offers[entry.entity_id] = Owner(entry.entity_id)
        definition = entry.automation.definition if entry.automation is not None else None
        schema: type[msgspec.Struct] = AnyData
        description = ""
        if isinstance(definition, ScriptDefinition):
            schema = definition.fields.schema
            description = definition.document.description or ""

        def handle(call: ActionCall) -> Any:
            target = {key: value for key, value in msgspec.structs.asdict(call.target).items() if value}
            data = call.data if isinstance(call.data, Mapping) else {}
            return self.call(entry, {**data, **target}, call)

        text = description.strip() or f"Runs the script {entry.source.label}."
        self._hub.actions.register(Action(entry.entity_id, schema, text, sync_handler=handle, takes_more=True), owner)

        self._name(entry)

    def _name(self, entry: Entry) -> None:
        """Let people speak of it."""
        entity = Entity(id=entry.entity_id, name=entry.source.label, controller=ScriptController(self, entry))
        owner = self._home.owner_of(entry.entity_id)
        if owner is None:
            self._home.add_entity(entity, self._named)
        elif owner == self._named.name:
            self._home.update_entity(entity, self._named)

    def _removed(self, entry: Entry) -> None:
        self._withdraw(entry.entity_id)
        self._home.remove_entity(entry.entity_id, self._named)

    def _withdraw(self, entity_id: str) -> None:
        owner = self._offers.pop(entity_id, None)
        if owner is not None:
            owner.release()


class ScriptController(Controller):
    """The entity's side of a script."""

    def __init__(self, scripts: Scripts, entry: Entry) -> None:
        self._scripts = scripts
        self._entry = entry

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Run it, or stop it."""
        if action.endswith(".turn_off"):
            if self._entry.automation is not None:
                self._entry.automation.stop_runs()
        else:
            await self._scripts.run(self._entry, context)


class _Beginning:
    """A call whose run begins when it is awaited, in a stack of its own."""

    def __init__(
        self,
        scripts: Scripts,
        script: Automation,
        variables: dict[str, Any],
        context: Context,
        caller: Caller | None,
        *,
        wait: bool,
    ) -> None:
        self._scripts = scripts
        self._script = script
        self._variables = variables
        self._context = context
        self._caller = caller
        self._wait = wait

    def now(self) -> Run | None:
        """Begin."""
        return self._scripts.begin(self._script, self._variables, self._context, self._caller)

    def __await__(self) -> Generator[Any, None, Any]:
        return self._later().__await__()

    async def _later(self) -> Any:
        await asyncio.sleep(0)
        run = self.now()
        if run is None or not self._wait:
            return {}
        return await _Following(run) if run.running else answer_of(run)


class _Following:
    """Waits for the end of a called run; who stops waiting stops it."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __await__(self) -> Generator[Any, None, Any]:
        return self._wait().__await__()

    async def _wait(self) -> Any:
        try:
            await self._run.wait()
        except asyncio.CancelledError:
            self._run.stop()
            raise
        return answer_of(self._run)


def _refuse_missing(entity_id: str, script: Automation, given: Mapping[str, Any]) -> None:
    """Raise ActionDataError where a required field is missing.

    Steps are not asked: they were warned of when they were loaded, and Home Assistant, for which they were
    written, runs the script all the same.
    """
    definition = script.definition
    assert isinstance(definition, ScriptDefinition)
    if missing := definition.fields.missing(given):
        raise ActionDataError(f"{entity_id} needs {' and '.join(repr(name) for name in missing)} in 'data'")


def _variables(script: Automation, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of a run: what was given, and the defaults of the fields that were not."""
    definition = script.definition
    assert isinstance(definition, ScriptDefinition)
    fields = definition.fields
    own = {name for name, _ in definition.variables}
    defaults = {name: value for name, value in fields.defaults.items() if name not in own}
    return {**defaults, **given}

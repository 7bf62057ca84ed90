"""All helpers of a house: made from their sections, kept over reloads and restarts, reached by their actions."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from arvisd.automation.engine import AutomationEngine
from arvisd.automation.errors import InvalidError
from arvisd.automation.helpers.controller import HelperController
from arvisd.automation.helpers.general_actions import register_general_actions
from arvisd.automation.helpers.item_actions import register_actions
from arvisd.automation.helpers.items import Item, Reader, read_items
from arvisd.automation.helpers.kind import STOPPING, Helper, HelperKind, Place, Saved
from arvisd.automation.helpers.plan import plan_helpers
from arvisd.automation.helpers.saved_states import SavedStates
from arvisd.config.problems import Problem, error
from arvisd.config.validate import Validated, validate
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.entity import Entity
from arvisd.home.registry import HomeRegistry
from arvisd.storage.database import Database

_LOGGER = logging.getLogger(__name__)


class Running:
    """One helper at work."""

    __slots__ = ("helper", "item", "owner", "problems")

    def __init__(self, item: Item, helper: Helper, owner: Owner) -> None:
        self.item = item
        """As it was last read and found valid."""
        self.helper = helper
        self.owner = owner
        self.problems: list[Problem] = []
        """What is wrong with it as it is written now; its last good version goes on."""


class Helpers:
    """The helpers of one daemon.

    Args:
        hub: bus, states, actions, clock.
        home: where each becomes an entity that can be named.
        engine: its library and its schedule serve helpers that hold templates, steps and times.
        database: where states outlive a restart.
        owner: its stop ends everything.
        kinds: by default all that there are.
        readers: sections that hold several kinds, by default all that there are.
    """

    def __init__(
        self,
        hub: Hub,
        home: HomeRegistry,
        engine: AutomationEngine,
        database: Database,
        owner: Owner,
        kinds: Sequence[HelperKind[Any]] | None = None,
        readers: Mapping[str, Reader] | None = None,
    ) -> None:
        if kinds is None or readers is None:
            from arvisd.automation.helpers.kinds import KINDS, READERS

            kinds = KINDS if kinds is None else kinds
            readers = READERS if readers is None else readers
        self._hub = hub
        self._home = home
        self._engine = engine
        self._kinds = kinds
        self._readers = readers
        self._saved = SavedStates(database, hub.states, hub.clock)
        self._entities = Owner("helpers")
        """In whose name they stand among the entities; never stopped, so that what is kept at the broker stays."""
        self._running: dict[str, Running] = {}
        self._problems: list[Problem] = []
        self._shared: dict[str, Any] = {}
        self._first = True
        for kind in kinds:
            register_actions(kind, hub, home, self.find, owner)
        sections = [*(kind.domain for kind in kinds if kind.section), *readers]
        register_general_actions(sections, hub, home, engine, self.find, owner)
        owner.on_stop(self._stop)

    @property
    def problems(self) -> Sequence[Problem]:
        """All that is wrong with the helpers as they are written now."""
        own = (problem for running in self._running.values() for problem in running.problems)
        return list(dict.fromkeys([*self._problems, *own]))  # entities of one block share its problems

    @property
    def entity_ids(self) -> Sequence[str]:
        """The ids of all helpers that run."""
        return tuple(self._running)

    def find(self, entity_id: str) -> Helper | None:
        """Return a helper, None where there is none of that id."""
        running = self._running.get(entity_id)
        return None if running is None else running.helper

    def load(self, sections: Mapping[str, Any], broken: Collection[str] = ()) -> Sequence[Problem]:
        """Take the sections as they are now: start what is new, stop what is gone, leave alone what did not change.

        Args:
            sections: the top-level keys of the configuration.
            broken: sections of which something could not be read: nothing of them counts as gone.
        """
        self._problems = []
        items = read_items(sections, self._kinds, self._readers, self._problems)
        saved = self._saved.load() if self._first else {}
        now = {entity_id: running.item for entity_id, running in self._running.items()}
        plan = plan_helpers(now, items, broken)
        for entity_id in plan.gone:
            self._remove(entity_id)
        for item in plan.kept:
            kept = self._running[item.entity_id]
            kept.item = item
            kept.problems = []
        made: list[tuple[Item, Running, Saved | None]] = []
        for item in plan.fresh:
            before = self._running.get(item.entity_id)
            running = self._make(item, before)
            if running is not None:
                was = self._was(item.entity_id, saved) if before is None else self._saved_now(item.entity_id)
                made.append((item, running, was))
        # all old ones have let go before the first new one begins: they may share the triggers of a block
        for item, running, was in made:
            self._start(item, running, was)
        if self._first:
            self._forget_ghosts(saved, items, broken)
        self._first = False
        return self.problems

    def _make(self, item: Item, before: Running | None) -> Running | None:
        """Return a helper that is ready to start in the place of the one before, None where it is invalid."""
        owner = Owner(f"helper {item.entity_id}")
        try:
            helper = make_helper(item, self._place(item, owner))
        except InvalidError as invalid:
            if before is not None:
                before.problems = list(invalid.problems)
            else:
                self._problems += invalid.problems
            return None
        if before is not None:
            before.owner.release()
        return Running(item, helper, owner)

    def _start(self, item: Item, running: Running, saved: Saved | None) -> None:
        entity = _entity(item, running.helper)
        try:
            if item.entity_id in self._running:
                self._home.update_entity(entity, self._entities)
            else:
                self._home.add_entity(entity, self._entities)
            self._running[item.entity_id] = running
            restored = item.kind.restored and getattr(running.helper, "restored", True)
            running.helper.start(saved if restored else None)
        except Exception as failure:  # a kind may come from anybody: one that fails costs its own helper only
            if not isinstance(failure, ValueError):
                _LOGGER.exception("%s cannot start", item.entity_id)
            running.owner.release()
            self._problems.append(error(item.mark, f"{item.entity_id}: {failure or repr(failure)}"))
            if self._running.pop(item.entity_id, None) is not None:
                self._home.remove_entity(item.entity_id, self._entities)
            return
        if restored:
            entity_id = item.entity_id
            topic = self._hub.topics.state(entity_id)
            self._hub.bus.subscribe(topic, lambda _: self._saved.touch(entity_id), running.owner)
            state = self._hub.states.get(entity_id)
            if state is not None and (
                saved is None or (saved.state, saved.attributes) != (state.state, state.attributes)
            ):
                self._saved.touch(entity_id)

    def _remove(self, entity_id: str) -> None:
        running = self._running.pop(entity_id)
        running.owner.release()
        self._home.remove_entity(entity_id, self._entities)
        self._saved.forget([entity_id])

    def _forget_ghosts(self, saved: Mapping[str, Saved], items: Mapping[str, Item], broken: Collection[str]) -> None:
        """Forget helpers that went from the configuration while the daemon was off, at the broker too."""
        if any(kind.domain in broken for kind in self._kinds if kind.section) or any(
            n in broken for n in self._readers
        ):
            return  # what could not be read may hold them
        ghosts = [entity_id for entity_id in saved if entity_id not in items]
        self._saved.forget(ghosts)
        for entity_id in ghosts:
            self._hub.bus.publish(self._hub.topics.state(entity_id), b"", retain=True)

    def _was(self, entity_id: str, saved: Mapping[str, Saved]) -> Saved | None:
        """Return what a new helper was in an earlier life."""
        return saved.get(entity_id) if self._first else self._saved.find(entity_id)

    def _saved_now(self, entity_id: str) -> Saved | None:
        state = self._hub.states.get(entity_id)
        return None if state is None else Saved(state.state, state.attributes, self._hub.clock.now())

    def _place(self, item: Item, owner: Owner) -> Place:
        engine = self._engine
        library, schedule = engine.library, engine.schedule
        return Place(item.entity_id, item.node, self._hub, self._home, engine, schedule, library, owner, self._shared)

    def _stop(self) -> None:
        self._shared[STOPPING] = True
        for running in self._running.values():
            running.owner.release()
        self._saved.close()


def make_helper(item: Item, place: Place) -> Helper:
    """Return a helper that has not started; raise InvalidError with every problem of its item."""
    read: Validated[Any] = validate(item.node, item.kind.settings, item.entity_id, item.container, item.key)
    if read.value is None:
        raise InvalidError(read.problems)
    try:
        helper = item.kind.make(read.value, place)
    except InvalidError:
        raise
    except ValueError as failure:
        raise InvalidError([error(item.mark, f"{item.entity_id}: {failure}")]) from None
    except Exception as failure:  # a kind may come from anybody: one that fails costs its own helper only
        _LOGGER.exception("%s cannot be made", item.entity_id)
        raise InvalidError([error(item.mark, f"{item.entity_id} cannot be made: {failure!r}")]) from None
    return helper


def _entity(item: Item, helper: Helper) -> Entity:
    kind, node = item.kind, item.node
    fields: dict[str, Any] = {"expose": kind.expose}
    if kind.actions:
        fields["controller"] = HelperController(kind, helper)
    if isinstance(node.get("name"), str | int):
        fields["name"] = str(node["name"])
    if kind.describe is not None:
        fields.update(kind.describe(helper))
    return Entity(id=item.entity_id, **fields)

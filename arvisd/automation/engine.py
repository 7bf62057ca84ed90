"""The engine: loads automations, keeps them running over reloads, shows them to the rest of the house."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import ChainMap
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from arvisd.automation import conditions, steps, triggers
from arvisd.automation.attachment import STARTED_TOPIC, STOPPING_TOPIC, Sentences, Webhooks
from arvisd.automation.blueprints.shelf import Shelf
from arvisd.automation.builder import Library
from arvisd.automation.domains.targeting import Targets
from arvisd.automation.entity_actions import register_actions
from arvisd.automation.entry import AutomationInfo, Entry
from arvisd.automation.errors import UnknownAutomationError
from arvisd.automation.loading import Loader
from arvisd.automation.parts import Parts
from arvisd.automation.publication import Publication
from arvisd.automation.run import Run
from arvisd.automation.scenes.scenes import Scenes
from arvisd.automation.schedule import Schedule
from arvisd.automation.schema import read_section
from arvisd.automation.scripts.actions import register_script_actions
from arvisd.automation.scripts.call_problems import call_problems
from arvisd.automation.scripts.scripts import Scripts
from arvisd.automation.templates.environment import TemplateEnvironment, limited
from arvisd.automation.trace import TraceRecord
from arvisd.automation.traces.kept import traces_of
from arvisd.automation.unknown import Unknown
from arvisd.config.problems import Problem, did_you_mean
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry
from arvisd.storage.database import Database

_LOGGER = logging.getLogger("arvisd.automation")

LAST_SECONDS = 1.5
"""How long what a trigger of the stop set off may go on: an action that waits for its device, a word that is said."""
STOP_SECONDS = 3.0
"""How long the runs may take to end when the daemon stops: it has five seconds in all."""


class AutomationEngine:
    """All automations of one daemon.

    Args:
        hub: bus, states, actions, clock.
        sentences: where sentence triggers are registered; None: sentences are not heard.
        owner: entered with `async with`; its stop ends everything.
        database: where runs, traces and switches outlive a restart; None: in memory.
        folder: the configuration folder, with its blueprints and templates; None: there are none.
        home: areas, floors, labels and devices; None: there are none.
    """

    def __init__(
        self,
        hub: Hub,
        sentences: Sentences | None,
        owner: Owner,
        database: Database | None = None,
        folder: Path | None = None,
        home: HomeRegistry | None = None,
    ) -> None:
        self._hub = hub
        self._owner = owner
        self.database = database or Database(None).open()
        home = home or HomeRegistry(hub.states)
        environment = TemplateEnvironment(hub.states, hub.clock, home, folder)
        environment.language = hub.language
        targets = Targets(hub, home)
        owner.on_stop(targets.stop)
        self.library = Library(
            triggers.built_in(),
            conditions.built_in(),
            steps.built_in(),
            environment,
            limited(environment),
            Shelf(folder),
            targets,
        )
        """Kinds of triggers, conditions and steps; other parts register theirs in it."""
        self.reload_configuration: Callable[[], Awaitable[object]] | None = None
        """Set by the daemon: reads the configuration anew, as saving a file does."""
        self._entries: dict[str, Entry] = {}
        """By entity id, in the order of the files."""
        self._script_entries: dict[str, Entry] = {}
        self._publication = Publication(hub, self._entries, self._script_entries)
        self._parts = Parts(hub, owner, sentences, self._publication.changed, self._publication.started, self.database)
        self._running = False
        self._loader = Loader(self.library, self._parts, self._entries)
        self.scripts = Scripts(hub, home, self._script_entries)
        """Calls scripts, which are loaded, run and traced as automations are."""
        self.scenes = Scenes(hub, home, self.database, owner)
        """Scenes, those that automations make too."""
        self._script_loader = Loader(self.library, self._parts, self._script_entries, self.scripts.kind)
        self._all: Mapping[str, Entry] = ChainMap(self._script_entries, self._entries)
        """Automations, then scripts, by entity id."""
        self._unknown = Unknown(targets)
        self._call_problems: list[Problem] = []
        """What is wrong with the calls of scripts."""
        self._lock = asyncio.Lock()
        self._asked = 0
        for types in (self.library.triggers, self.library.conditions, self.library.steps):
            types.on_change = self._types_changed
        register_actions(self, hub, owner)
        register_script_actions(self.scripts, self, hub, owner)
        owner.on_stop(self._release)

    @property
    def running(self) -> bool:
        """Whether every part of the daemon runs, so that all automations hear what happens."""
        return self._running

    @property
    def parts(self) -> Parts:
        """What automations share, for helpers that hold triggers and steps."""
        return self._parts

    @property
    def schedule(self) -> Schedule:
        """What wakes clock triggers, and helpers that have their times."""
        return self._parts.schedule

    @property
    def problems(self) -> Sequence[Problem]:
        """All that is wrong with the automations and scripts that are loaded now."""
        return [
            *self.library.templates.macros.problems,
            *self._loader.problems,
            *self._script_loader.problems,
            *self._call_problems,
            *self._unknown.problems(self._all.values(), running=self._running),
        ]

    def hear_webhooks(self, webhooks: Webhooks) -> None:
        """Give the triggers the part that webhooks come to; before automations are loaded."""
        self._parts.surroundings.webhooks = webhooks

    async def load(self, node: Any, unreadable: Collection[str] = (), scripts: Any = None) -> Sequence[Problem]:
        """Take the sections as they are now: start what is new, stop what is gone, leave the rest alone.

        Args:
            node: the section `automation` as it was written; a `Broken` among it stands for what could not be read.
            scripts: the section `script` likewise.
            unreadable: names of files, as in marks, that stand in the section with nothing because they could not
                be read: what was loaded from them goes on (unless `on_error: stop`).

        Loads come one after the other; one that was overtaken by a later one while it waited does nothing.
        """
        self._asked += 1
        turn = self._asked
        async with self._lock:
            if turn == self._asked:
                section = read_section(node)
                keep = section.settings.on_error == "keep"
                # the scripts first: what automations call is there when they begin to listen
                gone = await self._script_loader.load(scripts, unreadable, keep=keep)
                gone += await self._loader.load(section, unreadable)
                for entry in gone:
                    self._publication.forget(entry)
                self._parts.revival.loaded()
                self._call_problems = call_problems(self._all.values())
                if self._running:
                    self._hub.fire("automation_reloaded")
        return self.problems

    def started(self) -> Sequence[Problem]:
        """Tell the automations that every part of the daemon runs; return warnings of actions that nobody offers."""
        self._running = True
        self.scenes.restore()
        self._parts.revival.started()
        self._hub.bus.publish(STARTED_TOPIC, b"")
        self._parts.dwells.clear_out({entry.id for entry in self._entries.values()})
        self._parts.schedule.begin()
        return self._unknown.problems(self._all.values(), running=True)

    async def stop(self) -> None:
        """Tell the automations that the daemon stops; their runs are let be, and go on after the next start."""
        await self._let_finish(self._runs_of_the_end())
        stopping = [run for entry in self._all.values() if entry.automation for run in entry.automation.suspend_runs()]
        if stopping:
            try:
                await self._hub.clock.wait_for(asyncio.gather(*(run.wait() for run in stopping)), STOP_SECONDS)
            except TimeoutError:
                _LOGGER.warning("%d runs of automations did not end in %.0f s", len(stopping), STOP_SECONDS)
        self._release()
        self._parts.schedule.end()
        await self._parts.traces.stop()

    def _runs_of_the_end(self) -> Sequence[Run]:
        """Tell the automations that the daemon stops; return the runs that this began and that still go on."""
        before = {id(run) for run in self._runs()}
        self._hub.bus.publish(STOPPING_TOPIC, b"")
        return [run for run in self._runs() if id(run) not in before]

    async def _let_finish(self, runs: Sequence[Run]) -> None:
        """Wait for the runs that the stop began, as long as it may be held up."""
        if runs:
            with contextlib.suppress(TimeoutError):
                await self._hub.clock.wait_for(asyncio.gather(*(run.wait() for run in runs)), LAST_SECONDS)

    def _runs(self) -> Sequence[Run]:
        return [run for entry in self._all.values() if entry.automation for run in entry.automation.runner.runs]

    def list(self) -> Sequence[AutomationInfo]:
        """Return all automations, invalid ones too, in the order of the files."""
        schedule = self._parts.schedule
        return [entry.info(schedule.next_of(entry.source.label)) for entry in self._entries.values()]

    def list_scripts(self) -> Sequence[AutomationInfo]:
        """Return all scripts likewise."""
        return [entry.info(None) for entry in self._script_entries.values()]

    def entries(self) -> Sequence[Entry]:
        """Return every automation."""
        return tuple(self._entries.values())

    def find(self, name: str) -> Entry:
        """Return an automation by its id, entity id or alias, a script by its entity id or alias.

        Raises:
            UnknownAutomationError: there is none.
        """
        found = self._all.get(name) or next(
            (entry for entry in self._all.values() if name in (entry.id, entry.source.label)), None
        )
        if found is None:
            near = did_you_mean(name, [key for entry in self._all.values() for key in (entry.id, entry.entity_id)])
            raise UnknownAutomationError(f"there is no automation {name!r}{near}")
        return found

    def trigger(
        self,
        name: str,
        variables: dict[str, Any] | None = None,
        context: Context | None = None,
        *,
        skip_condition: bool = True,
    ) -> Run | None:
        """Run an automation now; None where its conditions or its mode are against it."""
        entry = self.find(name)
        if entry.automation is None:
            raise UnknownAutomationError(f"the {entry.source.domain} {name!r} cannot run: {entry.error}")
        return entry.automation.trigger(variables or {}, context, skip_condition=skip_condition)

    def traces(self, name: str) -> Sequence[TraceRecord]:
        """Return the kept traces of an automation, oldest first: runs, those that go on too, and triggers that led to none."""
        return traces_of(self.find(name), self._parts.traces, self._hub.clock)

    def trace_of(self, run: str) -> TraceRecord | None:
        """Return the trace of a run from before, None where it is not kept."""
        return self._parts.traces.find(run)

    def switch(self, entry: Entry, *, on: bool, stop_actions: bool = True, context: Context | None = None) -> None:
        """Switch an automation on or off; that is remembered over a restart."""
        entry.switch(on=on)
        self._parts.traces.switched(entry, on=on)
        if not on:
            self._parts.dwells.forget(entry.id)
        if not on and stop_actions and entry.automation is not None:
            entry.automation.stop_runs()
        entry.show(self._hub, context)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Do something of a helper's in the background; it ends with the engine."""
        return self._owner.spawn(work, name)

    def reload_soon(self) -> asyncio.Task[Any]:
        """Read the configuration anew in a task of the engine's own: the run that asked for it may end by it."""
        assert self.reload_configuration is not None
        return self._owner.spawn(_awaited(self.reload_configuration()), "reload")

    def try_again(self) -> None:
        """Something that automations need is there now, or gone: build again what could not be used."""
        self._types_changed()

    def _types_changed(self) -> None:
        """A part registered a kind of trigger, condition or step: try again what was refused."""
        if any(entry.error for entry in self._all.values()):
            self._owner.spawn(self._retry(), "new kinds")

    async def _retry(self) -> None:
        async with self._lock:
            for loader in (self._script_loader, self._loader):
                await loader.retry()
            self._parts.revival.loaded()

    def _release(self) -> None:
        for entry in self._all.values():
            if entry.automation is not None:
                entry.automation.detach()
                entry.automation.suspend_runs()
        self._parts.revival.stop()
        self._publication.stop()


async def _awaited(work: Awaitable[object]) -> None:
    await work

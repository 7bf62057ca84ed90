"""Helpers on a bench: sections given as YAML text, restarts over one database, events written down."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from arvisd.automation.engine import AutomationEngine
from arvisd.automation.helpers.collection import Helpers
from arvisd.config import load
from arvisd.core.actions import Target
from arvisd.core.bus import Message
from arvisd.core.events import Event
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.states import State
from arvisd.home.actions import register_home_actions
from arvisd.home.registry import HomeRegistry
from arvisd.storage.database import FILE, Database
from tests.simulators.clock import FakeClock


class HelperRig:
    """A house with helpers; `restart` and `crash` begin a new one on what the old one has left in the database."""

    def __init__(self, clock: FakeClock, folder: Path) -> None:
        self.clock = clock
        self.folder = folder
        self.events: list[tuple[str, dict[str, Any]]] = []
        """Every event with its data, over all lives."""
        self._begin()

    def _begin(self) -> None:
        self.hub = Hub(self.clock)
        self.owner = Owner("automations")
        self.home = HomeRegistry(self.hub.states)
        register_home_actions(self.hub, self.home, self.owner)
        self.database = Database(self.folder / FILE).open()
        self.engine = AutomationEngine(self.hub, None, self.owner, self.database, home=self.home)
        self.helpers = Helpers(self.hub, self.home, self.engine, self.database, self.owner)
        self.hub.bus.subscribe("arvis/event/#", self._event, self.owner)

    def _event(self, message: Message) -> None:
        self.events.append((message.topic.rpartition("/")[2], message.decode(Event).data))

    def write(self, text: str) -> None:
        """Write the whole configuration."""
        (self.folder / "configuration.yaml").write_text(textwrap.dedent(text).lstrip("\n"))

    def load(self, text: str | None = None, *, started: bool = True) -> list[str]:
        """Write the configuration, load its helpers and say that the daemon runs; return the problems as text."""
        if text is not None:
            self.write(text)
        loaded = load(self.folder)
        problems = [*loaded.problems, *self.helpers.load(loaded.tree, loaded.broken)]
        if started and not self.engine.running:
            self.engine.started()
        return [str(problem) for problem in problems]

    def restart(self, *, seconds: float = 0.0, started: bool = True) -> list[str]:
        """Stop as a daemon stops, wait, and start again with the same configuration."""
        self.owner.release()
        return self._again(seconds, started=started)

    def crash(self, *, seconds: float = 0.0, started: bool = True) -> list[str]:
        """End without a last word, and start again."""
        return self._again(seconds, started=started)

    def _again(self, seconds: float, *, started: bool) -> list[str]:
        self.database.close()
        for _, _, timer in self.clock._timers:  # what was due in the life that ended
            timer.cancel()
        self.clock._elapsed += seconds
        self._begin()
        return self.load(started=started)

    def state(self, entity_id: str) -> str:
        """Return a state, `(none)` where there is none."""
        found = self.hub.states.get(entity_id)
        return "(none)" if found is None else found.state

    def whole(self, entity_id: str) -> State:
        found = self.hub.states.get(entity_id)
        assert found is not None
        return found

    def attributes(self, entity_id: str) -> dict[str, Any]:
        return self.whole(entity_id).attributes

    async def do(self, action: str, entity_id: str | list[str] = "", **data: Any) -> Any:
        """Call an action on an entity."""
        return await self.hub.actions.call(action, data, Target(entity_id=entity_id) if entity_id else None)

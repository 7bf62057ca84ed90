"""Commands on a bench: sections given as YAML text, what they send written down."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import msgspec

from arvisd.automation.commands.collection import Commands
from arvisd.automation.commands.general import register_general_actions
from arvisd.automation.commands.kind import House
from arvisd.automation.engine import AutomationEngine
from arvisd.config import load
from arvisd.core.actions import Action, ActionCall, Target
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry


class AnyKeys(msgspec.Struct, frozen=True):
    """Data of the actions that only write down that they were called."""


class CommandRig:
    """What a test holds: `rig.load("…")`, `await rig.do("notify.phone", message="…")`, `rig.calls`."""

    def __init__(self, hub: Hub, owner: Owner, folder: Path) -> None:
        self.hub = hub
        self.owner = owner
        self.folder = folder
        self.home = HomeRegistry(hub.states)
        self.engine = AutomationEngine(hub, None, owner, folder=folder, home=self.home)
        self.commands = Commands(hub, self.engine.library, owner)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        """Every call of `mqtt.publish`, `tts.speak` and `persistent_notification.create`."""
        self.areas: list[Any] = []
        """Areas of the target of each call."""
        self.reloads = 0
        for name in ("mqtt.publish", "tts.speak", "persistent_notification.create"):
            hub.actions.register(Action(name, AnyKeys, "Writes down.", sync_handler=self._note, takes_more=True), owner)
        register_general_actions(hub, self.home, self._reload, lambda: self.commands.names("notify"), owner)

    def _note(self, call: ActionCall) -> None:
        self.calls.append((call.name, dict(call.data)))
        self.areas.append(call.target.area_id)

    async def _reload(self) -> None:
        self.reloads += 1

    def load(self, text: str, *, programs: bool = False, outside: bool = False) -> list[str]:
        """Write the configuration and load its commands; return the problems as text."""
        (self.folder / "configuration.yaml").write_text(textwrap.dedent(text).lstrip("\n"))
        loaded = load(self.folder)
        house = House(self.folder, programs=programs, outside=outside)
        return [str(problem) for problem in [*loaded.problems, *self.commands.load(loaded.tree, house, loaded.broken)]]

    async def do(self, action: str, where: Target | None = None, /, **data: Any) -> Any:
        """Call an action."""
        return await self.hub.actions.call(action, data, where)

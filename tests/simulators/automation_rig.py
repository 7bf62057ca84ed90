"""An engine on a bench: automations given as YAML text, what they publish and call written down."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from arvisd.automation.engine import AutomationEngine
from arvisd.automation.trace import TraceRecord
from arvisd.config import load
from arvisd.core.actions import Action, ActionCall
from arvisd.core.bus import Message
from arvisd.core.context import Context
from arvisd.core.errors import ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry
from arvisd.intent.sentence_triggers import SentenceMatch
from arvisd.mqtt.publish_action import register_publish
from arvisd.storage.database import Database
from tests.simulators.clock import FakeClock


class NoteData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of the actions that only write down that they were called."""

    message: str = ""
    number: int | float | None = None
    items: Any = None


class SentencesFake:
    """Remembers the sentences and says one of them."""

    def __init__(self) -> None:
        self.registered: list[tuple[list[str], Callable[[Any], Awaitable[str | None]], str | None]] = []

    def register(
        self,
        sentences: list[str],
        handler: Callable[[Any], Awaitable[str | None]],
        owner: Owner,
        language: str | None = None,
    ) -> None:
        entry = (sentences, handler, language)
        self.registered.append(entry)
        owner.on_stop(lambda: self.registered.remove(entry))


class AutomationRig:
    """What a test holds: `rig.load("…")`, `rig.publish(topic, payload)`, `rig.notes`, `rig.sent`."""

    def __init__(
        self, hub: Hub, clock: FakeClock, owner: Owner, folder: Path, database: Database | None = None
    ) -> None:
        self.hub = hub
        self.clock = clock
        self.owner = owner
        self.folder = folder
        self.sentences = SentencesFake()
        self.home = HomeRegistry(hub.states)
        self.engine = AutomationEngine(hub, self.sentences, owner, database, folder=folder, home=self.home)
        self.calls: list[ActionCall] = []
        """Every call of `test.note`, `test.slow` and `test.fail`."""
        self.sent: list[tuple[str, bytes]] = []
        """Every message outside of arvisd's own topics."""
        register_publish(hub, owner)
        hub.bus.subscribe("#", self._seen, owner)
        self._register()

    @property
    def notes(self) -> list[str]:
        """The texts that `test.note` was given."""
        return [call.data.message for call in self.calls if call.name == "test.note"]

    def write(self, text: str, name: str = "automations.yaml") -> None:
        """Write a file of automations."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"))

    async def load(self, text: str) -> list[str]:
        """Write `automations.yaml` and load it; return the problems as text."""
        self.write(text)
        return await self.reload()

    async def reload(self) -> list[str]:
        """Read the folder anew and load its automations."""
        configuration = self.folder / "configuration.yaml"
        if not configuration.exists():
            configuration.write_text("automation: !include automations.yaml\n")
        loaded = load(self.folder)
        problems = await self.engine.load(loaded.tree.get("automation"), loaded.unreadable, loaded.tree.get("script"))
        return [str(problem) for problem in [*loaded.problems, *problems]]

    def publish(self, topic: str, payload: str | bytes = b"") -> None:
        """Publish as somebody outside does."""
        self.hub.bus.publish(topic, payload.encode() if isinstance(payload, str) else payload)

    def traces(self, name: str) -> list[TraceRecord]:
        return list(self.engine.traces(name))

    def outcomes(self, name: str) -> list[str]:
        """Return how what has ended did, oldest first."""
        return [trace.outcome for trace in self.traces(name) if trace.outcome]

    def results(self, name: str) -> dict[str, Any]:
        """Return what the last run's nodes gave, by path."""
        return {step.path: step.result for step in self.traces(name)[-1].steps}

    def _seen(self, message: Message) -> None:
        if not message.topic.startswith(("arvis/", "$")):
            self.sent.append((message.topic, message.data))

    def _register(self) -> None:
        def note(call: ActionCall) -> Any:
            self.calls.append(call)
            return {"noted": call.data.message}

        async def slow(call: ActionCall) -> Any:
            await self.clock.sleep(1)
            self.calls.append(call)
            return {"slept": 1}

        def fail(call: ActionCall) -> None:
            self.calls.append(call)
            raise ActionFailedError("the lamp does not answer")

        def crash(call: ActionCall) -> None:  # a handler with a fault of its own
            raise RuntimeError("unforeseen")

        for action in (
            Action("test.note", NoteData, "Writes down.", sync_handler=note),
            Action("test.slow", NoteData, "Writes down after a second.", handler=slow),
            Action("test.fail", NoteData, "Fails.", sync_handler=fail),
            Action("test.crash", NoteData, "Raises what nobody expects.", sync_handler=crash),
        ):
            self.hub.actions.register(action, self.owner)


@asynccontextmanager
async def automation_rig(hub: Hub, clock: FakeClock, folder: Path) -> AsyncIterator[AutomationRig]:
    """Give a rig whose engine stops at the end."""
    async with Owner("automations") as owner:
        rig = AutomationRig(hub, clock, owner, folder)
        yield rig
        stopping = asyncio.ensure_future(rig.engine.stop())
        await clock.settle()
        await stopping


def sentence(text: str, **slots: str) -> SentenceMatch:
    """Return a sentence as it is handed to the trigger that waits for it."""
    return SentenceMatch(text, slots, "en", "hall", "s1", Context())


NOTE = """
  actions:
    - action: test.note
      data:
        message: "{said}"
"""


def one_trigger(trigger: str, said: str = "ran") -> str:
    """Return an automation of one trigger, written in braces, that notes a text."""
    return "- id: a\n  triggers:\n    - " + trigger + NOTE.replace("{said}", said)


async def run_steps(rig: AutomationRig, steps: str, payload: str = "", **more: Any) -> None:
    """Load one automation of these steps, given indented by four, and set it off."""
    head = "- id: a\n  alias: A\n  triggers: [{trigger: mqtt, topic: go}]\n"
    head += "".join(f"  {key}: {value}\n" for key, value in more.items())
    rig.write(head + "  actions:\n" + steps.strip("\n") + "\n")
    assert await rig.reload() == []
    rig.publish("go", payload)

"""Actions on a stage: every call is written down; only what stays within the house of the test is really done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from arvisd.automation.durations import seconds_of
from arvisd.automation.helpers.kinds import KINDS
from arvisd.automation.rehearsal.document import Response
from arvisd.core.actions import Action, ActionCall, ActionRegistry, Pending, Target
from arvisd.core.clock import Clock
from arvisd.core.errors import ActionFailedError
from arvisd.core.owner import Owner
from arvisd.home.targets import as_list

DONE = frozenset(
    {
        "automation",
        "mqtt",
        "persistent_notification",
        "script",
        "tag",
        *(kind.domain for kind in KINDS if kind.section and kind.domain != "scene"),
    }
)
"""Domains whose actions change nothing outside: helpers count, timers run, scripts do their steps."""


class AnyKeys(msgspec.Struct, frozen=True):
    """Data of an action that nobody here knows."""


class Called(msgspec.Struct, frozen=True, omit_defaults=True):
    """One call."""

    action: str
    data: dict[str, Any]
    """As its handler would get it, without what was left to its defaults."""
    target: dict[str, list[str]]
    entities: list[str] = []
    """The entities that its target stands for, by area, floor, label, device or group too."""
    error: str = ""
    """It failed with this."""

    def __str__(self) -> str:
        parts = [f"{key} {', '.join(ids)}" for key, ids in self.target.items()]
        if self.data:
            parts.append(msgspec.json.encode(self.data, enc_hook=str).decode())
        return " ".join([self.action, *parts]) + (f"  ✗ {self.error}" if self.error else "")


class RecordedActions(ActionRegistry):
    """The registry of a stage."""

    def __init__(
        self,
        inner: ActionRegistry,
        clock: Clock,
        responses: Mapping[str, Sequence[Response]],
        entities_of: Callable[[Target, str], list[str]],
        show: Callable[[Mapping[str, Any]], None],
    ) -> None:
        """Prepare.

        Args:
            inner: the hub's own, of which this takes the place.
            clock: of the stage.
            responses: by action, what becomes of its calls; the last one of a list stays.
            entities_of: finds the entities of a target, for an action.
            show: puts states in force.
        """
        super().__init__(inner._causes)  # noqa: SLF001  # it takes its place
        self._clock = clock
        self._responses = {name: list(given) for name, given in responses.items()}
        self._entities_of = entities_of
        self._show = show
        self._unknown: dict[str, Action] = {}
        self.calls: list[Called] = []
        self.guessed: set[str] = set()
        """Names that were called and that nothing here offers."""

    @property
    def unused(self) -> list[str]:
        """Names of responses to actions that were never called."""
        return [name for name in self._responses if all(call.action != name for call in self.calls)]

    def register(self, action: Action, owner: Owner) -> None:
        """Offer an action that writes its calls down."""
        super().register(self._recorded(action), owner)

    def get(self, name: str) -> Action:
        """Return an action; one that nobody offers takes whatever it is told."""
        if name in self._actions:
            return super().get(name)
        if name not in self._unknown:
            action = Action(name, AnyKeys, "", sync_handler=lambda _: None, takes_more=True)
            self._unknown[name] = self._recorded(action)
        self.guessed.add(name)
        return self._unknown[name]

    def _recorded(self, action: Action) -> Action:
        domain, _, verb = action.name.partition(".")
        done = domain in DONE and verb != "reload"

        def handle(call: ActionCall) -> Any:
            response = self._next(action.name)
            self._note(call, "" if response is None else response.fails or "")
            if response is not None:
                return self._answer(response)
            return _pending(action, call) if done else None

        return msgspec.structs.replace(action, handler=None, sync_handler=handle)

    def _answer(self, response: Response) -> Any:
        if response.after is None:
            return self._give(response)
        return Pending(self._later(response))

    async def _later(self, response: Response) -> Any:
        await self._clock.sleep(seconds_of(response.after))
        return self._give(response)

    def _give(self, response: Response) -> Any:
        if response.fails is not None:
            raise ActionFailedError(response.fails)
        self._show(response.states)
        return response.returns

    def _next(self, name: str) -> Response | None:
        waiting = self._responses.get(name)
        if not waiting:
            return None
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def _note(self, call: ActionCall, error: str) -> None:
        target = {key: as_list(ids) for key, ids in msgspec.structs.asdict(call.target).items() if ids}
        self.calls.append(
            Called(call.name, given_data(call.data), target, self._entities_of(call.target, call.name), error)
        )


def _pending(action: Action, call: ActionCall) -> Any:
    """Do it for real."""
    if action.sync_handler is not None:
        return action.sync_handler(call)
    assert action.handler is not None
    work: Awaitable[Any] = action.handler(call)
    return Pending(work)


def given_data(data: Any) -> dict[str, Any]:
    """Return the data of a call as a mapping, without what was left to its default."""
    if isinstance(data, Mapping):
        return {str(key): value for key, value in data.items()}
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(data):
        value = getattr(data, field.name)
        default = field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
        if field.required or value != default:
            found[field.encode_name] = _whole(msgspec.to_builtins(value, enc_hook=str))
    return found


def _whole(value: Any) -> Any:
    """Return a number as it was written: a field that takes any number has made 40 to 40.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value

"""Actions: what can be done, each under one name with a typed schema."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from arvisd.core.causes import Causes
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError, ActionError, UnknownActionError
from arvisd.core.owner import Owner

_LOGGER = logging.getLogger(__name__)


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an action is about; each field is one id or a list of them."""

    entity_id: str | list[str] = msgspec.field(default_factory=list)
    device_id: str | list[str] = msgspec.field(default_factory=list)
    area_id: str | list[str] = msgspec.field(default_factory=list)
    floor_id: str | list[str] = msgspec.field(default_factory=list)
    label_id: str | list[str] = msgspec.field(default_factory=list)


class ActionCall(msgspec.Struct, frozen=True):
    """One call of an action, as its handler gets it."""

    name: str
    data: Any
    """An instance of the action's schema."""
    target: Target
    context: Context


Handler = Callable[[ActionCall], Awaitable[Any]]
"""Does the action; returns JSON data or None, raises ActionError when it did not happen."""

SyncHandler = Callable[[ActionCall], Any]
"""The same for an action that seldom or never waits; the hot path of automations calls it without a task."""


class Pending:
    """What a sync handler returns where it has to wait after all: a script with a delay in it."""

    __slots__ = ("work",)

    def __init__(self, work: Awaitable[Any]) -> None:
        self.work = work
        """Gives the result, or raises ActionError."""


class NoData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Schema of an action that takes no data."""


class Action(msgspec.Struct, frozen=True):
    """One registry entry: all that is known of an action."""

    name: str
    """`domain.name`."""
    schema: type[msgspec.Struct]
    """Type of its data; fields with defaults are optional."""
    description: str
    """One sentence for people and for language models."""
    handler: Handler | None = None
    sync_handler: SyncHandler | None = None
    takes_more: bool = False
    """The handler gets the data as a mapping and checks it: keys that the schema does not name, `entity_id` too."""
    owner: str = ""


class ActionRequest(msgspec.Struct, frozen=True):
    """Payload of `arvis/action/<domain>/<name>`."""

    data: dict[str, Any] = msgspec.field(default_factory=dict)
    target: Target = msgspec.field(default_factory=Target)
    id: str = ""
    """Names the answer's topic, `arvis/result/<id>`, where no response topic is given."""


class ActionFailure(msgspec.Struct, frozen=True):
    """Why an action did not happen."""

    code: str
    """`unknown_action`, `invalid_data`, `failed`, …: see arvisd.core.errors."""
    message: str


class ActionResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """Answer to an action request: `result` when `ok`, else `error`."""

    ok: bool
    result: Any = None
    error: ActionFailure | None = None


_NO_TARGET = Target()


class ActionRegistry:
    """Every action of the daemon; calling one checks its data first."""

    def __init__(self, causes: Causes | None = None) -> None:
        """Offer nothing yet; `causes` is told of each call, so that somebody may ask later why."""
        self._actions: dict[str, Action] = {}
        self._causes = causes or Causes()

    def register(self, action: Action, owner: Owner) -> None:
        """Offer an action until the owner stops; raise ValueError when the name is taken."""
        if action.name in self._actions:
            raise ValueError(f"the action {action.name} is already offered by {self._actions[action.name].owner}")
        if (action.handler is None) == (action.sync_handler is None):
            raise ValueError(f"the action {action.name} needs either a handler or a sync_handler")
        self._actions[action.name] = msgspec.structs.replace(action, owner=owner.name)
        owner.on_stop(lambda: self._actions.pop(action.name, None))

    def get(self, name: str) -> Action:
        """Return an action; raise UnknownActionError, with the nearest name, when there is none."""
        action = self._actions.get(name)
        if action is None:
            near = difflib.get_close_matches(name, self._actions, 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise UnknownActionError(f"there is no action {name!r}{hint}")
        return action

    def names(self) -> list[str]:
        """Return the names of all actions, sorted."""
        return sorted(self._actions)

    def prepare(
        self, name: str, data: Any = None, target: Target | None = None, context: Context | None = None
    ) -> tuple[Action, ActionCall]:
        """Check a call without doing it; raise UnknownActionError or ActionDataError.

        Args:
            name: `domain.name`.
            data: a mapping, or an instance of the action's schema.
            target: what it is about.
            context: its cause; a new one by default.
        """
        action = self.get(name)
        if not isinstance(data, action.schema):
            if action.takes_more:
                data = _mapping(name, data)
            else:
                try:
                    data = msgspec.convert(data or {}, action.schema, strict=False)
                except msgspec.ValidationError as error:
                    raise ActionDataError(f"{name}: {error}") from error
        return action, ActionCall(name, data, target or _NO_TARGET, context or Context())

    async def call(
        self, name: str, data: Any = None, target: Target | None = None, context: Context | None = None
    ) -> Any:
        """Do an action and return its result; raise ActionError when it did not happen."""
        action, call = self.prepare(name, data, target, context)
        self._causes.called(name, call.target, call.context)
        if action.sync_handler is not None:
            result = action.sync_handler(call)
            return await result.work if type(result) is Pending else result
        assert action.handler is not None
        return await action.handler(call)


def _mapping(name: str, data: Any) -> Mapping[str, Any]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise ActionDataError(f"{name}: data must be a mapping")
    return data


def failure(error: ActionError) -> ActionResult:
    """Return the answer that says why an action did not happen."""
    return ActionResult(ok=False, error=ActionFailure(error.code, str(error)))

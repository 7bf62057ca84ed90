"""Does the actions that others ask for on `arvis/action/<domain>/<name>`, and answers."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from arvisd.core.actions import ActionFailure, ActionRequest, ActionResult, Pending, failure
from arvisd.core.bus import Message, Origin
from arvisd.core.causes import Request
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError, ActionError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner

_LOGGER = logging.getLogger(__name__)

CONCURRENT = 32
"""Requests done at the same time; the others wait their turn."""
WAITING = 1_000
"""Requests that may wait; more are refused with the code `busy`."""
REMEMBERED_FOR = 60.0
"""Seconds within which a request with the same id is taken for the same, sent again by MQTT."""


class ActionRequests:
    """Listens for requests; each is done once and answered where the asker wants it."""

    def __init__(self, hub: Hub, owner: Owner) -> None:
        self._hub = hub
        self._owner = owner
        self._prefix = hub.topics.action("")
        self._turns = asyncio.Semaphore(CONCURRENT)
        self._running = 0
        self._seen: OrderedDict[tuple[str, str], float] = OrderedDict()

    def start(self) -> None:
        """Begin to listen, until the owner stops."""
        self._hub.bus.subscribe(f"{self._prefix}+/+", self._requested, self._owner, remote=True)

    def _requested(self, message: Message) -> None:
        if message.retain:
            return  # a kept request is an old one: it would be done at every start
        name = message.topic[len(self._prefix) :].replace("/", ".", 1)
        try:
            request = message.decode(ActionRequest) if message.data else ActionRequest()
        except msgspec.MsgspecError as error:
            refusal = ActionDataError(f"{name}: the request is not what it should be: {error}")
            self._answer(message, _id_of(message.data), failure(refusal))
            return
        if request.id and self._again(name, request.id):
            _LOGGER.debug("%s: request %s came again", name, request.id)
            return
        if self._running >= WAITING:
            busy = ActionFailure("busy", f"{name}: {WAITING} requests are waiting already, try again later")
            self._answer(message, request.id, ActionResult(ok=False, error=busy))
            return
        try:
            context = Context()
            action, call = self._hub.actions.prepare(name, request.data, request.target, context)
            self._hub.causes.happened(Request(context, self._hub.clock.now(), name, request.target))
            begin: Callable[[], Awaitable[Any]]
            if action.sync_handler is not None:
                result = action.sync_handler(call)
                if type(result) is not Pending:
                    self._answer(message, request.id, ActionResult(ok=True, result=result))
                    return
                begin = functools.partial(_work, result)
            else:
                assert action.handler is not None
                begin = functools.partial(action.handler, call)
        except Exception as error:  # noqa: BLE001  # whatever an action raises must be answered
            self._answer(message, request.id, _failed(name, error))
            return
        self._running += 1
        self._owner.spawn(self._do(message, request.id, name, begin), f"action {name}")

    async def _do(self, message: Message, id_: str, name: str, begin: Callable[[], Awaitable[Any]]) -> None:
        try:
            async with self._turns:
                result = ActionResult(ok=True, result=await begin())
        except Exception as error:  # noqa: BLE001  # one that breaks must be answered, and must not end the others
            result = _failed(name, error)
        finally:
            self._running -= 1
        self._answer(message, id_, result)

    def _answer(self, request: Message, id_: str, result: ActionResult) -> None:
        if request.response_topic:
            topic = request.response_topic
        elif id_ and not _unfit(id_):
            topic = self._hub.topics.result(id_)
        else:
            if result.error is not None:
                _LOGGER.warning("%s", result.error.message)
            return
        self._hub.bus.deliver(Message(topic, _sendable(result), correlation=request.correlation, origin=Origin.LOCAL))

    def _again(self, name: str, id_: str) -> bool:
        """Tell whether the same request came before, and remember it."""
        now = self._hub.clock.monotonic()
        while self._seen:
            key, until = next(iter(self._seen.items()))
            if until > now:
                break
            del self._seen[key]
        if (name, id_) in self._seen:
            return True
        self._seen[name, id_] = now + REMEMBERED_FOR
        return False


class _OnlyId(msgspec.Struct):
    """What is read of a request that is otherwise wrong."""

    id: str = ""


def _id_of(payload: bytes) -> str:
    try:
        return msgspec.json.decode(payload, type=_OnlyId).id
    except msgspec.MsgspecError:
        return ""


def _work(pending: Pending) -> Awaitable[Any]:
    return pending.work


def _failed(name: str, error: Exception) -> ActionResult:
    if isinstance(error, ActionError):
        return failure(error)
    _LOGGER.error("%s failed", name, exc_info=error)
    return ActionResult(ok=False, error=ActionFailure("failed", f"{name}: {type(error).__name__}: {error}"))


def _unfit(level: str) -> bool:
    return any(sign in level for sign in "/+#\0")


def _sendable(result: ActionResult) -> ActionResult:
    """Return the result, or the reason why it cannot be written as JSON."""
    try:
        msgspec.json.encode(result.result)
    except TypeError as error:
        return ActionResult(ok=False, error=ActionFailure("failed", f"the result cannot be sent: {error}"))
    return result

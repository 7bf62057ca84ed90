"""Carries out the actions of one helper where it is reached as an entity of the house."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from arvisd.automation.helpers.kind import Helper, HelperKind
from arvisd.core.context import Context
from arvisd.core.errors import ActionFailedError
from arvisd.home.entity import Controller


class HelperController(Controller):
    """The entity's side of a helper."""

    def __init__(self, kind: HelperKind[Any], helper: Helper) -> None:
        self._kind = kind
        self._helper = helper

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Do one of the kind's actions."""
        domain, _, name = action.partition(".")
        found = next((known for known in self._kind.actions if known.name == name), None)
        if found is None or domain != self._kind.domain:
            raise ActionFailedError(f"{action} is no action of {self._kind.domain}")
        result = found.perform(self._helper, data, context)
        if inspect.isawaitable(result):
            await result

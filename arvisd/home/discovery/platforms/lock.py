"""Platform `lock` (https://www.home-assistant.io/integrations/lock.mqtt/)."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from arvisd.core.errors import ActionFailedError
from arvisd.home.actions.lock import OPEN, LockCode
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import MqttEntity


class LockConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a lock."""

    command_topic: str
    command_template: str | None = None
    state_topic: str | None = None
    value_template: str | None = None
    payload_lock: str = "LOCK"
    payload_unlock: str = "UNLOCK"
    payload_open: str | None = None
    payload_reset: str = "None"
    state_locked: str = "LOCKED"
    state_locking: str = "LOCKING"
    state_unlocked: str = "UNLOCKED"
    state_unlocking: str = "UNLOCKING"
    state_open: str = "OPEN"
    state_opening: str = "OPENING"
    state_jammed: str = "JAMMED"
    code_format: str | None = None
    """Pattern that a code must fit."""
    optimistic: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for a pattern that is none."""
        ComponentConfig.__post_init__(self)
        if self.code_format is not None:
            try:
                re.compile(self.code_format)
            except re.error as error:
                raise ValueError(f"code_format is no pattern: {error}") from None


class Lock(MqttEntity):
    """A lock."""

    domain = "lock"
    schema = LockConfig
    actions: ClassVar[frozenset[str]] = frozenset({"lock", "unlock", "open"})

    def __init__(self, key: str, config: LockConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config
        self._states = {
            config.state_locked: "locked",
            config.state_locking: "locking",
            config.state_unlocked: "unlocked",
            config.state_unlocking: "unlocking",
            config.state_open: "open",
            config.state_opening: "opening",
            config.state_jammed: "jammed",
            config.payload_reset: None,
        }

    @property
    def assumed(self) -> bool:
        """Tell whether nothing comes back."""
        return self.config.optimistic or self.config.state_topic is None

    def features(self) -> frozenset[str]:
        """Return whether it opens the latch too."""
        return frozenset({OPEN} if self.config.payload_open is not None else ())

    def listen(self) -> None:
        """Listen to the state."""
        self.follow("state", self.config.state_topic, "value_template", self._states.__getitem__)

    def value(self) -> str | None:
        """Return the state."""
        return self.known.get("state")

    def attributes(self) -> dict[str, Any]:
        """Return the pattern of its code."""
        return {} if self.config.code_format is None else {"code_format": self.config.code_format}

    def lock(self, data: LockCode) -> None:
        """Lock."""
        self._do(self.config.payload_lock, data, "locked")

    def unlock(self, data: LockCode) -> None:
        """Unlock."""
        self._do(self.config.payload_unlock, data, "unlocked")

    def open(self, data: LockCode) -> None:
        """Open the latch."""
        assert self.config.payload_open is not None
        self._do(self.config.payload_open, data, "open")

    def _do(self, payload: str, data: LockCode, state: str) -> None:
        pattern = self.config.code_format
        if pattern is not None and re.fullmatch(pattern, data.code or "") is None:
            raise ActionFailedError(f"{self.entity_id} needs a code")
        self.tell(self.config.command_topic, payload, "command_template", code=data.code)
        if self.assumed:
            self.suppose(state=state)

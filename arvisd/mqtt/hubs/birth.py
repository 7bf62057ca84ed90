"""Sends the birth message of a hub where there is none: devices then announce themselves anew."""

from __future__ import annotations

import logging

from arvisd.core.bus import Message, Origin
from arvisd.core.clock import TimerHandle
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.mqtt.mirror import CONNECTED

_LOGGER = logging.getLogger(__name__)

WAIT_SECONDS = 15.0
"""So long after each connection a hub has to show itself; Home Assistant sends its birth some 5 s after it is ready."""

BIRTH = b"online"


class Birth:
    """Stands in for a hub: zigbee2mqtt, ESPHome and Tasmota say again what there is when a hub is born."""

    def __init__(self, hub: Hub, owner: Owner) -> None:
        self._hub = hub
        self._owner = owner
        self._on = False
        self._topic = ""
        self._due: TimerHandle | None = None
        self.hub_seen = False
        """Whether a hub showed itself since the start: from then on the birth is its own affair."""
        hub.bus.subscribe(CONNECTED, lambda _: self._wait(), owner)
        owner.on_stop(self._cancel)

    def use(self, prefix: str, *, on: bool) -> None:
        """Take settings, at the start and after a reload."""
        if not self._topic:
            self._topic = f"{prefix}/status"
            self._hub.bus.subscribe(self._topic, self._heard, self._owner, remote=True)
        if on != self._on:
            self._on = on
            if on:
                self._wait()
            else:
                self._cancel()

    def _wait(self) -> None:
        self._cancel()
        if self._on and not self.hub_seen:
            self._due = self._hub.clock.call_later(WAIT_SECONDS, self._send)

    def _send(self) -> None:
        self._due = None
        _LOGGER.info(
            "no hub is there: sending its birth message on %s, so that devices announce themselves", self._topic
        )
        self._hub.bus.publish(self._topic, BIRTH, qos=0)

    def _heard(self, message: Message) -> None:
        if message.origin is Origin.REMOTE:
            self.hub_seen = True
            self._cancel()

    def _cancel(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

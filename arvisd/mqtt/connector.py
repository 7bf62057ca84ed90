"""Finds the version of MQTT that the broker speaks, and holds the wire that speaks it."""

from __future__ import annotations

import logging

from arvisd.mqtt.errors import BrokerRefusedError, NoAnswerError, ProtocolRefusedError
from arvisd.mqtt.settings import MqttSettings
from arvisd.mqtt.wire import Accepted, Link, Received, Wire, WireEvents, link
from arvisd.mqtt.wires import make_wire

_LOGGER = logging.getLogger(__name__)


class Connector:
    """MQTT 5 first, then 3.1.1; what was found is tried first the next time."""

    def __init__(
        self,
        settings: MqttSettings,
        will_topic: str,
        will_payload: bytes,
        received: Received,
        events: WireEvents,
        *,
        threaded: bool | None,
    ) -> None:
        self._settings = settings
        self._will = (will_topic, will_payload)
        self._received = received
        self._events = events
        self._threaded = threaded
        self._only_v311 = False
        self.v5 = True
        """The version of `wire`."""
        self.wire: Wire | None = None

    async def connect(self, *, fresh: bool) -> Accepted:
        """Connect; raise MqttError when it cannot be.

        Args:
            fresh: begin a new session, forgetting what the broker kept for us.
        """
        try:
            options = link(self._settings, *self._will)
        except ValueError as error:
            raise BrokerRefusedError(str(error)) from error
        if self._settings.protocol == "auto":
            versions = [False] if self._only_v311 else [True, False]
        else:
            versions = [self._settings.protocol == "5"]
        self._only_v311 = False
        refused = False
        for v5 in versions:
            try:
                accepted = await self._dial(options, v5=v5, fresh=fresh)
            except (ProtocolRefusedError, NoAnswerError) as error:
                if v5 is versions[-1]:
                    raise
                refused = isinstance(error, ProtocolRefusedError)
                _LOGGER.debug("%s: trying MQTT 3.1.1", error)
            else:
                # one that was only silent may have been busy: it is asked for MQTT 5 again the next time
                self._only_v311 = refused or versions == [False]
                return accepted
        raise AssertionError("no version was tried")

    def drop(self) -> None:
        """Close the wire without a word and forget it, with what it had in flight."""
        if self.wire is not None:
            self.wire.close()
            self.wire = None

    async def _dial(self, options: Link, *, v5: bool, fresh: bool) -> Accepted:
        if self.v5 is not v5:
            self.drop()
        if self.wire is None:
            self.v5 = v5
            self.wire = make_wire(
                self._settings.library, options, self._received, self._events, v5=v5, threaded=self._threaded
            )
        return await self.wire.connect(fresh=fresh)

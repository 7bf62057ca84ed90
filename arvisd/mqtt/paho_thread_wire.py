"""paho-mqtt in its own thread, for event loops that cannot watch sockets (Windows' Proactor)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from arvisd.mqtt.daemon_thread import in_daemon_thread
from arvisd.mqtt.paho_wire import PahoWire


class PahoThreadWire(PahoWire):
    """paho reads and writes in its thread; everything it tells is handed over to the event loop."""

    def _drive(self, client: paho.Client) -> None:
        """Leave paho without an outside loop: its own thread reads and writes."""

    def _attach(self) -> None:
        assert self._client is not None
        self._attached = True
        self._client.loop_start()

    def _detach(self) -> None:
        self._attached = False

    def _flush(self) -> None:
        """The thread writes by itself."""

    async def disconnect(self) -> None:
        """Say good-bye, so that the last will is not sent, and close."""
        client = self._client
        if client is not None and self._up:
            self._up = False
            client.disconnect()
            await in_daemon_thread(client.loop_stop, "mqtt-stop")
        self.close()

    def _hand_over(self, call: Callable[..., object], *arguments: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *arguments)

    def _on_socket_close(self, client: paho.Client, userdata: Any, sock: Any) -> None:
        """Nothing watches the socket but the thread."""

    def _on_connect(
        self,
        client: paho.Client,
        userdata: Any,
        flags: paho.ConnectFlags,
        code: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self._hand_over(self._decide, flags, code, properties)

    def _on_disconnect(
        self,
        client: paho.Client,
        userdata: Any,
        flags: paho.DisconnectFlags,
        code: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self._hand_over(self._ended, client, code.getName().lower(), flags.is_disconnect_packet_from_server)

    def _ended(self, client: paho.Client, reason: str, said: bool) -> None:
        if client is self._client:
            self._gone(reason, said=said)

    def _on_publish(
        self, client: paho.Client, userdata: Any, mid: int, code: ReasonCode, properties: Properties
    ) -> None:
        self._hand_over(self._events.acknowledged, mid, code.value)

    def _on_subscribe(
        self, client: paho.Client, userdata: Any, mid: int, codes: list[ReasonCode], properties: Properties
    ) -> None:
        self._hand_over(super()._on_subscribe, client, userdata, mid, codes, properties)

    def _on_message(self, client: paho.Client, userdata: Any, message: paho.MQTTMessage) -> None:
        self._hand_over(super()._on_message, client, userdata, message)

    def _on_message_v5(self, client: paho.Client, userdata: Any, message: paho.MQTTMessage) -> None:
        self._hand_over(super()._on_message_v5, client, userdata, message)

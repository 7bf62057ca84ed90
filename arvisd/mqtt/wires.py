"""Chooses the wire: which library, and with a thread where the event loop cannot watch sockets."""

from __future__ import annotations

import asyncio
import sys

from arvisd.mqtt.wire import Link, Received, Wire, WireEvents


def needs_thread() -> bool:
    """Tell whether the running loop has no `add_reader`: Windows' default one has not."""
    if sys.platform != "win32":
        return False
    return isinstance(asyncio.get_running_loop(), asyncio.ProactorEventLoop)


def make_wire(
    library: str, link: Link, received: Received, events: WireEvents, *, v5: bool, threaded: bool | None = None
) -> Wire:
    """Return an unconnected wire of that library: `paho` or `aiomqtt`.

    Args:
        library: which one; where a thread is needed it is always paho.
        link: the broker and how to speak with it.
        received: gets each message.
        events: is told of acknowledgements and losses.
        v5: MQTT 5, else 3.1.1.
        threaded: with paho's own thread; None: where it is needed.
    """
    if needs_thread() if threaded is None else threaded:
        from arvisd.mqtt.paho_thread_wire import PahoThreadWire  # only where it is needed

        return PahoThreadWire(link, received, events, v5=v5)
    if library == "aiomqtt":
        from arvisd.mqtt.aiomqtt_wire import AiomqttWire  # its import costs 20 ms

        return AiomqttWire(link, received, events, v5=v5)
    from arvisd.mqtt.paho_wire import PahoWire

    return PahoWire(link, received, events, v5=v5)

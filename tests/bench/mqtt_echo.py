"""Programs that answer messages on `bench/in/…` with one on `bench/out/…`: run as a child, one of them by name.

`raw-paho` and `raw-aiomqtt` are what the libraries do by themselves; `wire-…` go the daemon's own way: client,
mirror, bus, and a listener that publishes.
"""

from __future__ import annotations

import asyncio
import sys

FROM, TO = "bench/in/", "bench/out/"


def raw_paho(host: str, port: int, v5: bool) -> None:
    import socket

    import paho.mqtt.client as mqtt

    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "echo", protocol=mqtt.MQTTv5 if v5 else mqtt.MQTTv311)

    def answer(client: mqtt.Client, userdata: object, message: mqtt.MQTTMessage) -> None:
        client.publish(TO + message.topic[len(FROM) :], message.payload, message.qos)

    client.on_message = answer
    client.on_socket_open = lambda c, u, sock: sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.connect(host, port)
    client.subscribe(FROM + "#", 1)
    client.loop_forever()


async def raw_aiomqtt(host: str, port: int, v5: bool) -> None:
    import socket

    import aiomqtt

    version = aiomqtt.ProtocolVersion.V5 if v5 else aiomqtt.ProtocolVersion.V311
    nodelay = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)
    async with aiomqtt.Client(host, port, identifier="echo", protocol=version, socket_options=nodelay) as client:
        await client.subscribe(FROM + "#", 1)
        async for message in client.messages:
            await client.publish(TO + message.topic.value[len(FROM) :], message.payload, message.qos)


async def wire(library: str, host: str, port: int, v5: bool) -> None:
    from arvisd.core.bus import Message, Origin
    from arvisd.core.hub import Hub
    from arvisd.core.owner import Owner
    from arvisd.mqtt.client import MqttClient
    from arvisd.mqtt.mirror import Mirror
    from arvisd.mqtt.settings import MqttSettings

    hub = Hub()
    settings = MqttSettings(broker=f"{host}:{port}", library=library, protocol="5" if v5 else "3.1.1")  # type: ignore[arg-type]
    client = MqttClient(settings, hub.clock)

    def answer(message: Message) -> None:
        if message.origin is Origin.REMOTE:
            hub.bus.publish(TO + message.topic[len(FROM) :], message.data, qos=message.qos)

    async with Owner("echo") as owner:
        Mirror(hub, client).start(owner)
        hub.bus.subscribe(FROM + "#", answer, owner, remote=True)
        await client.run()


def main() -> None:
    name, host, port, version = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "5"
    if name == "raw-paho":
        raw_paho(host, port, version)
    elif name == "raw-aiomqtt":
        asyncio.run(raw_aiomqtt(host, port, version))
    elif "--profile" in sys.argv:
        import cProfile
        import pstats
        import signal

        profile = cProfile.Profile()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        try:
            profile.runcall(asyncio.run, wire(name.removeprefix("wire-"), host, port, version))
        finally:
            pstats.Stats(profile).sort_stats("tottime").print_stats(40)
    else:
        asyncio.run(wire(name.removeprefix("wire-"), host, port, version))


if __name__ == "__main__":
    main()

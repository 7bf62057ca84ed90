"""Drives an echo with messages and measures what comes back: latency at a slow pace, throughput with some in flight.

It speaks MQTT 3.1.1 over a plain socket itself, so that the measuring costs the measured as little as can be.
"""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Iterator

import msgspec

TIMEOUT = 20.0


class Result(msgspec.Struct, frozen=True):
    """What one echo did."""

    name: str
    per_second: float
    cpu_us: float
    """CPU of the echo process a message, user and system."""
    p50_ms: float
    p99_ms: float


class Load:
    """A client that sends to `bench/in/x` and receives `bench/out/x`."""

    def __init__(self, host: str, port: int, qos: int) -> None:
        self._qos = qos
        self._sock = socket.create_connection((host, port))
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray()
        self._mid = 0
        self._send(0x10, b"\0\4MQTT\4\2\0\0\0\4load")
        self._packet()
        self._send(0x82, b"\0\1" + _text("bench/out/#") + bytes((qos,)))
        self._packet()

    def close(self) -> None:
        self._sock.close()

    def until_echo(self) -> None:
        """Wait until the echo answers."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            self.publish(b"hello")
            if self._wait(0.1):
                time.sleep(0.2)
                while self._wait(0.1):
                    pass
                return
        raise AssertionError("the echo does not answer")

    def latency(self, messages: int, per_second: float) -> list[float]:
        """Return the milliseconds of each of so many messages at that pace, sorted."""
        times = []
        begin = time.perf_counter()
        for number in range(messages):
            time.sleep(max(0.0, begin + number / per_second - time.perf_counter()))
            sent = time.perf_counter()
            self.publish(b'{"n": %d, "value": 21.5, "unit": "C"}' % number)
            if not self._wait(TIMEOUT):
                raise AssertionError("an answer did not come")
            times.append((time.perf_counter() - sent) * 1000)
        return sorted(times)

    def throughput(self, messages: int, in_flight: int) -> float:
        """Return the messages a second with so many under way."""
        begin = time.perf_counter()
        sent = received = 0
        while received < messages:
            batch = bytearray()
            while sent < messages and sent - received < in_flight:
                batch += self._publish(b'{"n": %d, "value": 21.5, "unit": "C"}' % sent)
                sent += 1
            if batch:
                self._sock.sendall(batch)
            if not self._wait(TIMEOUT):
                raise AssertionError(f"only {received} of {messages} answers came")
            received += 1 + sum(1 for _ in iter(lambda: self._take(), 0))
        return messages / (time.perf_counter() - begin)

    def publish(self, payload: bytes) -> None:
        self._sock.sendall(self._publish(payload))

    def _publish(self, payload: bytes) -> bytes:
        body = _text("bench/in/x")
        if self._qos:
            self._mid = self._mid % 65535 + 1
            body += struct.pack("!H", self._mid)
        return bytes((0x30 | self._qos << 1,)) + _length(len(body) + len(payload)) + body + payload

    def _wait(self, timeout: float) -> int:
        """Wait for one answer; return 0 when none came."""
        deadline = time.monotonic() + timeout
        while not self._take():
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._sock], [], [], left)[0]:
                return 0
            data = self._sock.recv(65536)
            assert data, "the broker hung up"
            self._buffer += data
        return 1

    def _take(self) -> int:
        """Take one answer out of what has been received; acknowledge it."""
        for kind, body in self._packets():
            if kind & 0xF0 == 0x30:
                if kind & 0x06:
                    at = 2 + struct.unpack_from("!H", body)[0]
                    self._sock.sendall(b"\x40\2" + body[at : at + 2])
                return 1
        return 0

    def _packets(self) -> Iterator[tuple[int, bytes]]:
        while (packet := _split(self._buffer)) is not None:
            kind, start, end = packet
            body = bytes(self._buffer[start:end])
            del self._buffer[:end]
            yield kind, body

    def _packet(self) -> None:
        while (packet := _split(self._buffer)) is None:
            self._buffer += self._sock.recv(65536)
        del self._buffer[: packet[2]]

    def _send(self, kind: int, body: bytes) -> None:
        self._sock.sendall(bytes((kind,)) + _length(len(body)) + body)


def _text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("!H", len(data)) + data


def _length(value: int) -> bytes:
    out = bytearray()
    while True:
        value, digit = divmod(value, 128)
        out.append(digit | (0x80 if value else 0))
        if not value:
            return bytes(out)


def _split(buffer: bytearray) -> tuple[int, int, int] | None:
    """Return kind, start and end of the body of the first packet, None when it is not whole."""
    length = shift = 0
    for index in range(1, min(len(buffer), 5)):
        length |= (buffer[index] & 0x7F) << shift
        shift += 7
        if not buffer[index] & 0x80:
            start = index + 1
            return (buffer[0], start, start + length) if len(buffer) >= start + length else None
    return None

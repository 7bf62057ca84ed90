"""Audio over MQTT: packets of a 16-byte header and mono s16le, both ways alike.

All numbers are little-endian:

| bytes | type | field |
| --- | --- | --- |
| 0 | u8 | version, 1 |
| 1 | u8 | flags, 0: none is defined yet, receivers ignore them |
| 2–3 | u16 | stream: chosen by the sender anew for every stream, so that a late packet of the one before is known |
| 4–7 | u32 | sequence: 0, 1, 2, … within the stream |
| 8–15 | u64 | sample time: position of the packet's first sample in the stream |

The rate is not in the packet: `arvis/site/<site>/audio/in` is 16 kHz, speech has the `rate` of its `begin`.
A whole packet is at most 4,000 bytes: larger ones stall mosquitto's own websocket listener.
"""

from __future__ import annotations

import struct

import msgspec

VERSION = 1
HEADER = struct.Struct("<BBHIQ")
MAX_PACKET = 4000
"""Bytes of the largest packet."""
MAX_PCM = (MAX_PACKET - HEADER.size) // 2 * 2
"""Bytes of sound in the largest packet."""


class PacketError(ValueError):
    """The bytes are no audio packet; the text says why."""


class Packet(msgspec.Struct, frozen=True):
    """Some sound of a stream."""

    stream: int
    """0 to 65535."""
    sequence: int
    """0, 1, 2, … within the stream; wraps after 2^32."""
    sample_time: int
    """Position of its first sample in the stream."""
    pcm: bytes
    """Mono s16le."""

    def encode(self) -> bytes:
        """Return the bytes of the packet; raise PacketError when it would be too large."""
        if len(self.pcm) > MAX_PCM or len(self.pcm) % 2:
            raise PacketError(f"{len(self.pcm)} bytes of sound: give an even number of at most {MAX_PCM}")
        return HEADER.pack(VERSION, 0, self.stream & 0xFFFF, self.sequence & 0xFFFFFFFF, self.sample_time) + self.pcm

    @classmethod
    def decode(cls, data: bytes) -> Packet:
        """Read a packet; one larger than we send is accepted.

        Raises:
            PacketError: it is cut off, of another version, or holds half a sample.
        """
        if len(data) < HEADER.size:
            raise PacketError(
                f"an audio packet has a header of {HEADER.size} bytes, this one is {len(data)} bytes long"
            )
        version, _, stream, sequence, sample_time = HEADER.unpack_from(data)
        if version != VERSION:
            raise PacketError(f"audio packet of version {version}: only version {VERSION} is known")
        if (len(data) - HEADER.size) % 2:
            raise PacketError("the sound of an audio packet must be whole samples of 2 bytes")
        return cls(stream, sequence, sample_time, data[HEADER.size :])


class Packetizer:
    """Cuts one stream of sound into packets."""

    def __init__(self, stream: int) -> None:
        self.stream = stream & 0xFFFF
        self.samples = 0
        """Samples packed so far: the sample time of the next packet."""
        self._sequence = 0

    def pack(self, pcm: bytes) -> list[bytes]:
        """Return the packets for the next samples, whole ones of at most 4,000 bytes."""
        packets = []
        for at in range(0, len(pcm), MAX_PCM):
            piece = pcm[at : at + MAX_PCM]
            packets.append(Packet(self.stream, self._sequence, self.samples, piece).encode())
            self._sequence += 1
            self.samples += len(piece) // 2
        return packets

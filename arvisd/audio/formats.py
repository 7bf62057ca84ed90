"""The one format of sound inside the daemon: 16 kHz, mono, signed 16 bit little endian, in frames of 20 ms."""

from __future__ import annotations

SAMPLE_RATE = 16_000
"""Samples a second: what every recogniser, wake word and voice activity model here was trained on."""

SAMPLE_BYTES = 2
"""Bytes of one mono sample."""

FRAME_MS = 20
"""Length of a frame: what telephony, WebRTC and Opus use, so nothing is re-cut on the way in."""

FRAME_SAMPLES = SAMPLE_RATE * FRAME_MS // 1000
FRAME_BYTES = FRAME_SAMPLES * SAMPLE_BYTES

SILENT_FRAME = bytes(FRAME_BYTES)


def samples_of(seconds: float, rate: int = SAMPLE_RATE) -> int:
    """Return how many samples that many seconds have."""
    return round(seconds * rate)


def seconds_of(pcm: bytes, rate: int = SAMPLE_RATE) -> float:
    """Return how long mono s16le sounds."""
    return len(pcm) // SAMPLE_BYTES / rate


class Framer:
    """Cuts a stream of bytes of any length into frames of one length; keeps the rest for the next call."""

    def __init__(self, size: int = FRAME_BYTES) -> None:
        self.size = size
        """Bytes of a frame."""
        self._rest = b""

    def cut(self, pcm: bytes) -> list[bytes]:
        """Return the whole frames that there are now, oldest first."""
        if not self._rest and len(pcm) == self.size:
            return [pcm]
        held = self._rest + pcm
        end = len(held) - len(held) % self.size
        self._rest = held[end:]
        return [held[at : at + self.size] for at in range(0, end, self.size)]

    def flush(self) -> bytes:
        """Return the last, incomplete frame filled up with silence, or nothing where there is none."""
        rest, self._rest = self._rest, b""
        return rest.ljust(self.size, b"\0") if rest else b""

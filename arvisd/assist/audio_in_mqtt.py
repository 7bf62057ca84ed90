"""Sound that comes over MQTT: the packets of `arvis/site/<site>/audio/in` as the input of a site."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

from arvisd.assist.packets import Packet, PacketError
from arvisd.assist.site import AudioInput
from arvisd.audio.formats import SAMPLE_BYTES, Framer
from arvisd.audio.ring import FrameRing, RingClosedError, frames_in

_LOGGER = logging.getLogger(__name__)

MOST_MISSING = 16_000 // 2
"""Up to so many lost samples are filled with silence, so that times stay right; a longer gap is a pause."""
HELD_SECONDS = 2.0
REORDER = 4
"""A packet that is this many behind is waited for no longer."""


class MqttAudioInput(AudioInput):
    """Puts packets in order, fills what was lost with silence, and cuts them into frames."""

    def __init__(self) -> None:
        self._ring = FrameRing(frames_in(HELD_SECONDS))
        self._framer = Framer()
        self._stream: int | None = None
        self._next = 0
        """Sample time of the next packet in order."""
        self._early: dict[int, Packet] = {}
        """Packets that came before their turn, by sample time."""
        self._refused = 0

    @property
    def dropped(self) -> int:
        """How many frames were lost because nobody took them in time."""
        return self._ring.dropped

    def packet(self, data: bytes) -> None:
        """Take a packet; what is no packet is counted and said once."""
        try:
            packet = Packet.decode(data)
        except PacketError as error:
            self._refused += 1
            if self._refused == 1:
                _LOGGER.warning("sound over MQTT is refused: %s", error)
            return
        if packet.stream != self._stream:
            self._stream, self._next = packet.stream, packet.sample_time
            self._early.clear()
        if packet.sample_time < self._next:
            return  # it came twice or too late
        self._early[packet.sample_time] = packet
        self._release()

    def close(self) -> None:
        """End the site's sound."""
        self._ring.close()

    async def frames(self) -> AsyncIterator[bytes]:
        """Yield frames of 20 ms until the site goes away."""
        while True:
            try:
                yield await self._ring.get()
            except RingClosedError:
                return

    def _release(self) -> None:
        while self._early:
            earliest = min(self._early)
            missing = earliest - self._next
            if missing > 0 and len(self._early) < REORDER and missing < MOST_MISSING:
                return
            if 0 < missing < MOST_MISSING:
                self._put(bytes(missing * SAMPLE_BYTES))
            packet = self._early.pop(earliest)
            self._put(packet.pcm)
            self._next = max(self._next, earliest + len(packet.pcm) // SAMPLE_BYTES)

    def _put(self, pcm: bytes) -> None:
        for frame in self._framer.cut(pcm):
            self._ring.put(frame)

"""Waits for the first sound of an utterance, so that what is measured of it is speech and not the silence before."""

from __future__ import annotations

import math
from array import array

_FRAME = 320
"""Bytes of 10 ms."""
_LEAD = 30
"""Frames kept before the first sound: a model wants some silence there, and more only costs."""
_WANTED = 80
"""Frames from the first sound on that tell enough of its loudness."""
_LONGEST = 800
"""Frames after which decoding begins anyway."""
_RUN = 3
"""Frames in a row that are a sound and no click."""
_ABOVE = 2.5
"""Times the floor, which is a fifth of the way up from the stillest frame."""
_NOTHING = 2.0
"""Root mean square below which a source gives nothing at all."""
_ROOM = 20
"""Frames of a source that has just woken that tell how loud the room is."""
_LOUD = 200.0
"""Root mean square above which it is a sound whatever the room, as long as that is not known."""
_STILL = 40.0
"""Root mean square below which nothing is a sound, of 32768."""


class Onset:
    """The beginning of one utterance."""

    def __init__(self) -> None:
        self._pcm = bytearray()
        self._levels: list[float] = []
        self._first: int | None = None
        """Frame in which the first sound begins."""
        self._sure = False
        """Whether the room was known when it was found; before that a better look may still find another."""

    def add(self, pcm: bytes) -> bool:
        """Take the next samples and tell whether enough is there to begin."""
        self._pcm += pcm
        while (len(self._levels) + 1) * _FRAME <= len(self._pcm):
            at = len(self._levels) * _FRAME
            samples = array("h", self._pcm[at : at + _FRAME])
            self._levels.append(math.sqrt(sum(sample * sample for sample in samples) / len(samples)))
        if not self._sure:
            self._look()
        begun = self._first is not None and len(self._levels) - self._first >= _WANTED
        return begun or len(self._levels) >= _LONGEST

    def _look(self) -> None:
        """Find the frame of the first sound: the floor may have sunk, so look from the start."""
        # exact zeros (a muted or sleeping source) are no room: its noise would stand out from them like speech
        room = sorted(level for level in self._levels if level > _NOTHING)
        known = len(room) >= min(_ROOM, len(self._levels))
        bound = max(_STILL, _ABOVE * room[len(room) // 5]) if room and known else _LOUD
        run = 0
        for frame, level in enumerate(self._levels):
            run = run + 1 if level > bound else 0
            if run == _RUN:
                self._first, self._sure = frame - _RUN + 1, known
                return

    def take(self) -> tuple[bytes, int]:
        """Return what there is, with a little silence before the first sound, and how many frames were left out."""
        left_out = max(0, (self._first or 0) - _LEAD)
        return bytes(self._pcm[left_out * _FRAME :]), left_out

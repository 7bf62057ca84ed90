"""Short unique ids for contexts, turns, sessions and utterances."""

from __future__ import annotations

import itertools
import os

_PROCESS = os.urandom(5).hex()
_COUNTER = itertools.count(int.from_bytes(os.urandom(2), "big"))


def new_id() -> str:
    """Return an id of 16 hexadecimal characters, unique across restarts and processes.

    Ten characters are random per process, six count up: an id costs one increment instead of a
    read of the system's random source, since every message of a run carries one.
    """
    return f"{_PROCESS}{next(_COUNTER) & 0xFFFFFF:06x}"

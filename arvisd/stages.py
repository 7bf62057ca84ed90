"""What the start is made of: stages that say how long they took, and what is done when all of them are over."""

from __future__ import annotations

import ctypes
import gc
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_LOGGER = logging.getLogger("arvisd.daemon")

SETTLE_SECONDS = 3.0
"""So long after the start all languages and models are loaded, and what is in memory stays there."""


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Say how long a stage of the start took."""
    began = time.monotonic()
    yield
    _LOGGER.info("%s: %.0f ms", name, milliseconds_since(began))


def milliseconds_since(began: float) -> float:
    """Return the milliseconds since a `time.monotonic()`."""
    return (time.monotonic() - began) * 1000


def return_memory() -> None:
    """Give back to the system what reading the languages left behind; where the C library is not glibc, nothing is done."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def settle_memory() -> None:
    """Keep the collector from walking again and again over what stays: sentences, ten thousand automations."""
    gc.collect()
    gc.freeze()

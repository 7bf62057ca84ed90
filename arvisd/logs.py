"""Where log lines go and how they look: a terminal, a file, or systemd's journal."""

from __future__ import annotations

import logging
import os
import sys
from typing import TextIO

JOURNAL_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
"""Syslog priorities of sd-daemon(3)."""

NOISY = ("amqtt", "transitions", "apscheduler", "watchfiles", "asyncio", "hassil")
"""Libraries whose information is of no use to the daemon's user; their warnings stay."""


class JournalFormatter(logging.Formatter):
    """One line with the priority in front; the journal itself keeps the time."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as the journal reads it; further lines carry the priority too."""
        priority = JOURNAL_PRIORITIES.get(record.levelno, 6)
        return "\n".join(f"<{priority}>{line}" for line in super().format(record).splitlines())


def set_up_logging(level: str = "info") -> None:
    """Send log lines to standard error, once; a later call only changes the level."""
    root = logging.getLogger()
    root.setLevel(level.upper())
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    if any(handler.get_name() == "arvisd" for handler in root.handlers):
        return
    handler = logging.StreamHandler(_own_stderr())
    handler.set_name("arvisd")
    if "JOURNAL_STREAM" in os.environ:
        handler.setFormatter(JournalFormatter("%(name)s: %(message)s"))
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S"))
    root.addHandler(handler)


def _own_stderr() -> TextIO:
    """Return standard error under a descriptor of our own.

    sounddevice points descriptor 2 at nothing while PortAudio looks for devices; what is logged in that
    moment by other threads would be lost.
    """
    try:
        return os.fdopen(os.dup(sys.stderr.fileno()), "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    except (OSError, ValueError):
        return sys.stderr

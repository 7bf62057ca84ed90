"""Tells the service manager how the daemon is: ready, alive, stopping (sd_notify(3), no library needed)."""

from __future__ import annotations

import asyncio
import os
import socket

from arvisd.core.clock import Clock


class ServiceManager:
    """Speaks to systemd over `$NOTIFY_SOCKET`; without one every call does nothing."""

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        environment = dict(os.environ) if environment is None else environment
        address = environment.get("NOTIFY_SOCKET", "")
        # a leading @ stands for the null byte of Linux's abstract socket names
        self._address = "\0" + address[1:] if address.startswith("@") else address
        microseconds = environment.get("WATCHDOG_USEC", "")
        self.watchdog_seconds = int(microseconds) / 1e6 if microseconds.isdigit() else 0.0
        """How often systemd wants to hear of us at least; 0: it does not ask."""

    def tell(self, **fields: str) -> None:
        """Send fields as `READY=1`; a socket that is gone is no reason to fail."""
        if not self._address:
            return
        text = "\n".join(f"{name}={value}" for name, value in fields.items())
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
            try:
                sock.sendto(text.encode(), self._address)
            except OSError:
                return

    def ready(self, status: str) -> None:
        """The daemon serves."""
        self.tell(READY="1", STATUS=status)

    def stopping(self) -> None:
        """The daemon is on its way out."""
        self.tell(STOPPING="1", STATUS="stopping")

    async def feed_watchdog(self, clock: Clock) -> None:
        """Say that the event loop turns, twice in each watchdog interval, for ever."""
        if not self.watchdog_seconds:
            await asyncio.Event().wait()
        while True:
            self.tell(WATCHDOG="1")
            await clock.sleep(self.watchdog_seconds / 2)

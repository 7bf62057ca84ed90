"""A blind that takes its time: twenty seconds from closed to open."""

from __future__ import annotations

from typing import Any

from arvisd.api import Context, Hub, SetCoverPosition

from .device import VirtualDevice
from .plan import Device

STEP = 5
"""Percent in a second."""


class Blind(VirtualDevice):
    """Moves second by second towards where it is sent."""

    features = frozenset({"position", "stop"})

    def __init__(self, device: Device, hub: Hub) -> None:
        super().__init__(device, hub)
        self.position = 0 if device.state == "closed" else 100
        self.aim = self.position
        self._context: Context | None = None
        self._timer: Any = None

    def value(self) -> str:
        """Return where it is, or which way it moves."""
        if self.aim > self.position:
            return "opening"
        if self.aim < self.position:
            return "closing"
        return "closed" if self.position == 0 else "open"

    def attributes(self) -> dict[str, Any]:
        """Return the position, 0 closed, 100 open."""
        return {"current_position": self.position}

    def open_cover(self, _data: Any, context: Context) -> None:
        """Open all the way."""
        self._go(100, context)

    def close_cover(self, _data: Any, context: Context) -> None:
        """Close all the way."""
        self._go(0, context)

    def set_cover_position(self, data: SetCoverPosition, context: Context) -> None:
        """Go to a position."""
        self._go(data.position, context)

    def stop_cover(self, _data: Any, context: Context) -> None:
        """Stay where it is."""
        self._go(self.position, context)

    def stop(self) -> None:
        """Stand still."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _go(self, aim: int, context: Context) -> None:
        self.stop()
        self.aim, self._context = aim, context
        self.write(context)
        self._next()

    def _next(self) -> None:
        if self.aim != self.position:
            self._timer = self.hub.clock.call_later(1.0, self._move)

    def _move(self) -> None:
        distance = self.aim - self.position
        self.position += max(-STEP, min(STEP, distance))
        self.write(self._context)
        self._next()

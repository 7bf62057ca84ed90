"""Devices as the house knows them: what several entities are parts of."""

from __future__ import annotations

import msgspec

from arvisd.home.settings import Named


class Device(Named, frozen=True, kw_only=True):
    """A thing that one can hold in the hand: a lamp, a sensor with four values, a bridge."""

    id: str
    """As its integration tells it from others; no two devices share one."""
    area: str | None = None
    """Id of the area in which it stands: that of its entities, unless they have one of their own."""
    suggested_area: str | None = None
    """Where it says itself that it stands."""
    labels: list[str] = msgspec.field(default_factory=list)
    manufacturer: str | None = None
    model: str | None = None
    model_id: str | None = None
    hw_version: str | None = None
    sw_version: str | None = None
    serial_number: str | None = None
    configuration_url: str | None = None
    """Where its own settings are."""
    via_device: str | None = None
    """Id of the device through which it is reached."""
    identifiers: list[str] = msgspec.field(default_factory=list)
    """What its maker or its network calls it."""
    connections: list[tuple[str, str]] = msgspec.field(default_factory=list)
    """Kind and address: `("mac", "02:5b:26:a8:dc:12")`."""

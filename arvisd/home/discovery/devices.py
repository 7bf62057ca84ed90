"""The devices of announcements: told apart by any of their identifiers, there as long as a component is."""

from __future__ import annotations

import hashlib
from typing import Any

from arvisd.core.owner import Owner
from arvisd.core.slug import slug
from arvisd.home.device import Device
from arvisd.home.registry import HomeRegistry
from arvisd.home.settings import Area


class _Known:
    """A device with who needs it."""

    __slots__ = ("device", "marks", "owner", "users")

    def __init__(self, device: Device, marks: set[str]) -> None:
        self.device = device
        self.marks = marks
        self.owner = Owner(f"device {device.id}")
        self.users: set[str] = set()


class Devices:
    """Puts together what several components say of one device."""

    def __init__(self, home: HomeRegistry, owner: Owner) -> None:
        self._home = home
        self._by_mark: dict[str, _Known] = {}
        self._by_user: dict[str, _Known] = {}
        owner.on_stop(self._stop)

    def use(self, said: dict[str, Any], user: str) -> Device:
        """Return the device that a component describes; it is there until its last user has left."""
        marks = _marks(said)
        known = next((self._by_mark[mark] for mark in sorted(marks) if mark in self._by_mark), None)
        if known is None:
            known = _Known(_device(said, marks, None), marks)
            self._offer(known)
        else:
            known.marks |= marks
            newer = _device(said, known.marks, known.device)
            if newer != known.device:
                known.device = newer
                known.owner.release()
                self._offer(known)
        for mark in known.marks:
            self._by_mark[mark] = known
        before = self._by_user.get(user)
        if before is not None and before is not known:
            self.leave(user)
        known.users.add(user)
        self._by_user[user] = known
        return known.device

    def leave(self, user: str) -> None:
        """Say that a component is gone."""
        known = self._by_user.pop(user, None)
        if known is None:
            return
        known.users.discard(user)
        if not known.users:
            known.owner.release()
            for mark in known.marks:
                self._by_mark.pop(mark, None)

    def users(self, identifier: str) -> frozenset[str]:
        """Return who needs the device of an identifier."""
        known = self._by_mark.get(f"id {identifier}")
        return frozenset() if known is None else frozenset(known.users)

    def _offer(self, known: _Known) -> None:
        area = known.device.area
        self._home.add_device(known.device, known.owner)
        if area is not None:
            self._home.propose_area(Area(id=area, name=known_area_name(known)), known.owner)

    def _stop(self) -> None:
        for known in set(self._by_mark.values()):
            known.owner.release()


def known_area_name(known: _Known) -> str:
    """Return the name of the area that a device suggests."""
    return known.device.suggested_area or known.device.area or ""


def _marks(said: dict[str, Any]) -> set[str]:
    """Return what tells a device from others: its identifiers, and its connections such as a MAC address."""
    marks = {f"id {identifier}" for identifier in said.get("identifiers") or ()}
    for connection in said.get("connections") or ():
        if isinstance(connection, list) and len(connection) == 2:
            marks.add(f"{connection[0]} {str(connection[1]).lower()}")
    return marks


def _device(said: dict[str, Any], marks: set[str], before: Device | None) -> Device:
    """Return the device; what this component does not say of it stays as another said it."""

    def text(key: str) -> str | None:
        value = said.get(key)
        if isinstance(value, str | int | float) and str(value):
            return str(value)
        return getattr(before, key, None) if before is not None else None

    suggested = text("suggested_area")
    return Device(
        id=before.id if before is not None else hashlib.sha256(min(marks).encode()).hexdigest()[:16],
        name=text("name") or "",
        area=slug(suggested) or None if suggested else None,
        suggested_area=suggested,
        manufacturer=text("manufacturer"),
        model=text("model"),
        model_id=text("model_id"),
        hw_version=text("hw_version"),
        sw_version=text("sw_version"),
        serial_number=text("serial_number"),
        configuration_url=text("configuration_url"),
        via_device=text("via_device"),
        identifiers=sorted(mark[3:] for mark in marks if mark.startswith("id ")),
        connections=sorted((a, b) for a, _, b in (m.partition(" ") for m in marks) if a != "id"),
    )

"""Keeps what `for:` waits for over a restart, and over an edit of another part of the automation."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import msgspec

from arvisd.core.context import Context
from arvisd.core.states import State
from arvisd.storage.database import Database
from arvisd.storage.errors import StorageError

_LOGGER = logging.getLogger("arvisd.automation")

MIGRATIONS = (
    """CREATE TABLE dwells (
        automation TEXT NOT NULL, trigger TEXT NOT NULL, key TEXT NOT NULL, kept TEXT NOT NULL,
        PRIMARY KEY (automation, trigger, key)
    ) WITHOUT ROWID""",
)
MOST_BYTES = 16_384
"""What is kept of one is at most this long; the attributes of larger states are left out."""


class KeptDwell(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was seen and must stay so until it counts."""

    due: datetime
    seconds: float
    """How long in all."""
    entity_id: str | None
    old: State | None
    new: State | None
    context: Context | None
    """What caused it."""


_ENCODER = msgspec.json.Encoder(enc_hook=str)
_DECODER = msgspec.json.Decoder(KeptDwell)


class Dwells:
    """What every trigger's `for:` waits for; writing takes some 20 µs, reading none."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[str, dict[str, dict[str, KeptDwell]]] = {}
        """By automation, trigger and key."""
        database.prepare("dwells", MIGRATIONS)
        for automation, trigger, key, kept in database.read("SELECT automation, trigger, key, kept FROM dwells"):
            try:
                self._place(automation, trigger)[key] = _DECODER.decode(kept)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                _LOGGER.warning("%s: what a 'for' waited for cannot be read: %s", automation, error)

    def drawer(self, automation: str, node: Any) -> Drawer:
        """Return the place of one trigger; it is the same one as long as the trigger's text is."""
        return Drawer(self, automation, fingerprint(node))

    def of(self, automation: str, trigger: str) -> dict[str, KeptDwell]:
        """Return what one trigger waits for, by key."""
        return self._kept.get(automation, {}).get(trigger, {})

    def put(self, automation: str, trigger: str, key: str, kept: KeptDwell) -> None:
        """Keep one."""
        self._place(automation, trigger)[key] = kept
        text = _ENCODER.encode(kept)
        if len(text) > MOST_BYTES:
            text = _ENCODER.encode(msgspec.structs.replace(kept, old=_bare(kept.old), new=_bare(kept.new)))
        self._write("INSERT OR REPLACE INTO dwells VALUES (?, ?, ?, ?)", (automation, trigger, key, text.decode()))

    def take(self, automation: str, trigger: str, key: str) -> None:
        """Keep one no more."""
        triggers = self._kept.get(automation)
        kept = triggers.get(trigger) if triggers else None
        if triggers is None or kept is None or kept.pop(key, None) is None:
            return
        if not kept:
            del triggers[trigger]
        if not triggers:
            del self._kept[automation]
        self._write("DELETE FROM dwells WHERE automation = ? AND trigger = ? AND key = ?", (automation, trigger, key))

    def forget(self, automation: str) -> None:
        """An automation is switched off or gone: it waits for nothing."""
        if self._kept.pop(automation, None) is not None:
            self._write("DELETE FROM dwells WHERE automation = ?", (automation,))

    def rename(self, before: str, after: str) -> None:
        """An automation has another id."""
        if before != after and before in self._kept:
            self.forget(after)
            self._kept[after] = self._kept.pop(before)
            self._write("UPDATE dwells SET automation = ? WHERE automation = ?", (after, before))

    def keep_only(self, automation: str, drawers: Collection[str]) -> None:
        """Forget the triggers that an automation has no more."""
        for trigger in [name for name in self._kept.get(automation, ()) if name not in drawers]:
            for key in list(self.of(automation, trigger)):
                self.take(automation, trigger, key)

    def clear_out(self, automations: Collection[str]) -> None:
        """The daemon has started: forget automations that are there no more, and say so."""
        for automation in [name for name in self._kept if name not in automations]:
            _LOGGER.warning("%s: it waited in a 'for' when arvisd stopped and is there no more", automation)
            self.forget(automation)

    def _place(self, automation: str, trigger: str) -> dict[str, KeptDwell]:
        return self._kept.setdefault(automation, {}).setdefault(trigger, {})

    def _write(self, sql: str, values: tuple[str, ...]) -> None:
        try:
            self._database.write(sql, values)
        except StorageError as error:
            _LOGGER.warning("a 'for' will not survive a restart: %s", error)


class Drawer:
    """What one trigger waits for."""

    __slots__ = ("_automation", "_dwells", "trigger")

    def __init__(self, dwells: Dwells, automation: str, trigger: str) -> None:
        self._dwells = dwells
        self._automation = automation
        self.trigger = trigger
        """Name of the trigger in the store."""

    def __iter__(self) -> Iterator[tuple[str, KeptDwell]]:
        return iter(list(self._dwells.of(self._automation, self.trigger).items()))

    def put(self, key: str, kept: KeptDwell) -> None:
        """Keep what is waited for under a key."""
        self._dwells.put(self._automation, self.trigger, key, kept)

    def move(self, key: str, due: datetime) -> None:
        """The clock was set: by the new one it is due then."""
        kept = self._dwells.of(self._automation, self.trigger).get(key)
        if kept is not None:
            self.put(key, msgspec.structs.replace(kept, due=due))

    def take(self, key: str) -> None:
        """Keep it no more."""
        self._dwells.take(self._automation, self.trigger, key)


def fingerprint(node: Any) -> str:
    """Return a name for a trigger that changes when its text does, not with its place."""
    return hashlib.blake2b(repr(node).encode(), digest_size=9).hexdigest()


def _bare(state: State | None) -> State | None:
    return None if state is None else msgspec.structs.replace(state, attributes={})

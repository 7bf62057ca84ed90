"""Actions of locks."""

from __future__ import annotations

import msgspec

from arvisd.home.actions.definition import EntityAction, plain

OPEN = "open"
"""Feature: pulls the latch too."""


class LockCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of the actions of locks."""

    code: str | None = None
    """The lock's code, where it wants one."""


ACTIONS = (
    EntityAction("lock.lock", "Locks doors.", plain("lock.lock", "locked", "locking"), LockCode),
    EntityAction(
        "lock.unlock", "Unlocks doors.", plain("lock.unlock", "unlocked", "unlocking", "open", "opening"), LockCode
    ),
    EntityAction(
        "lock.open",
        "Opens the latch of doors.",
        plain("lock.open", "open", "opening", "unlocked"),
        LockCode,
        lambda _: frozenset({OPEN}),
    ),
)

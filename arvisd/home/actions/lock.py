"""Actions of locks."""

from __future__ import annotations

from arvisd.home.actions.definition import EntityAction, plain

ACTIONS = (
    EntityAction("lock.lock", "Locks doors.", plain("lock.lock", "locked", "locking")),
    EntityAction("lock.unlock", "Unlocks doors.", plain("lock.unlock", "unlocked", "unlocking")),
)

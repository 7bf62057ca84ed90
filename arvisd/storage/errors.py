"""Errors of the storage.

ArvisError
├── StorageError  the database cannot be used: a newer arvisd wrote it, the disk is full, …
└── FolderInUseError  another arvisd uses the data folder
"""

from __future__ import annotations

from arvisd.core.errors import ArvisError


class StorageError(ArvisError):
    """The database cannot be used; the text says which file and what to do."""


class FolderInUseError(ArvisError):
    """Another arvisd uses the data folder."""

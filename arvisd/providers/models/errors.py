"""What may go wrong with models.

ModelError
├── UnknownModelError     the catalogue has no such model
├── DownloadError         it could not be fetched; trying again may help
├── ModelDamagedError     what is there, or what came, is not what the catalogue says
└── ModelRefusedError     fetching it makes no sense here: no address, no room on the disk, an unsafe archive
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from arvisd.core.errors import ArvisError


class ModelError(ArvisError):
    """Something is wrong with a model; the text says what to do."""


class UnknownModelError(ModelError):
    """The catalogue has no model of that name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(name, list(known), n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        super().__init__(f"there is no model {name!r} in the catalogue{hint}: arvisd models list")


class DownloadError(ModelError):
    """The model could not be fetched."""

    retryable = True


class ModelDamagedError(ModelError):
    """A file is not what the catalogue says."""


class ModelRefusedError(ModelError):
    """The model cannot be fetched here."""

"""The errors of chains.

ProviderError (arvisd.core.errors)
├── NoProviderError   nobody serves that language: nothing was tried
├── ChainFailedError  everybody was tried and nobody could
└── BrokenOffError    a provider failed after it had begun to give
"""

from __future__ import annotations

from arvisd.core.errors import ProviderError, ProviderUnavailableError


class NoProviderError(ProviderUnavailableError):
    """No provider of the capability serves the language."""

    retryable = False


class ChainFailedError(ProviderError):
    """Every provider of the chain failed; the text says why each of them did."""

    retryable = False


class BrokenOffError(ProviderError):
    """A provider failed after its first result: what was given cannot be taken back by trying the next one."""

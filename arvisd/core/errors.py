"""The errors that every part shares.

ArvisError
├── ActionError                  an action did not happen
│   ├── UnknownActionError       nobody offers it
│   ├── ActionDataError          its data or target does not fit the schema
│   └── ActionFailedError        it was tried and failed
├── ProviderError                a provider of speech or language failed
│   ├── ProviderUnavailableError it cannot work here: a model, a library or a device is missing
│   └── ProviderTimeoutError     it took longer than its budget
└── SetupError                   an integration cannot start; the text holds the remedy
"""

from __future__ import annotations


class ArvisError(Exception):
    """Base of all errors raised on purpose; its text says what is wrong and what to do."""

    retryable = False
    """Whether the same request may succeed when it is tried again, here or at the next provider."""


class ActionError(ArvisError):
    """An action did not happen."""

    code = "failed"
    """Machine-readable reason, sent in `arvis/result/<id>`."""


class UnknownActionError(ActionError):
    """No part of the daemon offers an action of that name."""

    code = "unknown_action"


class ActionDataError(ActionError):
    """The data or the target of an action does not fit its schema."""

    code = "invalid_data"


class ActionFailedError(ActionError):
    """The action was tried and did not happen."""

    code = "failed"
    retryable = True


class ProviderError(ArvisError):
    """A provider failed; the chain goes on with the next one."""

    retryable = True


class ProviderUnavailableError(ProviderError):
    """A provider cannot work here: a model, a library or a device is missing."""


class ProviderTimeoutError(ProviderError):
    """A provider took longer than its budget."""


class SetupError(ArvisError):
    """An integration cannot start; the text names the remedy."""

"""How a branch of `parallel` ended, written down until the others have ended too."""

from __future__ import annotations

from typing import Any

from arvisd.automation.durable.values import Keeper, Restorer
from arvisd.automation.errors import StepError
from arvisd.automation.signals import RunAbort, RunCancelled, RunMissed, RunStop

_SIGNALS: dict[str, type[Exception]] = {"abort": RunAbort, "missed": RunMissed, "cancelled": RunCancelled}


def kept_failure(error: Exception, keeper: Keeper) -> dict[str, Any]:
    """Return a signal or an error as JSON data."""
    if isinstance(error, RunStop):
        return {"kind": "stop", "text": error.reason, "result": keeper.variables({"stop": error.result})["stop"]}
    kind = next((kind for kind, type_ in _SIGNALS.items() if isinstance(error, type_)), "error")
    return {"kind": kind, "text": str(error)}


def restored_failure(kept: dict[str, Any], restorer: Restorer) -> Exception:
    """Return what `kept_failure` was given, an error as the step's error that it became."""
    kind, text = kept["kind"], kept["text"]
    if kind == "stop":
        return RunStop(text, restorer.value(kept["result"]))
    if kind in _SIGNALS:
        return _SIGNALS[kind](text)
    error = StepError(text)
    error.located = True
    return error

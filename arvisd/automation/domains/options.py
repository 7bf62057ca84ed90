"""The schema of a trigger or condition: `target`, and the keys under `options`, made from its row of the table."""

from __future__ import annotations

import functools
from typing import Any, Literal

import msgspec

from arvisd.automation.domains.comparison import Within
from arvisd.automation.domains.description import ConditionData, TriggerData
from arvisd.automation.domains.targeting import TargetOptions
from arvisd.automation.domains.threshold import ThresholdOptions
from arvisd.automation.durations import DurationNode
from arvisd.automation.registry import ConditionOptions, TriggerOptions

Behavior = Literal["each", "first", "all", "any", "last"]
"""Of a trigger, where several entities are meant: each counts, or the first that is so, or all of them.

`any` and `last` are older spellings of `each` and `all`.
"""
Match = Literal["any", "all"]
"""Of a condition: whether one entity must be so, or all."""
Choice = str | list[str]
"""One word, or several of which one must fit."""


def trigger_schema(row: TriggerData) -> type[TriggerOptions]:
    """Return the schema of a trigger."""
    threshold = isinstance(row.becomes, Within)
    made: type[TriggerOptions] = _schema(
        TriggerOptions, Behavior, "each", row.lasting, threshold, row.choice, row.target
    )
    return made


def condition_schema(row: ConditionData) -> type[ConditionOptions]:
    """Return the schema of a condition."""
    threshold = isinstance(row.is_, Within)
    made: type[ConditionOptions] = _schema(ConditionOptions, Match, "any", True, threshold, row.choice, row.target)
    return made


def is_entity(target: str) -> bool:
    """Tell whether a row names its one entity itself."""
    return "." in target


@functools.cache
def _schema(base: Any, behavior: Any, default: str, lasting: bool, threshold: bool, choice: str, target: str) -> Any:
    required: list[tuple[str, Any]] = []
    if threshold:
        required.append(("threshold", ThresholdOptions))
    if choice:
        required.append((choice, Choice))
    if target != "target" and not is_entity(target):
        required.append((target, str))
    kind = "Trigger" if base is TriggerOptions else "Condition"
    one = target != "target"
    options = _options(kind, tuple(required), lasting, (behavior, default) if lasting and not one else None)
    fields: list[tuple[Any, ...]] = [] if one else [("target", TargetOptions)]
    fields.append(("options", options) if required else ("options", options, msgspec.field(default_factory=options)))
    return msgspec.defstruct(
        f"{options.__name__.removesuffix('Options')}{'' if one else 'OfTarget'}",
        fields,
        bases=(base,),
        frozen=True,
        kw_only=True,
        namespace={"__doc__": f"A {kind.lower()} of one domain."},
    )


@functools.cache
def _options(
    kind: str, required: tuple[tuple[str, Any], ...], lasting: bool, behavior: tuple[Any, str] | None
) -> type[msgspec.Struct]:
    """Return what stands under `options`; its name tells it apart in JSON Schema."""
    optional: list[tuple[Any, ...]] = []
    if lasting:
        optional.append(("for_", DurationNode | None, msgspec.field(default=None, name="for")))
    if behavior is not None:
        optional.append(("behavior", *behavior))
    words = [name.title().replace("_", "") for name, *_ in [*required, *optional]]
    return msgspec.defstruct(
        f"{kind}{''.join(words)}Options",
        [*required, *optional],
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
        namespace={"__doc__": "What it is asked for."},
    )

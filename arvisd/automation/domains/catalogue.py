"""Every trigger and condition of a domain: made of the tables, and those that are refused by name, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from arvisd.automation.domains import calendar_events, sun_positions, sun_times, timer_remaining
from arvisd.automation.domains.asked import Asked
from arvisd.automation.domains.condition import EntityCondition
from arvisd.automation.domains.description import ConditionData, TriggerData
from arvisd.automation.domains.options import condition_schema, is_entity, trigger_schema
from arvisd.automation.domains.source import Source
from arvisd.automation.domains.tables import appliances, detectors, inputs, measures, openings
from arvisd.automation.domains.targeting import Target, target_of
from arvisd.automation.domains.threshold import Threshold, threshold_of
from arvisd.automation.domains.trigger import EntityTrigger
from arvisd.automation.entities import entity_ids
from arvisd.automation.part import Part
from arvisd.automation.registry import ConditionType, Reference, TriggerType

if TYPE_CHECKING:
    from arvisd.automation.part import Duration

ROWS = (*openings.ROWS, *detectors.ROWS, *measures.ROWS, *appliances.ROWS, *inputs.ROWS)
"""All that is about entities; what is about the sun stands beside."""


def trigger_types() -> list[TriggerType]:
    """Return a registry entry for each trigger of a domain."""
    rows = [row for row in ROWS if isinstance(row, TriggerData)]
    types = [TriggerType(row.name, trigger_schema(row), _trigger_of(row), _refers(row.target)) for row in rows]
    return [*types, *calendar_events.trigger_types(), *sun_times.trigger_types(), *timer_remaining.trigger_types()]


def condition_types() -> list[ConditionType]:
    """Return a registry entry for each condition of a domain."""
    rows = [row for row in ROWS if isinstance(row, ConditionData)]
    types = [ConditionType(row.name, condition_schema(row), _condition_of(row), _refers(row.target)) for row in rows]
    return [*types, *sun_positions.condition_types()]


def _trigger_of(row: TriggerData) -> Callable[[Any, Part], EntityTrigger]:
    def build(options: Any, part: Part) -> EntityTrigger:
        inner = _inner(part)
        targets = part.builder.library.targets
        threshold = _threshold(options.options, row.sources, inner, changed=not row.lasting)
        asked = Asked(targets.hub, _chosen(row.choice, options.options, inner), threshold)
        target = _target(row.target, options, part)
        behavior = getattr(options.options, "behavior", "each")
        return EntityTrigger(row, targets, target, asked, behavior, _duration(inner))

    return build


def _condition_of(row: ConditionData) -> Callable[[Any, Part], EntityCondition]:
    def build(options: Any, part: Part) -> EntityCondition:
        inner = _inner(part)
        targets = part.builder.library.targets
        threshold = _threshold(options.options, row.sources, inner, changed=False)
        asked = Asked(targets.hub, _chosen(row.choice, options.options, inner), threshold)
        target = _target(row.target, options, part)
        behavior = getattr(options.options, "behavior", "any")
        condition = EntityCondition(row, targets, target, asked, behavior, _duration(inner))
        if condition.watches:
            part.builder.watching.append(condition)
        return condition

    return build


def _inner(part: Part) -> Part:
    """Return the part of what stands under `options`."""
    return Part(part.builder, part.node.get("options") or {}, part.path, part.what)


def _duration(inner: Part) -> Duration | None:
    """Return how long it must stay so; no time at all is as good as none."""
    duration = inner.duration("for")
    return None if duration is None or duration.seconds == 0 else duration


def _threshold(options: Any, sources: tuple[Source, ...], inner: Part, *, changed: bool) -> Threshold | None:
    given = getattr(options, "threshold", None)
    return None if given is None else threshold_of(given, sources[0].scale, inner, changed=changed)


def _chosen(choice: str, options: Any, inner: Part) -> tuple[str, ...]:
    if not choice:
        return ()
    given = getattr(options, choice)
    chosen = tuple(given) if isinstance(given, list) else (given,)
    if not chosen:
        raise inner.invalid(choice, f"{choice}: nothing is named")
    for zone in chosen if choice == "zone" else ():
        if not zone.startswith("zone."):
            raise inner.invalid(choice, f"zone: {zone!r} is not the id of a zone, such as zone.home")
    return chosen


def _target(key: str, options: Any, part: Part) -> Target:
    if key == "target":
        try:
            return target_of(options.target)
        except ValueError as error:
            raise part.invalid("target", f"target: {error}") from None
    if is_entity(key):
        return Target((key,), ())
    try:
        return Target(tuple(entity_ids(getattr(options.options, key))), ())
    except ValueError as error:
        raise part.invalid("options", f"{key}: {error}") from None


def _refers(key: str) -> Callable[[Any], Iterable[Reference]]:
    def refers(options: Any) -> Iterable[Reference]:
        if is_entity(key):
            return ()
        if key != "target":
            return (Reference("entity", getattr(options.options, key), "options"),)
        try:
            target = target_of(options.target)
        except ValueError:
            return ()
        return target.references()

    return refers

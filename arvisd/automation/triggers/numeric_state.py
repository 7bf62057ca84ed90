"""Trigger `numeric_state`: a number crosses a bound.

It fires when the number comes within the bounds from outside of them. An entity that was away
(`unavailable`, `unknown`) and comes back within them has crossed nothing: unlike in Home Assistant that
does not fire, its commonest false alarm.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.durations import DurationNode
from arvisd.automation.entities import UNCERTAIN, attribute_or_state, entity_ids, number_of
from arvisd.automation.errors import TemplateError
from arvisd.automation.registry import Reference, TriggerOptions, TriggerType
from arvisd.automation.schedule import WHILE_OFF
from arvisd.automation.templates.states import TemplateState
from arvisd.automation.templates.template import Template
from arvisd.automation.triggers.dwell import INTERRUPTED, Dwell, Seen, dwell_of
from arvisd.core.bus import Message
from arvisd.core.hub import Hub
from arvisd.core.states import State

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Duration, Part


class NumericStateOptions(TriggerOptions, frozen=True, kw_only=True):
    """A number crosses a bound."""

    entity_id: str | list[str]
    attribute: str | None = None
    value_template: str | None = None
    """Takes the number from the state: `{{ state.attributes.battery }}`."""
    above: int | float | str | None = None
    """The number must be greater; a number or an entity."""
    below: int | float | str | None = None
    for_: DurationNode | None = msgspec.field(default=None, name="for")
    """How long it must stay within the bounds."""


class Bounds:
    """Tells whether a state's number lies within bounds; shared with the condition of that name."""

    __slots__ = ("above", "attribute", "below", "value")

    def __init__(self, above: Any, below: Any, attribute: str | None, value: Template | None) -> None:
        self.above = above
        self.below = below
        self.attribute = attribute
        self.value = value

    def number(self, entity_id: str, state: State | None, variables: Any) -> float | None:
        """Return the number of a state, None where it has none; raise TemplateError."""
        if state is None or (self.attribute is None and self.value is None and state.state in UNCERTAIN):
            return None
        found: Any
        if self.value is not None:
            found = self.value.native(_WithState(TemplateState(entity_id, state), variables))
        else:
            found = attribute_or_state(state, self.attribute)
        try:
            return float(found)
        except (TypeError, ValueError):
            return None

    def hold(self, number: float, hub: Hub) -> bool:
        """Tell whether a number lies within; a bound that is an entity without a number holds nothing."""
        if self.above is not None:
            above = number_of(self.above, hub)
            if above is None or number <= above:
                return False
        if self.below is not None:
            below = number_of(self.below, hub)
            if below is None or number >= below:
                return False
        return True


class NumericStateTrigger:
    """Listens to some entities."""

    __slots__ = ("_bounds", "_entities", "_for")

    def __init__(self, entities: list[str], bounds: Bounds, dwell: Duration | None) -> None:
        self._entities = entities
        self._bounds = bounds
        self._for = dwell

    def attach(self, to: Attachment) -> None:
        """Note who is within the bounds now, then subscribe."""
        within = {entity_id: self._within(entity_id, to.hub.states.get(entity_id), to) for entity_id in self._entities}
        dwell = dwell_of(to) if self._for is not None else Dwell(to.hub.clock, to.owner)
        for entity_id in self._entities:
            topic = to.hub.topics.state(entity_id)
            to.hub.bus.subscribe(topic, lambda message: self._changed(message, to, within, dwell), to.owner)
            if entity_id in dwell.left:
                self._resume(entity_id, to.hub.states.get(entity_id), within[entity_id], to, dwell)

    def _changed(self, message: Message, to: Attachment, within: dict[str, bool | None], dwell: Dwell) -> None:
        entity_id, old, new = to.hub.states.changes(message)
        now_within = self._within(entity_id, new, to)
        if entity_id in dwell.left:
            self._resume(entity_id, new, now_within, to, dwell)
            within[entity_id] = now_within
            return
        interrupted = INTERRUPTED if dwell.running(entity_id) and not now_within else ""
        if now_within is None:
            dwell.cancel(entity_id)
            to.skip(*_unfit(entity_id, new, f"{interrupted}it has no number now"))
            return
        was_within, within[entity_id] = within[entity_id], now_within
        if not now_within:
            dwell.cancel(entity_id)
            to.skip(*_unfit(entity_id, new, f"{interrupted}it is not within the bounds"))
            return
        if was_within is not False:
            before = "had no number before" if was_within is None else "was within the bounds before"
            to.skip(*_unfit(entity_id, new, f"it {before}: no bound was crossed"))
            return
        data = self._data(entity_id, old, new)
        context = None if new is None else new.context
        try:
            seconds = self._for.of(to.variables) if self._for is not None else 0.0
        except TemplateError as error:
            to.skip(data, str(error))
            return
        data["for"] = timedelta(seconds=seconds) if self._for is not None else None
        dwell.start(entity_id, seconds, lambda: to.fire(data, context), Seen(entity_id, old, new, context))

    def _resume(
        self, entity_id: str, state: State | None, now_within: bool | None, to: Attachment, dwell: Dwell
    ) -> None:
        """Go on with what waited before a restart, where the number is known again."""
        if now_within is None:
            return
        kept = dwell.left[entity_id]
        data = self._data(entity_id, kept.old, kept.new)
        data["for"] = timedelta(seconds=kept.seconds)
        if now_within:
            dwell.resume(entity_id, lambda: to.fire(data, kept.context), lambda reason: to.skip(data, reason))
        else:
            dwell.drop(entity_id)
            value = attribute_or_state(state, self._bounds.attribute)
            to.skip(data, f"it became {value!r}, which is not within the bounds, while {WHILE_OFF}")

    def _data(self, entity_id: str, old: State | None, new: State | None) -> dict[str, Any]:
        return {
            "entity_id": entity_id,
            "from_state": None if old is None else TemplateState(entity_id, old),
            "to_state": None if new is None else TemplateState(entity_id, new),
            "above": self._bounds.above,
            "below": self._bounds.below,
            "attribute": self._bounds.attribute,
            "for": None,
            "description": f"numeric state of {entity_id}",
        }

    def _within(self, entity_id: str, state: State | None, to: Attachment) -> bool | None:
        try:
            number = self._bounds.number(entity_id, state, to.variables)
        except TemplateError as error:
            to.skip({"entity_id": entity_id}, str(error))
            return None
        return None if number is None else self._bounds.hold(number, to.hub)


def _unfit(entity_id: str, state: State | None, reason: str) -> tuple[dict[str, Any], str]:
    """Return what was seen and why it does not count."""
    data = {"entity_id": entity_id, "description": f"numeric state of {entity_id}"}
    return data | {"to_state": None if state is None else TemplateState(entity_id, state)}, reason


class _WithState:
    """What `value_template` sees: `state` and the variables."""

    __slots__ = ("_state", "_variables")

    def __init__(self, state: TemplateState, variables: Any) -> None:
        self._state = state
        self._variables = variables

    def get(self, name: str, default: Any = None) -> Any:
        """Return a variable."""
        return self._state if name == "state" else self._variables.get(name, default)


def bounds_of(options: Any, part: Part, *, strict: bool = True) -> Bounds:
    """Check the bounds of a trigger or condition; bounds that no number meets are a warning where not `strict`."""
    if options.above is None and options.below is None:
        raise part.invalid(None, "'above' or 'below' is needed")
    for key in ("above", "below"):
        bound = getattr(options, key)
        if isinstance(bound, str):
            try:
                float(bound)
            except ValueError:
                try:
                    entity_ids(bound)
                except ValueError:
                    raise part.invalid(key, f"{key}: {bound!r} is neither a number nor the id of an entity") from None
    if options.above is not None and options.below is not None:
        try:
            if float(options.above) > float(options.below):
                text = f"nothing is above {options.above} and below {options.below} at once"
                if strict:
                    raise part.invalid("above", text)
                part.builder.warn(part.node, "above", f"{part.what}: {text}")
        except ValueError:
            pass  # one of them is an entity
    value = part.template("value_template") if options.value_template is not None else None
    return Bounds(options.above, options.below, options.attribute, value)


def build(options: NumericStateOptions, part: Part) -> NumericStateTrigger:
    """Check ids and bounds."""
    try:
        entities = entity_ids(options.entity_id)
    except ValueError as error:
        raise part.invalid("entity_id", str(error)) from None
    return NumericStateTrigger(entities, bounds_of(options, part), part.duration("for"))


def refers(options: NumericStateOptions) -> tuple[Reference, ...]:
    """Name the entities."""
    try:
        return tuple(Reference("entity", entity_id, "entity_id") for entity_id in entity_ids(options.entity_id))
    except ValueError:
        return ()


TYPE = TriggerType("numeric_state", NumericStateOptions, build, refers)

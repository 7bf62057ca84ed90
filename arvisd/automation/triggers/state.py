"""Trigger `state`: an entity's value, or one of its attributes, changed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.durations import DurationNode
from arvisd.automation.entities import UNCERTAIN, attribute_or_state, entity_ids, same, state_texts
from arvisd.automation.errors import TemplateError
from arvisd.automation.registry import Reference, TriggerOptions, TriggerType
from arvisd.automation.schedule import WHILE_OFF
from arvisd.automation.templates.states import TemplateState
from arvisd.automation.triggers.dwell import INTERRUPTED, Dwell, Seen, dwell_of
from arvisd.core.bus import Message
from arvisd.core.states import State

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Duration, Part

StateValue = str | bool | int | float | None
Wanted = StateValue | list[StateValue] | msgspec.UnsetType


class StateOptions(TriggerOptions, frozen=True, kw_only=True):
    """An entity's value, or one of its attributes, changed."""

    entity_id: str | list[str]
    """Entity, or several."""
    attribute: str | None = None
    """Looks at this attribute instead of the value."""
    from_: Wanted = msgspec.field(default=msgspec.UNSET, name="from")
    """What it was; null: anything, so that changes of attributes alone don't count."""
    to: Wanted = msgspec.UNSET
    """What it is now; null as for `from`."""
    not_from: Wanted = msgspec.UNSET
    """What it was not."""
    not_to: Wanted = msgspec.UNSET
    """What it is not now."""
    for_: DurationNode | None = msgspec.field(default=None, name="for")
    """How long it must stay so."""


class Match:
    """Which values fit: `to`/`not_to` or `from`/`not_from`."""

    __slots__ = ("_not", "_wanted", "given")

    def __init__(self, wanted: Any, unwanted: Any) -> None:
        self.given = wanted is not msgspec.UNSET or unwanted is not msgspec.UNSET
        """Something is asked for: then changes of attributes alone don't count."""
        self._wanted = None if wanted in (msgspec.UNSET, None) else state_texts(wanted)
        self._not = None if unwanted in (msgspec.UNSET, None) else state_texts(unwanted)

    @property
    def any(self) -> bool:
        """Every value fits."""
        return self._wanted is None and self._not is None

    def fits(self, value: Any) -> bool:
        """Tell whether a value fits."""
        if self._wanted is not None:
            return same(value, self._wanted)
        return self._not is None or not same(value, self._not)


class StateTrigger:
    """Listens to some entities."""

    __slots__ = ("_attribute", "_entities", "_for", "_from", "_to")

    def __init__(
        self, entities: list[str], attribute: str | None, before: Match, after: Match, dwell: Duration | None
    ) -> None:
        self._entities = entities
        self._attribute = attribute
        self._from = before
        self._to = after
        self._for = dwell

    def attach(self, to: Attachment) -> None:
        """Subscribe to each entity's topic."""
        dwell = dwell_of(to) if self._for is not None else None
        for entity_id in self._entities:
            to.hub.bus.subscribe(
                to.hub.topics.state(entity_id), lambda message: self._changed(message, to, dwell), to.owner
            )
            if dwell is not None and entity_id in dwell.left:
                self._resume(entity_id, to.hub.states.get(entity_id), to, dwell)

    def _changed(self, message: Message, to: Attachment, dwell: Dwell | None) -> None:
        entity_id, old_state, new_state = to.hub.states.changes(message)
        old = attribute_or_state(old_state, self._attribute)
        new = attribute_or_state(new_state, self._attribute)
        if dwell is not None and entity_id in dwell.left:
            resumed = self._resume(entity_id, new_state, to, dwell)
            if resumed or not (self._from.fits(old) and self._to.fits(new)):
                return
        interrupted = ""
        if dwell is not None and dwell.running(entity_id) and not self._stays(old, new):
            dwell.cancel(entity_id)
            interrupted = INTERRUPTED
        if old == new and (self._attribute is not None or self._from.given or self._to.given):
            return
        data = self._data(entity_id, old_state, new_state)
        if not self._from.fits(old):
            to.skip(data, f"{interrupted}it was {old!r}")
            return
        if not self._to.fits(new):
            to.skip(data, f"{interrupted}it became {new!r}")
            return
        context = new_state.context if new_state is not None else None
        if dwell is None or self._for is None:
            to.fire(data, context)
            return
        try:
            seconds = self._for.of(_Seen(data, to.variables))
        except TemplateError as error:
            to.skip(data, str(error))
            return
        data["for"] = timedelta(seconds=seconds)
        seen = Seen(entity_id, old_state, new_state, context)
        dwell.start(entity_id, seconds, lambda: to.fire(data, context), seen)

    def _resume(self, entity_id: str, state: State | None, to: Attachment, dwell: Dwell) -> bool:
        """Go on with what waited before a restart, where the entity is known again; False: it holds no more."""
        kept = dwell.left[entity_id]
        if still_unknown(state, kept.new):
            return True
        data = self._data(entity_id, kept.old, kept.new)
        data["for"] = timedelta(seconds=kept.seconds)
        value = attribute_or_state(state, self._attribute)
        if self._stays(attribute_or_state(kept.new, self._attribute), value):
            dwell.resume(entity_id, lambda: to.fire(data, kept.context), lambda reason: to.skip(data, reason))
            return True
        dwell.drop(entity_id)
        to.skip(data, f"it became {value!r} while {WHILE_OFF}")
        return False

    def _stays(self, old: Any, new: Any) -> bool:
        """Tell whether a change while `for` runs leaves it running."""
        if new is None:
            return False
        if self._from.given and not self._from.any and self._to.any:
            return not self._from.fits(new)  # it must not go back
        return bool(old == new)

    def _data(self, entity_id: str, old: State | None, new: State | None) -> dict[str, Any]:
        return {
            "entity_id": entity_id,
            "from_state": None if old is None else TemplateState(entity_id, old),
            "to_state": None if new is None else TemplateState(entity_id, new),
            "for": None,
            "attribute": self._attribute,
            "description": f"state of {entity_id}",
        }


def still_unknown(state: State | None, kept: State | None) -> bool:
    """Tell whether an entity was not heard of yet since the restart, and what waited on it has to wait on."""
    if state is None:
        return kept is not None
    return state.state in UNCERTAIN and (kept is None or kept.state not in UNCERTAIN)


class _Seen:
    """What a template in `for` sees: `trigger` and the variables given at load."""

    __slots__ = ("_trigger", "_variables")

    def __init__(self, trigger: dict[str, Any], variables: Any) -> None:
        self._trigger = trigger
        self._variables = variables

    def get(self, name: str, default: Any = None) -> Any:
        """Return a variable."""
        return self._trigger if name == "trigger" else self._variables.get(name, default)


def build(options: StateOptions, part: Part) -> StateTrigger:
    """Check the ids and what excludes each other."""
    try:
        entities = entity_ids(options.entity_id)
    except ValueError as error:
        raise part.invalid("entity_id", str(error)) from None
    for wanted, unwanted, names in (
        (options.from_, options.not_from, ("from", "not_from")),
        (options.to, options.not_to, ("to", "not_to")),
    ):
        if wanted is not msgspec.UNSET and unwanted is not msgspec.UNSET:
            raise part.invalid(names[1], f"{names[0]!r} and {names[1]!r} exclude each other")
    return StateTrigger(
        entities,
        options.attribute,
        Match(options.from_, options.not_from),
        Match(options.to, options.not_to),
        part.duration("for"),
    )


def refers(options: StateOptions) -> tuple[Reference, ...]:
    """Name the entities."""
    try:
        return tuple(Reference("entity", entity_id, "entity_id") for entity_id in entity_ids(options.entity_id))
    except ValueError:
        return ()


TYPE = TriggerType("state", StateOptions, build, refers)

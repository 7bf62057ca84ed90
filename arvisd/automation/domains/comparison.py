"""When a state is as asked for, and when a change to it counts: the words of which the tables are made."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.automation.domains.asked import Asked
from arvisd.automation.domains.source import Source
from arvisd.automation.places import is_in_zone
from arvisd.core.states import State


class Comparison(msgspec.Struct, frozen=True):
    """Tells whether a state is as asked for."""

    def holds(self, source: Source, state: State, asked: Asked) -> bool:
        """Tell whether it is so; the state is known."""
        raise NotImplementedError

    @property
    def of_one_state(self) -> bool:
        """It holds for exactly one state, so that `last_changed` tells since when."""
        return False


class Is(Comparison, frozen=True):
    """The value is one of these."""

    values: tuple[Any, ...]

    def holds(self, source: Source, state: State, asked: Asked) -> bool:
        """Compare."""
        return source.value(state) in self.values

    @property
    def of_one_state(self) -> bool:
        """With one value."""
        return len(self.values) == 1


class IsNot(Comparison, frozen=True):
    """The value is none of these."""

    values: tuple[Any, ...]

    def holds(self, source: Source, state: State, asked: Asked) -> bool:
        """Compare."""
        return source.value(state) not in self.values


class Anything(Comparison, frozen=True):
    """Every value."""

    def holds(self, source: Source, state: State, asked: Asked) -> bool:
        """Say yes."""
        return True


class Chosen(Comparison, frozen=True):
    """The value is one of those that the options name."""

    def holds(self, source: Source, state: State, asked: Asked) -> bool:
        """Compare."""
        return source.value(state) in asked.chosen


class InZone(Comparison, frozen=True):
    """A person or a tracker is in one of the zones that the options name; or, with `no`, in none of them."""

    no: bool = False

    def holds(self, source: Source, state: State, asked: Asked) -> bool:
        """Compare places; nobody is in a zone that is not there."""
        for zone_id in asked.chosen:
            zone = asked.hub.states.get(zone_id)
            if zone is not None and is_in_zone(state, zone_id, zone):
                return not self.no
        return self.no


class Within(Comparison, frozen=True):
    """The value is a number that fits the threshold."""

    def holds(self, source: Source, state: State, asked: Asked) -> bool:
        """Compare."""
        assert asked.threshold is not None
        return asked.threshold.holds(source.number(state), asked.hub)


class Counts(Comparison, frozen=True):
    """The value is a whole number, at least so great and at most so great."""

    least: int | None = None
    most: int | None = None

    def holds(self, source: Source, state: State, asked: Asked) -> bool:
        """Compare."""
        number = whole(source.value(state))
        if number is None:
            return False
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)


class IsAs(Comparison, frozen=True):
    """The state is what an attribute says: a counter at its `maximum`."""

    attribute: str

    def holds(self, source: Source, state: State, asked: Asked) -> bool:
        """Compare."""
        bound = state.attributes.get(self.attribute)
        return bound is not None and state.state == str(bound)


class Muted(Comparison, frozen=True):
    """A media player is muted, or its volume is 0; or, with `no`, it is neither."""

    no: bool = False

    def holds(self, source: Source, state: State, asked: Asked) -> bool:
        """Compare; one without a volume is neither muted nor not."""
        muted, level = state.attributes.get("is_volume_muted"), state.attributes.get("volume_level")
        if muted is None and level is None:
            return False
        return (muted is True or level == 0) is not self.no


class Beginning(msgspec.Struct, frozen=True):
    """Tells whether a change to what is asked for counts."""

    from_unknown: bool = False
    """What was `unknown` before counts too: nothing had happened yet."""

    def counts(self, source: Source, old: State, new: State, comparison: Comparison, asked: Asked) -> bool:
        """Tell; the new state is as asked for, both are known."""
        return not comparison.holds(source, old, asked)


class Enters(Beginning, frozen=True):
    """It was not so before."""


class EntersFromKnown(Beginning, frozen=True):
    """It was known to be not so before."""

    def counts(self, source: Source, old: State, new: State, comparison: Comparison, asked: Asked) -> bool:
        """Tell; an attribute that was not there says nothing."""
        return source.value(old) is not None and not comparison.holds(source, old, asked)


class From(Beginning, frozen=True):
    """It had one of these values before, and another one now."""

    values: tuple[Any, ...] = ()

    def counts(self, source: Source, old: State, new: State, comparison: Comparison, asked: Asked) -> bool:
        """Tell."""
        before = source.value(old)
        return before in self.values and before != source.value(new)


class Changes(Beginning, frozen=True):
    """The value is another one than before."""

    def counts(self, source: Source, old: State, new: State, comparison: Comparison, asked: Asked) -> bool:
        """Tell."""
        return bool(source.value(old) != source.value(new))


class Happens(Beginning, frozen=True):
    """The state, which is the time of the last time, is another one: something happened again."""

    from_unknown: bool = True

    def counts(self, source: Source, old: State, new: State, comparison: Comparison, asked: Asked) -> bool:
        """Tell."""
        return old.state != new.state


class NumberChanges(Beginning, frozen=True):
    """The number is another one than before."""

    def counts(self, source: Source, old: State, new: State, comparison: Comparison, asked: Asked) -> bool:
        """Tell."""
        return source.number(old) != source.number(new)


class Steps(Beginning, frozen=True):
    """A whole number is greater than before, or less."""

    up: bool = True

    def counts(self, source: Source, old: State, new: State, comparison: Comparison, asked: Asked) -> bool:
        """Tell."""
        before, after = whole(old.state), whole(new.state)
        if before is None or after is None:
            return False
        return after > before if self.up else after < before


class NextBlock(Beginning, frozen=True):
    """A schedule's next event is another one: a block began, right after another one too."""

    def counts(self, source: Source, old: State, new: State, comparison: Comparison, asked: Asked) -> bool:
        """Tell."""
        return bool(old.state != new.state or old.attributes.get("next_event") != new.attributes.get("next_event"))


def whole(value: Any) -> int | None:
    """Return a whole number, None for what is none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None

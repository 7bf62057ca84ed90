"""Template functions that read the states of entities: `states()`, `is_state()`, `state_attr()` and the like."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from arvisd.automation.templates.undefined import RENDERING
from arvisd.core.context import Context
from arvisd.core.states import UNAVAILABLE, UNKNOWN, State, StateStore


class Reads:
    """What a template read: the entities and domains whose changes may change its result."""

    __slots__ = ("domains", "entities", "everything", "house", "time")

    def __init__(self) -> None:
        self.entities: set[str] = set()
        self.domains: set[str] = set()
        self.everything = False
        self.house = False
        """It asked for areas, devices and the like."""
        self.time = False
        """It asked for the time: its result may change with nothing else."""


class TemplateState:
    """A state as templates and triggers show it: `trigger.to_state.state`, `states.light.kitchen.attributes`."""

    __slots__ = ("entity_id", "source")

    def __init__(self, entity_id: str, source: State) -> None:
        self.entity_id = entity_id
        self.source = source

    @property
    def state(self) -> str:
        """The value as text."""
        return self.source.state

    @property
    def attributes(self) -> Mapping[str, Any]:
        """Further facts."""
        return self.source.attributes

    @property
    def last_changed(self) -> datetime:
        """When the value last changed."""
        return self.source.last_changed

    @property
    def last_updated(self) -> datetime:
        """When the value or an attribute last changed."""
        return self.source.last_updated

    @property
    def last_reported(self) -> datetime:
        """The same: a report that changes nothing is not noted."""
        return self.source.last_updated

    @property
    def context(self) -> Context:
        """What caused it."""
        return self.source.context

    @property
    def state_with_unit(self) -> str:
        """The value, of a sensor rounded, with its unit."""
        return self.shown(rounded=True, with_unit=True)

    def shown(self, *, rounded: bool, with_unit: bool) -> str:
        """Return the value as people read it."""
        value = self.state
        if rounded and self.domain == "sensor":
            with contextlib.suppress(TypeError, ValueError):
                number = float(value)
                digits = self.attributes.get("suggested_display_precision")
                if digits is not None:
                    value = f"{number:.{max(0, min(10, int(digits)))}f}"
                elif "." in value:
                    value = f"{number:.2f}" if len(value.rpartition(".")[2]) > 2 else value
        unit = self.attributes.get("unit_of_measurement") if with_unit else None
        return f"{value} {unit}" if unit else value

    @property
    def domain(self) -> str:
        """`light` of `light.kitchen`."""
        return self.entity_id.partition(".")[0]

    @property
    def object_id(self) -> str:
        """`kitchen` of `light.kitchen`."""
        return self.entity_id.partition(".")[2]

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.source.attributes.get("friendly_name") or self.object_id.replace("_", " "))

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "entity_id": self.entity_id,
            "state": self.state,
            "attributes": dict(self.attributes),
            "last_changed": self.last_changed.isoformat(),
            "last_updated": self.last_updated.isoformat(),
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TemplateState) and (other.entity_id, other.source) == (self.entity_id, self.source)

    def __hash__(self) -> int:
        return hash(self.entity_id)

    def __repr__(self) -> str:
        return f"<state {self.entity_id}={self.state}>"


_ASKED_BY_JINJA = frozenset(
    [
        "unsafe_callable",
        "alters_data",
        "contextfunction",
        "evalcontextfunction",
        "environmentfunction",
        "jinja_pass_arg",
    ]
)
"""Marks that the sandbox looks for on whatever a template calls: no domains."""


class DomainStates:
    """`states.light`: the entities of one domain."""

    def __init__(self, functions: StateFunctions, domain: str) -> None:
        self._functions = functions
        self._domain = domain

    def __getattr__(self, object_id: str) -> TemplateState | None:
        if object_id.startswith("_"):
            raise AttributeError(object_id)
        return self._functions.find(f"{self._domain}.{object_id}")

    def __iter__(self) -> Iterator[TemplateState]:
        return iter(self._functions.all(self._domain))

    def __len__(self) -> int:
        return len(self._functions.all(self._domain))


class AllStates:
    """`states`: called with an id it gives the value; its attributes are the domains."""

    def __init__(self, functions: StateFunctions) -> None:
        self._functions = functions

    def __call__(self, entity_id: str, rounded: bool | None = None, with_unit: bool = False) -> str:
        """Return the value of an entity, `unknown` where there is none; with its unit it is rounded too."""
        found = self._functions.find(entity_id)
        if found is None:
            return UNKNOWN
        return found.shown(rounded=with_unit if rounded is None else rounded, with_unit=with_unit)

    def __getattr__(self, domain: str) -> Any:
        if domain.startswith("_") or domain in _ASKED_BY_JINJA:
            raise AttributeError(domain)
        return DomainStates(self._functions, domain)

    def __getitem__(self, entity_id: str) -> TemplateState | None:
        return self._functions.find(entity_id)

    def __iter__(self) -> Iterator[TemplateState]:
        return iter(self._functions.all(None))

    def __len__(self) -> int:
        return len(self._functions.all(None))


class StateFunctions:
    """Reads the state store for templates, telling the tracker what was read."""

    def __init__(self, states: StateStore) -> None:
        self._states = states

    def find(self, entity_id: str) -> TemplateState | None:
        """Return the state of an entity."""
        tracker = RENDERING.tracker
        if tracker is not None:
            tracker.entities.add(entity_id)
        source = self._states.get(entity_id) if isinstance(entity_id, str) else None
        return None if source is None else TemplateState(entity_id, source)

    def all(self, domain: str | None) -> list[TemplateState]:
        """Return the states of a domain, or all."""
        tracker = RENDERING.tracker
        if tracker is not None:
            if domain is None:
                tracker.everything = True
            else:
                tracker.domains.add(domain)
        return [TemplateState(i, state) for i in self._states.ids(domain) if (state := self._states.get(i)) is not None]

    def is_state(self, entity_id: str, value: str | list[str]) -> bool:
        """Tell whether an entity has that value, or one of these."""
        found = self.find(entity_id)
        if found is None:
            return False
        return found.state in value if isinstance(value, list | tuple | set) else found.state == value

    def state_attr(self, entity_id: str, name: str) -> Any:
        """Return an attribute of an entity, None where there is none."""
        found = self.find(entity_id)
        return None if found is None else found.attributes.get(name)

    def is_state_attr(self, entity_id: str, name: str, value: Any) -> bool:
        """Tell whether an attribute is there and has that value."""
        found = self.find(entity_id)
        return found is not None and name in found.attributes and bool(found.attributes[name] == value)

    def has_value(self, entity_id: str) -> bool:
        """Tell whether an entity's value is known."""
        found = self.find(entity_id)
        return found is not None and found.state not in (UNKNOWN, UNAVAILABLE)

    def expand(self, *what: Any) -> list[TemplateState]:
        """Return the states of entities, those of a group in its place, sorted by id and each once."""
        found: dict[str, TemplateState] = {}
        waiting = list(what)
        seen: set[str] = set()
        while waiting:
            item = waiting.pop()
            if isinstance(item, str):
                if item in seen:
                    continue
                seen.add(item)
                item = self.find(item)
            if isinstance(item, TemplateState):
                members = item.attributes.get("persons" if item.domain == "zone" else "entity_id")
                if item.domain in ("group", "zone") or self._is_group(item):
                    waiting.extend(members if isinstance(members, list | tuple) else ())
                else:
                    found[item.entity_id] = item
            elif isinstance(item, Iterable) and not isinstance(item, str):
                waiting.extend(item)
        return [found[key] for key in sorted(found)]

    def _is_group(self, state: TemplateState) -> bool:
        """Tell whether a light or the like stands for several others."""
        members = state.attributes.get("entity_id")
        return isinstance(members, list | tuple) and state.domain not in ("scene", "script", "automation")

    def functions(self) -> dict[str, Any]:
        """Return what templates call."""
        return {
            "states": AllStates(self),
            **self._shared(),
            "is_state": self.is_state,
            "is_state_attr": self.is_state_attr,
        }

    def filters(self) -> dict[str, Any]:
        """Return the filters."""
        return {"states": AllStates(self), **self._shared()}

    def tests(self) -> dict[str, Any]:
        """Return the tests."""
        return {"is_state": self.is_state, "is_state_attr": self.is_state_attr, "has_value": self.has_value}

    def _shared(self) -> dict[str, Any]:
        return {"state_attr": self.state_attr, "has_value": self.has_value, "expand": self.expand}

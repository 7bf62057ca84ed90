"""The contract of a kind of helper: its section, its settings, the entity it makes, its actions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import msgspec

from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner

if TYPE_CHECKING:
    from arvisd.automation.builder import Library
    from arvisd.automation.engine import AutomationEngine
    from arvisd.automation.schedule import Schedule
    from arvisd.home.registry import HomeRegistry


class HelperSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys that every helper takes."""

    name: str = ""
    """What people call it; empty: made from its id."""
    icon: str | None = None
    """For other programs; kept as the attribute `icon`."""


S = TypeVar("S", bound=HelperSettings)


class Saved(msgspec.Struct, frozen=True):
    """What a helper was when the daemon stopped, or before its settings changed."""

    state: str
    attributes: dict[str, Any]
    saved_at: datetime


STOPPING = "stopping"
"""Under this name stands something in `Place.shared` while the whole collection stops, because the daemon does."""


class Place:
    """What a helper is handed: everything that it may need, and the owner that its listening ends with."""

    __slots__ = ("engine", "entity_id", "home", "hub", "library", "node", "owner", "schedule", "shared")

    def __init__(
        self,
        entity_id: str,
        node: Any,
        hub: Hub,
        home: HomeRegistry,
        engine: AutomationEngine,
        schedule: Schedule,
        library: Library,
        owner: Owner,
        shared: dict[str, Any] | None = None,
    ) -> None:
        self.entity_id = entity_id
        self.node = node
        """As it was written, with marks: for templates and steps within it."""
        self.hub = hub
        self.home = home
        self.engine = engine
        self.schedule = schedule
        self.library = library
        self.owner = owner
        self.shared: dict[str, Any] = {} if shared is None else shared
        """What the helpers of one collection have in common, under the name of the kind that keeps it there."""


class Helper(Protocol):
    """One helper at work; it writes its own state through `place.hub.states`."""

    def start(self, saved: Saved | None) -> None:
        """Write the state that it begins with and begin to listen, under the place's owner."""


class HelperAction(msgspec.Struct, frozen=True):
    """An action of a kind of helper, done on each entity of the target: `input_number.set_value`."""

    name: str
    """`set_value`: the domain comes before it."""
    data: type[msgspec.Struct]
    """Its data."""
    description: str
    perform: Callable[[Any, Any, Context], Any]
    """Called with the helper, the data and the context; may return an awaitable; raises ActionError.

    What it gives back other than None is the action's result for that entity.
    """
    instant: bool = False
    """It never gives an awaitable: a run that does it makes no task."""


class HelperKind(Generic[S]):
    """One kind: the section of its name lists its helpers by object id, or in a list where `listed`."""

    __slots__ = (
        "actions",
        "describe",
        "domain",
        "expose",
        "listed",
        "loose",
        "make",
        "obsolete",
        "restored",
        "section",
        "settings",
        "shorthand",
    )

    def __init__(
        self,
        domain: str,
        settings: type[S],
        make: Callable[[S, Place], Helper],
        actions: Sequence[HelperAction] = (),
        *,
        listed: bool = False,
        restored: bool = True,
        section: bool = True,
        expose: bool = True,
        describe: Callable[[Any], Mapping[str, Any]] | None = None,
        shorthand: str = "",
        loose: bool = False,
        obsolete: Collection[str] = (),
    ) -> None:
        """Describe a kind.

        Args:
            domain: name of the section and first part of the entity ids.
            settings: one item of the section.
            make: makes the helper; raises InvalidError or ValueError for what the struct cannot check.
            actions: done on its entities.
            listed: the section is a list, and the object id is made from `id` or `name`.
            restored: its state is kept over a restart and handed to `start`, unless the helper's own `restored` is False.
            section: the section of that name is this kind's; False: its items come from elsewhere (see `items.py`).
            expose: it can be spoken of unless `home:` says otherwise.
            describe: gives further fields of `arvisd.home.entity.Entity` from the helper: `device_class`, `unit`,
                `features`, a `controller` of its own.
            shorthand: an item that is no mapping is the value of this key.
            loose: an object id is made of whatever the key is, `Kitchen Accents` too, which is its name then.
            obsolete: keys of former times, which are warned of and left out.
        """
        self.domain = domain
        self.settings = settings
        self.make = make
        self.actions = actions
        self.listed = listed
        self.restored = restored
        self.section = section
        self.expose = expose
        self.describe = describe
        self.shorthand = shorthand
        self.loose = loose
        self.obsolete = frozenset(obsolete)

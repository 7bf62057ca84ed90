"""Entities as the house knows them: names, place, abilities, and what carries out their actions."""

from __future__ import annotations

import abc

import msgspec

from arvisd.core.context import Context
from arvisd.home.settings import Exposure, Named


class Controller(abc.ABC):
    """Carries out the actions of one or more entities; whatever a device is reached by stands behind it."""

    patient = False
    """True: what it is asked for may take as long as it likes, as steps of the user's do; else some seconds."""

    @abc.abstractmethod
    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Ask the device for it; return when it has been asked.

        That it happened is seen from the state that comes back, which the action waits for.

        Args:
            action: one of the basic actions of the entity's domain, `light.turn_on`: a toggle comes as
                `turn_on` or `turn_off`, names of colours as RGB, percentages of brightness as 0–255.
            data: the action's data, an instance of its schema in `arvisd.home.actions`.
            context: what caused it; belongs to the states that follow.

        Raises:
            ActionFailedError: the device could not be asked, or refused.
        """


class Entity(Named, frozen=True, kw_only=True, eq=False):
    """One thing of the house that has a state."""

    id: str
    """`domain.name`."""
    area: str | None = None
    """Id of the area in which it is."""
    labels: list[str] = msgspec.field(default_factory=list)
    device: str | None = None
    """Id of the device that it is a part of."""
    device_class: str | None = None
    """Home Assistant's device class: `temperature`, `blind`, `window`, …"""
    unit: str | None = None
    """Unit of the state."""
    features: frozenset[str] = frozenset()
    """What it can do beyond on and off, by the names in `arvisd.home.actions`: `brightness`, `position`, …"""
    controller: Controller | None = None
    """None: it can only be read."""
    assumed_state: bool = False
    """No state comes back from the device: what was asked for counts as done."""
    expose: bool = True
    """Whether it can be spoken of, at some site at least."""
    exposure: Exposure | None = None
    """Where it can be spoken of; None: everywhere."""

    @property
    def domain(self) -> str:
        """First part of the id."""
        return self.id.partition(".")[0]

    @property
    def object_id(self) -> str:
        """Last part of the id."""
        return self.id.partition(".")[2]

    def spoken_at(self, site: str) -> bool:
        """Tell whether it can be spoken of at a site."""
        return self.expose and (self.exposure is None or self.exposure.at(site))

    def name_in(self, language: str) -> str:
        """Return the name in a language; where it has none at all, one made from the id."""
        return Named.name_in(self, language) or self.object_id.replace("_", " ")

    def spoken_names(self, language: str) -> list[str]:
        """Return every name by which it may be called in a language, the main one first."""
        return Named.spoken_names(self, language) or [self.object_id.replace("_", " ")]

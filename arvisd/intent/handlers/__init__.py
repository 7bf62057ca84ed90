"""What is done for each intent, one file a family."""

from __future__ import annotations

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry
from arvisd.intent.dialogue import Dialogue
from arvisd.intent.handlers import (
    broadcast,
    climate,
    clock,
    fan,
    humidifier,
    light,
    media,
    position,
    relative,
    robots,
    state,
    talk,
    turn,
    weather,
)
from arvisd.intent.handlers.base import Command, Done, Handler, IntentHandlers, Refusal
from arvisd.intent.handlers.broadcast import Sites
from arvisd.intent.handlers.house import House

__all__ = ["Command", "Done", "Handler", "House", "IntentHandlers", "Refusal", "register_handlers"]


def register_handlers(
    handlers: IntentHandlers, hub: Hub, home: HomeRegistry, owner: Owner, dialogue: Dialogue, sites: Sites = list
) -> House:
    """Offer all that arvisd itself does for intents, until the owner stops; return what they ask of the house."""
    house = House(hub, home, dialogue)
    for family in (
        turn.handlers(house),
        light.handlers(house),
        position.handlers(house),
        climate.handlers(house),
        fan.handlers(house),
        state.handlers(house),
        media.handlers(house),
        relative.handlers(house),
        robots.handlers(house),
        humidifier.handlers(house),
        weather.handlers(house),
        broadcast.handlers(house, sites),
        clock.handlers(hub),
        talk.handlers(),
    ):
        for intent, handler in family.items():
            handlers.register(intent, handler, owner)
    return house

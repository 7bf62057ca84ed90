"""The actions that control the house: Home Assistant's names and fields, one file a domain."""

from __future__ import annotations

from arvisd.core.actions import Action
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.actions import (
    alarm,
    climate,
    cover,
    fan,
    humidifier,
    inputs,
    light,
    lock,
    media_player,
    robots,
    siren,
    switch,
    valve,
    water_heater,
)
from arvisd.home.actions.any_domain import any_domain_actions
from arvisd.home.actions.definition import EntityAction
from arvisd.home.actions.performer import Performer
from arvisd.home.registry import HomeRegistry

ENTITY_ACTIONS: tuple[EntityAction, ...] = (
    *light.ACTIONS,
    *switch.ACTIONS,
    *cover.ACTIONS,
    *climate.ACTIONS,
    *fan.ACTIONS,
    *lock.ACTIONS,
    *valve.ACTIONS,
    *humidifier.ACTIONS,
    *water_heater.ACTIONS,
    *robots.ACTIONS,
    *alarm.ACTIONS,
    *siren.ACTIONS,
    *media_player.ACTIONS,
    *inputs.ACTIONS,
)


def register_home_actions(hub: Hub, home: HomeRegistry, owner: Owner) -> None:
    """Offer every action of the house until the owner stops."""
    performer = Performer(hub, home)
    for action in ENTITY_ACTIONS:
        hub.actions.register(
            Action(action.name, action.schema, action.description, handler=performer.handler(action)), owner
        )
    for general in any_domain_actions(hub, home):
        hub.actions.register(general, owner)

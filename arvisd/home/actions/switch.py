"""Actions of switches."""

from __future__ import annotations

from arvisd.home.actions.definition import EntityAction, plain, toggle

_ON = plain("switch.turn_on", "on")
_OFF = plain("switch.turn_off", "off")

ACTIONS = (
    EntityAction("switch.turn_on", "Turns switches on.", _ON),
    EntityAction("switch.turn_off", "Turns switches off.", _OFF),
    EntityAction("switch.toggle", "Turns on the switches that are off and off those that are on.", toggle(_ON, _OFF)),
)

"""Sites as entities: their state follows the phase, they stand in the site's area, and go with the site."""

from __future__ import annotations

import pytest

from arvisd.assist.phase_board import PhaseBoard
from arvisd.assist.satellites import Satellites
from arvisd.assist.site import Site, SiteRegistry
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry


@pytest.mark.parametrize(
    ("phase", "state"),
    [
        ("idle", "idle"),
        ("listening", "listening"),
        ("thinking", "processing"),
        ("speaking", "responding"),
        ("offline", "unavailable"),
    ],
)
def test_the_state_is_the_phase(hub: Hub, phase: str, state: str) -> None:
    owner = Owner("test")
    Satellites(hub, HomeRegistry(hub.states), SiteRegistry()).start(owner)
    PhaseBoard(hub, "living-room", "en").show(phase)
    found = hub.states.get("assist_satellite.living_room")
    assert found is not None
    assert (found.state, found.attributes) == (state, {"friendly_name": "living room", "site": "living-room"})


def test_it_comes_and_goes_with_its_site(hub: Hub) -> None:
    owner = Owner("test")
    home, sites = HomeRegistry(hub.states), SiteRegistry()
    sites.register(Site("hall", "room", area="entrance"), owner)
    board = PhaseBoard(hub, "hall", "en")
    board.show("idle")
    Satellites(hub, home, sites).start(owner)  # what was shown before it began counts too
    entity = home.entity("assist_satellite.hall")
    assert entity is not None
    assert (entity.area, entity.expose) == ("entrance", False)
    assert home.membership.inside("area", "entrance") == {"assist_satellite.hall"}
    board.clear()
    assert home.entity("assist_satellite.hall") is None
    assert hub.states.get("assist_satellite.hall") is None
    board.show("idle")
    assert hub.states.get("assist_satellite.hall") is not None

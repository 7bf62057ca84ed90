"""Muted microphones: nothing of what they hear is looked at, and a restart does not change that."""

from __future__ import annotations

import pytest

from arvisd.assist.muting import Muting
from arvisd.assist.site import Site
from arvisd.assist.wishes import Wishes
from arvisd.core.errors import ActionDataError, ActionFailedError
from arvisd.storage.database import Database
from tests.simulators.sounds import silence, speech, wake_word

COMMAND = wake_word() + silence(0.6) + speech("turn on the light")


@pytest.fixture
def database():
    with_file = Database(None).open()
    yield with_file
    with_file.close()


async def started(scene, database) -> Muting:
    muting = Muting(scene.hub, Wishes(database), scene.sites)
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.assist.is_muted = muting.is_muted
    muting.start(scene.owner)
    return muting


def muted(scene, site="kitchen"):
    state = scene.hub.states.get(f"binary_sensor.{site}_muted")
    return None if state is None else state.state


async def test_a_muted_site_does_not_wake_and_hears_again_afterwards(scene, database):
    await started(scene, database)
    assert muted(scene) == "off"
    assert await scene.hub.actions.call("assist.mute", {"site": "kitchen"}) == {"sites": ["kitchen"]}
    assert muted(scene) == "on"
    scene.microphone.hear(COMMAND)
    await scene.clock.advance(8)
    assert scene.turns == []
    assert scene.phases() == ["idle"]
    await scene.hub.actions.call("assist.unmute", {"site": "kitchen"})
    await scene.clock.advance(1)
    assert scene.turns == []
    scene.microphone.hear(COMMAND)
    await scene.clock.advance(8)
    assert [turn.text for turn in scene.turns] == ["turn on the light"]


async def test_muted_in_the_middle_of_a_command_it_ends_unheard(scene, database):
    await started(scene, database)
    scene.microphone.hear(COMMAND)
    await scene.clock.advance(2)
    assert scene.phases()[-1] == "listening"
    await scene.hub.actions.call("assist.mute")
    await scene.clock.advance(8)
    (turn,) = scene.turns
    assert (turn.outcome, turn.reason, turn.text) == ("cancelled", "muted", "")
    assert scene.phases()[-1] == "idle"


async def test_who_asks_a_muted_site_to_listen_is_told(scene, database):
    await started(scene, database)
    await scene.hub.actions.call("assist.mute")
    with pytest.raises(ActionFailedError, match="kitchen is muted: 'assist.unmute' lets it hear again"):
        await scene.hub.actions.call("assist.listen", {"site": "kitchen"})
    scene.hub.bus.publish("arvis/site/kitchen/listen", b"{}")
    await scene.clock.advance(1)
    assert scene.phases() == ["idle"]


async def test_what_was_muted_stays_so_after_a_restart(scene, database):
    muting = await started(scene, database)
    await scene.hub.actions.call("assist.mute", {"site": ["kitchen"]})
    again = Muting(scene.hub, Wishes(database), scene.sites)
    assert again.is_muted("kitchen")
    await scene.hub.actions.call("assist.mute", {"site": "kitchen", "muted": False})
    assert not muting.is_muted("kitchen")
    assert not Muting(scene.hub, Wishes(database), scene.sites).is_muted("kitchen")


async def test_only_sites_with_a_microphone_can_be_muted(scene, database):
    await started(scene, database)
    scene.sites.register(Site("chat", "chat"), scene.owner)
    assert muted(scene, "chat") is None
    with pytest.raises(
        ActionDataError, match=r"^assist.mute: 'chat' is no site with a microphone; there are: kitchen$"
    ):
        await scene.hub.actions.call("assist.mute", {"site": ["kitchen", "chat"]})
    assert muted(scene) == "off"


async def test_the_state_goes_with_the_site(scene, database):
    muting = await started(scene, database)
    muting.site_removed(scene.sites.get("kitchen"))
    assert muted(scene) is None

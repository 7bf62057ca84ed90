"""What is announced to hubs, when it is said again, and how what is gone is taken away."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from arvisd import __version__
from arvisd.core.bus import Message, Origin
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.mqtt.hubs.announcer import GRACE_SECONDS, SETTLE_SECONDS, HubAnnouncer
from arvisd.mqtt.hubs.component import HubComponent, HubComponents
from arvisd.mqtt.hubs.memory import Told
from arvisd.mqtt.hubs.settings import HubsSettings
from arvisd.storage.database import Database
from tests.simulators.clock import FakeClock

TOPIC = "homeassistant/device/arvis/config"
STATUS = "homeassistant/status"


class Rig:
    """A daemon's announcer and all that it published; `restarted` is the same daemon after a restart."""

    def __init__(self, hub: Hub, clock: FakeClock, database: Database) -> None:
        self.hub = hub
        self.clock = clock
        self.database = database
        self.sent: list[Message] = []
        self.owner = Owner("test")
        self.hub.bus.subscribe("homeassistant/#", self.sent.append, self.owner)
        self.began()

    def began(self) -> None:
        self.daemon = Owner("daemon")
        self.components = HubComponents()
        self.announcer = HubAnnouncer(self.hub, self.components, Told(self.database), self.daemon, random.Random(7))

    def restarted(self) -> None:
        self.daemon.release()
        self.hub.bus.publish(TOPIC, b"", retain=True)  # another process: nothing is kept within it
        self.sent.clear()
        self.began()

    def offer(self, *ids: str, lasting: bool = True, **config: Any) -> None:
        for id_ in ids:
            self.components.offer(HubComponent(id_, "sensor", {"name": id_, **config}, lasting), self.daemon)

    async def use(self, prefix: str = "homeassistant", **settings: Any) -> None:
        self.announcer.use(HubsSettings(**settings), prefix)
        await self.clock.advance(SETTLE_SECONDS)

    async def settle(self) -> None:
        await self.clock.advance(SETTLE_SECONDS)

    @property
    def last(self) -> dict[str, Any]:
        return json.loads(self.sent[-1].data)

    def hub_is_born(self, payload: bytes = b"online", *, retain: bool = False) -> None:
        self.hub.bus.deliver(Message(STATUS, payload, retain, 0, Origin.REMOTE))

    @property
    def announced(self) -> list[Message]:
        return [message for message in self.sent if message.topic == TOPIC]


@pytest.fixture
async def rig(hub: Hub, clock: FakeClock) -> AsyncIterator[Rig]:
    made = Rig(hub, clock, Database(None).open())
    yield made
    made.daemon.release()
    made.owner.release()
    made.database.close()


async def test_one_device_with_its_origin_and_the_daemons_last_will(rig: Rig) -> None:
    rig.offer("mode", state_topic="arvis/info")
    await rig.use(name="Robot")
    (message,) = rig.sent
    assert (message.topic, message.retain, message.qos) == (TOPIC, True, 1)
    assert rig.last == {
        "device": {
            "identifiers": ["arvisd_arvis"],
            "name": "Robot",
            "manufacturer": "arvisd",
            "model": "Voice daemon",
            "sw_version": __version__,
        },
        "origin": {"name": "arvisd", "sw_version": __version__},
        "availability": [{"topic": "arvis/status"}],
        "qos": 1,
        "components": {
            "mode": {"platform": "sensor", "unique_id": "arvis_mode", "name": "mode", "state_topic": "arvis/info"}
        },
    }


async def test_changes_of_a_moment_are_one_message_and_no_change_is_none(rig: Rig) -> None:
    rig.offer("a")
    await rig.use()
    rig.offer("b", "c")
    rig.offer("b", icon="mdi:robot")
    await rig.settle()
    assert len(rig.sent) == 2
    assert rig.last["components"]["b"]["icon"] == "mdi:robot"
    rig.offer("b", icon="mdi:robot")
    await rig.use()
    assert len(rig.sent) == 2


async def test_what_is_gone_is_named_with_its_platform_alone(rig: Rig) -> None:
    rig.offer("a", "b", lasting=False)
    await rig.use()
    rig.components.withdraw("b")
    await rig.settle()
    assert rig.last["components"]["b"] == {"platform": "sensor"}
    rig.offer("b", lasting=False)
    await rig.settle()
    assert rig.last["components"]["b"]["unique_id"] == "arvis_b"


async def test_what_lasts_stays_for_some_minutes(rig: Rig) -> None:
    rig.offer("a", "microphone")
    await rig.use()
    rig.components.withdraw("microphone")
    await rig.clock.advance(GRACE_SECONDS - 5)
    assert len(rig.sent) == 1
    await rig.clock.advance(10)
    assert rig.last["components"]["microphone"] == {"platform": "sensor"}


async def test_what_comes_back_in_time_was_never_away(rig: Rig) -> None:
    rig.offer("microphone")
    await rig.use()
    rig.components.withdraw("microphone")
    await rig.clock.advance(GRACE_SECONDS / 2)
    rig.offer("microphone")
    await rig.clock.advance(GRACE_SECONDS * 2)
    assert len(rig.sent) == 1


async def test_after_a_restart_hubs_are_told_what_is_gone(rig: Rig) -> None:
    rig.offer("stays")
    rig.offer("microphone")
    rig.offer("automation", lasting=False)
    await rig.use()
    rig.restarted()
    rig.offer("stays")
    await rig.use()
    assert rig.last["components"]["automation"] == {"platform": "sensor"}
    assert rig.last["components"]["microphone"]["name"] == "microphone"
    await rig.clock.advance(GRACE_SECONDS + 1)
    assert rig.last["components"]["microphone"] == {"platform": "sensor"}
    rig.restarted()
    rig.offer("stays")
    await rig.use()
    assert list(rig.last["components"]) == ["stays"]


async def test_a_daemon_that_ends_takes_nothing_away(rig: Rig) -> None:
    rig.offer("a")
    await rig.use()
    rig.daemon.release()
    await rig.clock.advance(GRACE_SECONDS * 2)
    assert len(rig.sent) == 1


async def test_the_birth_of_a_hub_is_answered_once_within_five_seconds(rig: Rig) -> None:
    rig.offer("a")
    await rig.use()
    rig.hub_is_born()
    rig.hub_is_born()
    assert len(rig.announced) == 1
    await rig.clock.advance(5)
    assert len(rig.announced) == 2
    assert rig.announced[0].data == rig.announced[1].data
    await rig.clock.advance(60)
    assert len(rig.announced) == 2


@pytest.mark.parametrize(("payload", "retain"), [(b"offline", False), (b"", False), (b"online", True)])
async def test_what_is_no_birth_is_not_answered(rig: Rig, payload: bytes, retain: bool) -> None:
    rig.offer("a")
    await rig.use()
    rig.hub_is_born(payload, retain=retain)
    await rig.clock.advance(10)
    assert len(rig.announced) == 1


async def test_switched_off_it_is_taken_away_and_nothing_is_said_any_more(rig: Rig) -> None:
    rig.offer("a")
    await rig.use()
    await rig.use(enabled=False)
    assert (rig.sent[-1].topic, rig.sent[-1].data, rig.sent[-1].retain) == (TOPIC, b"", True)
    rig.offer("b")
    rig.hub_is_born()
    await rig.clock.advance(10)
    assert len(rig.announced) == 2
    await rig.use()
    assert list(rig.last["components"]) == ["a", "b"]


async def test_switched_off_while_the_daemon_was_away_it_is_taken_away_at_the_start(rig: Rig) -> None:
    rig.offer("a")
    await rig.use()
    rig.restarted()
    await rig.use(enabled=False)
    assert [message.data for message in rig.announced] == [b""]
    rig.restarted()
    await rig.use(enabled=False)
    assert rig.announced == []


async def test_under_another_prefix_the_old_announcement_is_taken_away(rig: Rig) -> None:
    rig.offer("a")
    await rig.use()
    rig.restarted()
    rig.offer("a")
    others: list[Message] = []
    rig.hub.bus.subscribe("discovery/#", others.append, rig.owner)
    await rig.use("discovery")
    assert [message.data for message in rig.announced] == [b""]
    assert [message.topic for message in others] == ["discovery/device/arvis/config"]


async def test_an_id_that_hubs_cannot_take_is_refused(rig: Rig) -> None:
    with pytest.raises(ValueError, match="'a b' is no id of a component: use small letters, digits and '_'"):
        rig.offer("a b")

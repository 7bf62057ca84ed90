"""The birth message that stands in for a hub."""

from __future__ import annotations

from arvisd.core.bus import Message, Origin
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.mqtt.hubs.birth import WAIT_SECONDS, Birth
from arvisd.mqtt.mirror import CONNECTED
from tests.simulators.clock import FakeClock

STATUS = "homeassistant/status"


def seen(hub: Hub, owner: Owner) -> list[Message]:
    messages: list[Message] = []
    hub.bus.subscribe(STATUS, messages.append, owner)
    return messages


async def test_with_no_hub_it_is_sent_after_each_connection(hub: Hub, clock: FakeClock) -> None:
    owner = Owner("test")
    messages = seen(hub, owner)
    birth = Birth(hub, owner)
    birth.use("homeassistant", on=True)
    hub.bus.publish(CONNECTED, b"")
    await clock.advance(WAIT_SECONDS)
    assert [(m.data, m.retain, m.qos) for m in messages] == [(b"online", False, 0)]
    await clock.advance(3600)
    assert len(messages) == 1
    hub.bus.publish(CONNECTED, b"")
    await clock.advance(WAIT_SECONDS)
    assert len(messages) == 2
    owner.release()


async def test_a_hub_that_shows_itself_does_it_itself_from_then_on(hub: Hub, clock: FakeClock) -> None:
    owner = Owner("test")
    birth = Birth(hub, owner)
    birth.use("homeassistant", on=True)
    hub.bus.deliver(Message(STATUS, b"offline", True, 0, Origin.REMOTE))
    messages = seen(hub, owner)
    hub.bus.publish(CONNECTED, b"")
    await clock.advance(WAIT_SECONDS * 2)
    assert birth.hub_seen
    assert messages == []
    owner.release()


async def test_it_is_an_option(hub: Hub, clock: FakeClock) -> None:
    owner = Owner("test")
    messages = seen(hub, owner)
    birth = Birth(hub, owner)
    birth.use("homeassistant", on=False)
    hub.bus.publish(CONNECTED, b"")
    await clock.advance(WAIT_SECONDS * 2)
    assert messages == []
    birth.use("homeassistant", on=True)
    await clock.advance(WAIT_SECONDS)
    assert len(messages) == 1
    owner.release()

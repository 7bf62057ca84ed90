"""The virtual house: its devices, its time, and when it steps aside."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from arvisd.integrations.virtual_house import Settings

from arvisd.core.actions import Target
from arvisd.core.bus import Message
from arvisd.core.errors import SetupError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.states import State
from arvisd.home.entity import Entity
from tests.simulators.clock import FakeClock
from tests.simulators.house import ObedientController, TestHouse, virtual_house


async def test_a_newcomer_sees_the_kitchen_light_change(hub: Hub) -> None:
    async with Owner("test") as owner:
        await virtual_house(hub, owner)
        seen: list[tuple[str, str]] = []

        def note(message: Message) -> None:
            seen.append((message.topic, message.decode(State).state))

        hub.bus.subscribe("arvis/state/light/kitchen", note, owner, replay=True)
        await hub.actions.call("light.turn_on", {"brightness_pct": 50}, Target(entity_id="light.kitchen"))
        await hub.actions.call("light.turn_off", {}, Target(area_id="kitchen"))
        assert seen == [("arvis/state/light/kitchen", state) for state in ("off", "on", "off")]


async def test_nothing_of_it_is_left_when_it_stops(hub: Hub) -> None:
    async with Owner("test") as owner:
        house = await virtual_house(hub, owner)
        assert len(house.home.entities()) == 11
    assert house.home.entities() == []
    assert house.home.areas() == []
    assert hub.states.ids() == []


async def test_the_blind_takes_its_time(hub: Hub, clock: FakeClock) -> None:
    async with Owner("test") as owner:
        house = await virtual_house(hub, owner)

        def blind() -> tuple[str, Any]:
            state = hub.states.get("cover.blind")
            assert state is not None
            return state.state, state.attributes["current_position"]

        await hub.actions.call("cover.close_cover", {}, Target(entity_id="cover.blind"))
        assert blind() == ("closing", 100)
        await clock.advance(8)
        assert blind() == ("closing", 60)
        await hub.actions.call("cover.stop_cover", {}, Target(entity_id="cover.blind"))
        await clock.advance(60)
        assert blind() == ("open", 60)
        await hub.actions.call("cover.set_cover_position", {"position": 72}, Target(entity_id="cover.blind"))
        await clock.advance(3)
        assert blind() == ("open", 72)
        await hub.actions.call("cover.close_cover", {}, Target(entity_id="cover.blind"))
        await clock.advance(20)
        assert blind() == ("closed", 0)
        assert house.state("cover.blind") == "closed"


async def test_the_room_warms_up_slowly(hub: Hub, clock: FakeClock) -> None:
    async with Owner("test") as owner:
        await virtual_house(hub, owner)

        def temperature() -> Any:
            state = hub.states.get("climate.thermostat")
            assert state is not None
            return state.attributes["current_temperature"]

        await hub.actions.call("climate.set_temperature", {"temperature": 22}, Target(entity_id="climate.thermostat"))
        assert temperature() == 20.5
        await clock.advance(5 * 60)
        assert temperature() == 21.0
        await clock.advance(3600)
        assert temperature() == 22.0
        await hub.actions.call("climate.turn_off", {}, Target(entity_id="climate.thermostat"))
        await clock.advance(3600)
        assert temperature() == 18.0


async def test_it_steps_aside_for_real_devices_but_not_for_sensors(hub: Hub) -> None:
    async with Owner("test") as owner:
        house = await virtual_house(hub, owner)
        house.add("sensor.modem_signal", "Signal", state="-70")
        assert house.home.entity("light.kitchen")
        house.add("light.real", "Real light")
        assert [entity.id for entity in house.home.entities()] == ["light.real", "sensor.modem_signal"]
        assert hub.states.get("light.kitchen") is None


@pytest.mark.parametrize("brought_by", ["helpers", "scripts"])
async def test_it_stays_when_the_user_writes_a_switch_or_a_scene(hub: Hub, brought_by: str) -> None:
    async with Owner("test") as owner, Owner(brought_by) as written:
        house = await virtual_house(hub, owner)
        house.home.add_entity(Entity(id="input_boolean.guests", controller=ObedientController(hub)), written)
        assert house.home.entity("light.kitchen")


async def test_it_does_not_move_in_where_somebody_lives(hub: Hub) -> None:
    async with Owner("test") as owner:
        house = TestHouse(hub, owner)
        house.add("light.real", "Real light")
        from pathlib import Path

        from arvisd.integrations.virtual_house import setup

        from arvisd.api import Host
        from arvisd.assist.site import SiteRegistry
        from arvisd.providers.registry import ProviderRegistry

        host = Host(
            "virtual_house", hub, owner, ProviderRegistry(), SiteRegistry(), Path(), Path(), lambda _: None, house.home
        )
        await setup(host, Settings())
        assert [entity.id for entity in house.home.entities()] == ["light.real"]


async def test_it_stays_where_it_is_asked_to(hub: Hub) -> None:
    async with Owner("test") as owner:
        house = await virtual_house(hub, owner, Settings(enabled=True))
        house.add("light.real", "Real light")
        assert house.home.entity("light.kitchen")


async def test_turned_off_there_is_none(hub: Hub) -> None:
    async with Owner("test") as owner:
        house = await virtual_house(hub, owner, Settings(enabled=False))
        assert house.home.entities() == []


async def test_devices_of_the_users_own(hub: Hub) -> None:
    settings = msgspec.convert(
        {
            "devices": [
                {"id": "lock.gate", "names": {"ru": "Калитка"}},
                {"id": "sensor.barrel", "state": 80, "unit": "%"},
            ]
        },
        Settings,
    )
    async with Owner("test") as owner:
        house = await virtual_house(hub, owner, settings)
        assert (await house.say("отопри калитку")).ok is False  # Home Assistant has no such Russian sentence
        await hub.actions.call("lock.unlock", {}, Target(entity_id="lock.gate"))
        assert (house.state("lock.gate"), house.state("sensor.barrel")) == ("unlocked", "80")


async def test_a_device_that_there_is_no_virtual_one_of(hub: Hub) -> None:
    settings = msgspec.convert({"devices": [{"id": "vacuum.rover"}]}, Settings)
    async with Owner("test") as owner:
        with pytest.raises(SetupError) as caught:
            await virtual_house(hub, owner, settings)
    assert str(caught.value) == (
        "virtual_house: there is no virtual vacuum (vacuum.rover), only light, switch, fan, cover, climate, lock, sensor"
    )

"""Scripts and scenes by voice: run, stopped, and left alone where a room or the whole house is meant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from arvisd.automation.engine import AutomationEngine
from arvisd.automation.helpers.collection import Helpers
from arvisd.config import load
from arvisd.core.actions import Target
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from tests.simulators.house import TestHouse

HOUSE = """
script:
  film: {alias: Film night, sequence: [{delay: 60}]}
  kino: {alias: Кино, sequence: [{delay: 60}]}
scene:
  - {name: Dinner, entities: {light.hall: 'on'}}
  - {name: Ужин, entities: {light.hall: 'on'}}
"""


@pytest.fixture
async def house(hub: Hub, tmp_path: Path) -> AsyncIterator[TestHouse]:
    async with Owner("house") as owner:
        made = TestHouse(hub, owner)
        engine = AutomationEngine(hub, None, owner, home=made.home)
        helpers = Helpers(hub, made.home, engine, engine.database, owner)
        (tmp_path / "configuration.yaml").write_text(HOUSE)
        tree = load(tmp_path).tree
        assert helpers.load({"scene": tree["scene"]}) == []
        assert await engine.load(None, (), tree["script"]) == []
        made.add("light.hall", en="Hall", ru="Коридор")
        yield made
        await engine.stop()


@pytest.mark.parametrize(
    "said",
    ["run film night", "run the film night script", "turn on film night", "start film night", "run script film night"],
)
async def test_run(house: TestHouse, said: str) -> None:
    answer = await house.say(said)
    assert (answer.reply, answer.intent, house.state("script.film")) == ("Started", "HassTurnOn", "on")


@pytest.mark.parametrize("said", ["запусти кино", "включи кино", "запусти сценарий кино", "выполни скрипт кино"])
async def test_run_in_russian(house: TestHouse, said: str) -> None:
    answer = await house.say(said)
    assert (answer.reply, answer.intent, house.state("script.kino")) == ("Готово", "HassTurnOn", "on")


@pytest.mark.parametrize(
    ("said", "reply", "name"),
    [
        ("stop film night", "Stopped", "film"),
        ("turn off film night", "Stopped", "film"),
        ("cancel the film night script", "Stopped", "film"),
        ("выключи кино", "Остановлено", "kino"),
        ("останови сценарий кино", "Остановлено", "kino"),
    ],
)
async def test_stopped(house: TestHouse, said: str, reply: str, name: str) -> None:
    await house.hub.actions.call("script.turn_on", {}, Target(entity_id=f"script.{name}"))
    assert (await house.say(said)).reply == reply
    script = house.hub.states.get(f"script.{name}")
    assert script is not None
    assert script.attributes["current"] in (0, 1)
    import asyncio

    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert house.state(f"script.{name}") == "off"


@pytest.mark.parametrize("said", ["turn on dinner", "activate the dinner scene", "включи сцену ужин", "поставь ужин"])
async def test_scenes(house: TestHouse, said: str) -> None:
    assert (await house.say(said)).intent == "HassTurnOn"
    assert house.state("light.hall") == "on"


async def test_everything_means_no_script(house: TestHouse) -> None:
    await house.say("turn on all the lights")
    assert house.state("script.film") == house.state("script.kino") == "off"

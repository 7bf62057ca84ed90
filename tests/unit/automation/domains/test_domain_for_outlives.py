"""`for` of a trigger of a domain over a restart: one entity, several together, entities that are learnt late."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from arvisd.home.entity import Entity
from arvisd.home.settings import HomeSettings
from tests.simulators.lives import Lives, lives_in


@pytest.fixture
async def lives(tmp_path: Path) -> AsyncIterator[Lives]:
    async with lives_in(tmp_path) as made:
        yield made


def automation(target: str, behavior: str = "each") -> str:
    return f"""
        - id: a
          triggers:
            - trigger: light.turned_on
              target: {target}
              options: {{behavior: {behavior}, for: 600}}
          actions: {{action: test.note, data: {{message: "{{{{ trigger.entity_id }}}} {{{{ trigger.for }}}}"}}}}
        """


@pytest.mark.parametrize("behavior", ["each", "first", "all"])
async def test_it_goes_on_to_its_due_time(lives: Lives, behavior: str) -> None:
    rig = await lives.begin(automation("{entity_id: light.a}", behavior))
    assert lives.problems == []
    rig.hub.states.set("light.a", "off")
    rig.hub.states.set("light.a", "on")
    await rig.clock.advance(120)
    await lives.kill()
    rig = await lives.begin(off=60)
    await rig.clock.advance(5)
    rig.hub.states.set("light.a", "unknown")
    await rig.clock.advance(5)
    rig.hub.states.set("light.a", "on")
    await rig.clock.advance(409)
    assert rig.notes == []
    await rig.clock.advance(1)
    assert rig.notes == ["light.a 0:10:00"]
    await rig.clock.advance(3600)
    assert len(rig.notes) == 1


@pytest.mark.parametrize("behavior", ["each", "all"])
async def test_what_changed_meanwhile_ends_it(lives: Lives, behavior: str) -> None:
    rig = await lives.begin(automation("{entity_id: light.a}", behavior))
    rig.hub.states.set("light.a", "off")
    rig.hub.states.set("light.a", "on")
    await lives.kill()
    rig = await lives.begin(off=60)
    rig.hub.states.set("light.a", "off")
    await rig.clock.advance(3600)
    assert rig.notes == []
    reasons = [trace.reason for trace in rig.traces("a")]
    assert reasons == ["light.a is not so any more: that changed while arvisd was off"]


async def test_an_entity_of_a_place_that_is_learnt_late(lives: Lives) -> None:
    house = msgspec.convert({"areas": [{"id": "kitchen"}]}, HomeSettings)
    text = automation("{area_id: kitchen}")
    rig = await lives.begin(text)
    rig.home.configure(house)
    rig.home.add_entity(Entity(id="light.a", area="kitchen"), rig.owner)
    await rig.clock.advance(1)
    rig.hub.states.set("light.a", "off")
    rig.hub.states.set("light.a", "on")
    await lives.kill()
    rig = await lives.begin(off=60)
    rig.home.configure(house)
    await rig.clock.advance(10)
    rig.home.add_entity(Entity(id="light.a", area="kitchen"), rig.owner)
    await rig.clock.advance(1)
    rig.hub.states.set("light.a", "on")
    await rig.clock.advance(528)
    assert rig.notes == []
    await rig.clock.advance(2)
    assert rig.notes == ["light.a 0:10:00"]

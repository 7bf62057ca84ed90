"""A new device can be heard before anybody has said or typed a sentence."""

from __future__ import annotations

import asyncio

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.entity import Entity
from arvisd.home.registry import HomeRegistry
from arvisd.intent.grammar import SentenceVocabulary
from arvisd.intent.understanding import CROWD_SECONDS, Understanding
from tests.simulators.clock import FakeClock


async def test_the_vocabulary_takes_names_that_come_later(hub: Hub, clock: FakeClock) -> None:
    vocabulary = SentenceVocabulary()
    async with Owner("test") as owner:
        home = HomeRegistry(hub.states)
        understanding = Understanding(hub, home, owner, None, vocabulary)
        owner.spawn(understanding.run(), "sentences")
        while {"en", "ru"} - set(understanding.languages.ready):
            await asyncio.sleep(0.01)
        assert "zeppelin" not in vocabulary.words("en")
        home.add_entity(Entity(id="light.zeppelin", names={"en": "Zeppelin"}), owner)
        before = vocabulary.version
        await clock.advance(CROWD_SECONDS * 2)
        while vocabulary.version < before + 2:
            await asyncio.sleep(0.01)
        assert "zeppelin" in vocabulary.words("en")

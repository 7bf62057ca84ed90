"""A place to talk with Arvis, in virtual time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from arvisd.assist.pipeline import Assist
from arvisd.assist.settings import AssistSettings
from arvisd.assist.site import Site, SiteRegistry
from arvisd.core.bus import Message
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.sites import TextInput
from arvisd.providers.base import Provider
from arvisd.providers.registry import ProviderRegistry
from tests.simulators.clock import FakeClock
from tests.simulators.providers import FakeAnswers, FakeStt, FakeTts, FakeVad, FakeWake, InlineWorker
from tests.simulators.site import FakeMicrophone, FakeSpeaker

REPLIES = {
    "turn on the light": "The light is on.",
    "stop": "Stopped.",
    "tell me a story": "Once there was a king. He had a very big castle. And then he went home.",
    "включи свет": "Свет включён.",
}


class Scene:
    """Arvis with scripted providers, a room `kitchen`, and all that was published."""

    def __init__(self, hub: Hub, clock: FakeClock) -> None:
        self.hub = hub
        self.clock = clock
        self.registry = ProviderRegistry()
        self.sites = SiteRegistry()
        self.owner = Owner("test")
        self.answers = FakeAnswers(clock, dict(REPLIES))
        self.settings = AssistSettings()
        self.messages: list[tuple[float, Message]] = []
        self.microphones: dict[str, FakeMicrophone] = {}
        self.speakers: dict[str, FakeSpeaker] = {}
        self.assist: Assist
        self.task: asyncio.Task[None] | None = None

    def provide(self, *providers: Provider) -> None:
        for provider in providers:
            self.registry.register(provider, self.owner)

    def provide_usual(self) -> None:
        self.provide(FakeVad(), FakeWake(), FakeStt("stt", self.clock, delay=0.1), FakeTts("tts", self.clock))

    def room(self, id_: str = "kitchen", owner: Owner | None = None, **more) -> Site:
        self.microphones[id_], self.speakers[id_] = FakeMicrophone(self.clock), FakeSpeaker(self.clock)
        site = Site(id_, "room", audio_in=self.microphones[id_], audio_out=self.speakers[id_], **more)
        self.sites.register(site, owner or self.owner)
        return site

    @property
    def microphone(self) -> FakeMicrophone:
        return self.microphones["kitchen"]

    @property
    def speaker(self) -> FakeSpeaker:
        return self.speakers["kitchen"]

    async def start(self) -> None:
        self.hub.bus.subscribe("#", lambda message: self.messages.append((self.clock.monotonic(), message)), self.owner)
        self.assist = Assist(self.hub, self.settings, self.registry, self.sites, self.answers, workers=InlineWorker)
        self.task = asyncio.create_task(self.assist.run())
        await self.clock.advance(1.0)

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
            if not self.task.cancelled():
                self.task.result()
        self.owner.release()

    def type(self, text: str, site: str = "kitchen", **more) -> None:
        self.hub.bus.publish(f"arvis/site/{site}/text", TextInput(text, **more))

    def on(self, what: str, site: str = "kitchen") -> list:
        """The payloads published on a topic of the site, in order."""
        return [message.payload for _, message in self.messages if message.topic == f"arvis/site/{site}/{what}"]

    def times(self, what: str, site: str = "kitchen") -> list[float]:
        return [time for time, message in self.messages if message.topic == f"arvis/site/{site}/{what}"]

    def speech(self, what: str, site: str = "kitchen") -> list:
        return [
            message.payload
            for _, message in self.messages
            if message.topic.startswith(f"arvis/site/{site}/speech/") and message.topic.endswith(f"/{what}")
        ]

    def phases(self, site: str = "kitchen") -> list[str]:
        return [phase.phase for phase in self.on("phase", site)]

    @property
    def turns(self) -> list:
        return [message.payload for _, message in self.messages if message.topic.endswith("/turn")]


@pytest.fixture
async def scene(hub: Hub, clock: FakeClock) -> AsyncIterator[Scene]:
    before = asyncio.all_tasks()
    scene = Scene(hub, clock)
    try:
        yield scene
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await scene.stop()
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert not left, f"tasks were left running: {left}"

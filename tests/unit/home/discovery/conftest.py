import json
from contextlib import asynccontextmanager

import pytest

from arvisd.automation.templates.device_values import DeviceTemplates
from arvisd.automation.templates.environment import TemplateEnvironment
from arvisd.core.bus import Message, Origin
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.actions import register_home_actions
from arvisd.home.discovery.house import DiscoveredHouse
from arvisd.home.registry import HomeRegistry
from arvisd.storage.database import Database
from tests.simulators.clock import FakeClock


class DiscoveryRig:
    """A house that learns: what devices say goes in, what they are told comes out."""

    def __init__(self, database=None):
        self.clock = FakeClock()
        self.hub = Hub(self.clock)
        self.home = HomeRegistry(self.hub.states)
        self.database = database or Database(None).open()
        self.owner = Owner("discovery")
        self.problems = []
        self.sent = []

    @asynccontextmanager
    async def running(self):
        async with self.owner:
            self.house = DiscoveredHouse(
                self.hub,
                self.home,
                self.database,
                DeviceTemplates(TemplateEnvironment(self.hub.states, self.clock)),
                self.owner,
                lambda who, text: self.problems.append(f"{who}: {text}"),
            )
            self.house.listen("homeassistant")
            register_home_actions(self.hub, self.home, self.owner)
            self.hub.bus.subscribe("#", self._note, self.owner)
            yield self

    def _note(self, message):
        if message.origin is Origin.LOCAL and not message.topic.startswith("arvis/"):
            self.sent.append((message.topic, message.data.decode()))

    def hear(self, topic, payload, *, retain=False):
        """A device says something."""
        data = (
            payload
            if isinstance(payload, bytes)
            else payload.encode()
            if isinstance(payload, str)
            else json.dumps(payload).encode()
        )
        self.hub.bus.deliver(Message(topic, data, retain, origin=Origin.REMOTE))

    async def announce(self, topic, payload):
        """A device announces itself below `homeassistant/`."""
        self.hear(f"homeassistant/{topic}/config", payload, retain=True)
        await self.house.settled()

    def state(self, entity_id):
        state = self.hub.states.get(entity_id)
        return None if state is None else state.state

    def attributes(self, entity_id):
        return self.hub.states.get(entity_id).attributes

    def take_sent(self):
        sent, self.sent = self.sent, []
        return sent

    async def act(self, name, entity_id, data=None, say=()):
        """Call an action; `say` is what the device answers: pairs of topic and payload."""
        import asyncio

        from arvisd.core.actions import Target

        task = asyncio.create_task(self.hub.actions.call(name, data or {}, Target(entity_id=entity_id)))
        await self.clock.settle()
        for topic, payload in say:
            self.hear(topic, payload)
        await self.clock.settle()
        if not task.done():
            await self.clock.advance(6)
        return await task


@pytest.fixture
async def rig():
    rig = DiscoveryRig()
    async with rig.running():
        yield rig


@pytest.fixture
def make_rig():
    return DiscoveryRig

"""Integrations that bring devices, in a house that learns: what the devices say goes in, what they are told comes out."""

import json
from contextlib import asynccontextmanager

import pytest

from arvisd.api import Host
from arvisd.assist.site import SiteRegistry
from arvisd.automation.templates.device_values import DeviceTemplates
from arvisd.automation.templates.environment import TemplateEnvironment
from arvisd.core.actions import Target
from arvisd.core.bus import Message, Origin
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.topics import filter_matches
from arvisd.home.actions import register_home_actions
from arvisd.home.discovery.house import DiscoveredHouse
from arvisd.home.registry import HomeRegistry
from arvisd.providers.registry import ProviderRegistry
from arvisd.storage.database import Database
from tests.simulators.clock import FakeClock


class DeviceRig:
    """An integration at work; what is kept is given to who begins to listen later, as brokers do."""

    def __init__(self, tmp_path, database=None):
        self.clock = FakeClock()
        self.hub = Hub(self.clock)
        self.home = HomeRegistry(self.hub.states)
        self.database = database or Database(None).open()
        self.folder = tmp_path
        self.kept = {}
        self.problems = []
        self.sent = []

    @asynccontextmanager
    async def running(self, name, setup, settings):
        async with Owner("discovery") as owner, Owner(name) as own:
            self.house = DiscoveredHouse(
                self.hub,
                self.home,
                self.database,
                DeviceTemplates(TemplateEnvironment(self.hub.states, self.clock)),
                owner,
                lambda who, text: self.problems.append(f"{who}: {text}"),
            )
            self.hub.bus.on_remote_subscription = self._replay
            self.house.listen("homeassistant")
            register_home_actions(self.hub, self.home, owner)
            self.hub.bus.subscribe("#", self._note, owner)
            self.host = Host(
                name, self.hub, own, ProviderRegistry(), SiteRegistry(), self.folder, self.folder,
                lambda _name: None, self.home, devices=self.house,
            )  # fmt: skip
            await setup(self.host, settings)
            yield self
        assert (
            self.hub.bus.failures == 0
        )  # a listener that fails costs nobody else a message, and is a fault all the same

    def _note(self, message):
        if message.origin is Origin.LOCAL and not message.topic.startswith("arvis/"):
            self.sent.append((message.topic, message.data.decode()))

    def _replay(self, subscription):
        for topic, data in list(self.kept.items()):
            if data and filter_matches(subscription.filter, topic):
                self.hub.bus.hand(subscription, Message(topic, data, True, origin=Origin.REMOTE))

    def hear(self, topic, payload, *, retain=False):
        """A device says something."""
        data = payload if isinstance(payload, bytes) else payload if isinstance(payload, str) else json.dumps(payload)
        data = data.encode() if isinstance(data, str) else data
        if retain:
            self.kept[topic] = data
        self.hub.bus.deliver(Message(topic, data, retain, origin=Origin.REMOTE))

    def state(self, entity_id):
        state = self.hub.states.get(entity_id)
        return None if state is None else state.state

    def attributes(self, entity_id):
        return self.hub.states.get(entity_id).attributes

    def ids(self):
        return [entity.id for entity in self.home.entities()]

    def take_sent(self):
        sent, self.sent = self.sent, []
        return [(topic, json.loads(text) if text[:1] in ("{", "[", '"') else text) for topic, text in sent]

    async def act(self, name, entity_id, data=None, say=()):
        """Call an action; `say` is what the device answers: pairs of topic and payload."""
        import asyncio

        task = asyncio.create_task(self.hub.actions.call(name, data or {}, Target(entity_id=entity_id)))
        await self.clock.settle()
        for topic, payload in say:
            self.hear(topic, payload)
        if not say and not task.done():
            await self.clock.advance(6)
        return await task


@pytest.fixture
def device_rig(tmp_path):
    return lambda database=None: DeviceRig(tmp_path, database)

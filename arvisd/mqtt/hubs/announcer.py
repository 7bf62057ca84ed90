"""Announces the device to hubs: once, again when something of it changes, again when a hub was born, and takes it away."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable

from arvisd.core.bus import Message, Origin
from arvisd.core.clock import TimerHandle
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.mqtt.hubs.announcement import announcement, announcement_topic
from arvisd.mqtt.hubs.component import HubComponent, HubComponents
from arvisd.mqtt.hubs.memory import Told
from arvisd.mqtt.hubs.settings import HubsSettings
from arvisd.storage.errors import StorageError

_LOGGER = logging.getLogger(__name__)

SETTLE_SECONDS = 1.0
"""Changes of a moment become one message: at a reload every automation may be another."""

BIRTH_SPREAD_SECONDS = 5.0
"""After the birth of a hub everybody announces himself: each at a moment of his own, as Home Assistant asks for
(https://www.home-assistant.io/integrations/mqtt/#use-the-birth-and-will-messages-to-trigger-discovery)."""

GRACE_SECONDS = 600.0
"""What lasts is taken away only after so long: with an entity, a hub forgets its name and its place in the house."""

BIRTH = b"online"


class HubAnnouncer:
    """Keeps `homeassistant/device/arvis/config` as it should be, from `use` on until the owner stops.

    When the daemon ends, the message stays at the broker: the device is offline then, not gone.
    """

    def __init__(
        self, hub: Hub, components: HubComponents, told: Told, owner: Owner, rng: random.Random | None = None
    ) -> None:
        self._hub = hub
        self._components = components
        self._told = told
        self._owner = owner
        self._random = rng or random.Random()  # noqa: S311  # it only spreads messages
        self._settings = HubsSettings(enabled=False)
        self._prefix = ""
        self._topic = ""
        self._known = told.components()
        """What hubs know of, by id."""
        self._gone: dict[str, str] = {}
        """Id and platform of what was taken away since the start; stays in the message for hubs that were away."""
        self._missing: dict[str, float] = {}
        """What is not offered any more, by id: until when it stays."""
        self._sent = b""
        self._due: TimerHandle | None = None
        self._again: TimerHandle | None = None
        self._look: TimerHandle | None = None
        components.on_change = self._changed
        owner.on_stop(self._stop)

    def use(self, settings: HubsSettings, prefix: str) -> None:
        """Take settings, at the start and after a reload."""
        topic = announcement_topic(prefix, self._hub.topics)
        if not self._prefix:
            self._hub.bus.subscribe(f"{prefix}/status", self._hub_status, self._owner, remote=True)
        self._prefix, self._settings, self._topic = prefix, settings, topic
        for old in self._told.topics():
            if old != topic or not settings.enabled:
                self._withdraw(old)
        self._sent = b"" if not settings.enabled else self._sent
        self._changed()

    def _withdraw(self, topic: str) -> None:
        """Take the device away: nothing of it is left at the broker, and hubs forget it."""
        self._hub.bus.publish(topic, b"", retain=True)
        whole = topic == self._topic
        if whole:
            self._known.clear()
            self._gone.clear()
        self._write(lambda: self._told.forget(topic, components=whole))

    def _changed(self) -> None:
        if self._settings.enabled and self._due is None:
            self._due = self._hub.clock.call_later(SETTLE_SECONDS, self._send)

    def _send(self) -> None:
        """Announce what there is now, where that is not what was said last."""
        self._due = None
        if not self._settings.enabled:
            return
        now = self._there()
        for id_, component in self._known.items():
            if id_ not in now:
                self._gone[id_] = component.platform
        for id_ in now:
            self._gone.pop(id_, None)
        message = announcement(self._hub.topics, self._settings, now, self._gone)
        if message == self._sent:
            return
        self._sent = message
        changed = [component for id_, component in now.items() if self._known.get(id_) != component]
        gone = [id_ for id_ in self._known if id_ not in now]
        self._write(lambda: self._told.remember(self._topic, changed, gone))
        self._known = now
        self._hub.bus.publish(self._topic, message, retain=True)

    def _there(self) -> dict[str, HubComponent]:
        """Return what is shown: all that is offered, and what lasts and has gone only now."""
        now = self._components.all()
        monotonic = self._hub.clock.monotonic()
        for id_ in now:
            self._missing.pop(id_, None)
        for id_, component in self._known.items():
            if id_ not in now and component.lasting:
                until = self._missing.setdefault(id_, monotonic + GRACE_SECONDS)
                if monotonic < until:
                    now[id_] = component
                else:
                    del self._missing[id_]
        self._look_later(monotonic)
        return now

    def _look_later(self, monotonic: float) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None
        if self._missing:
            self._look = self._hub.clock.call_later(min(self._missing.values()) - monotonic, self._send)

    def _hub_status(self, message: Message) -> None:
        """A hub has started: it asks everybody to say again what there is."""
        if message.origin is Origin.LOCAL or message.data.strip().lower() != BIRTH or message.retain:
            return
        if self._settings.enabled and self._again is None:
            delay = self._random.uniform(0, BIRTH_SPREAD_SECONDS)
            self._again = self._hub.clock.call_later(delay, self._send_again)

    def _send_again(self) -> None:
        self._again = None
        if self._sent and self._settings.enabled:
            self._hub.bus.publish(self._topic, self._sent, retain=True)

    def _write(self, work: Callable[[], None]) -> None:
        try:
            work()
        except StorageError as error:
            _LOGGER.warning("what hubs were told is not remembered: %s", error)

    def _stop(self) -> None:
        self._components.on_change = lambda: None
        for timer in (self._due, self._again, self._look):
            if timer is not None:
                timer.cancel()

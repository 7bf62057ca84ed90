"""What a real Home Assistant sees of a real daemon: one device whose switches and automations work in both directions."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.simulators.broker import Mosquitto
from tests.simulators.daemon import DaemonProcess
from tests.simulators.home_assistant import HomeAssistant, missing
from tests.simulators.watcher import Watcher

pytestmark = pytest.mark.integration

CONFIGURATION = """
arvisd: {{language: en}}
mqtt: {{broker: "mqtt://127.0.0.1:{port}"}}
hubs: {{enabled: {enabled}}}
microphone: false
hermes: {{}}
quiet_room: {{}}
virtual_house: {{enabled: true}}
automation:
  - id: bell
    alias: Door bell
    triggers: [{{trigger: mqtt, topic: test/bell}}]
    actions: [{{action: mqtt.publish, data: {{topic: test/rang, payload: ding}}}}]
"""
MANIFEST = "{name: quiet_room, title: Quiet room, description: A room in which nobody says anything.}"
QUIET_ROOM = '''
"""A room with a microphone that hears silence, and with a voice that plays on MQTT."""

import msgspec

from arvisd.api import AudioInput, Site


class Settings(msgspec.Struct, frozen=True):
    """None."""


class Silence(AudioInput):
    def __init__(self, clock):
        self.clock = clock

    async def frames(self):
        while True:
            await self.clock.sleep(0.02)
            yield bytes(640)


async def setup(host, settings):
    host.add_site(Site("den", "room", audio_in=Silence(host.clock), speech=True))
'''
AUTOMATIONS = """
- id: heard
  alias: heard
  triggers: [{trigger: state, entity_id: event.arvis_intent}]
  conditions: "{{ trigger.to_state is not none and trigger.to_state.attributes.get('intent') == 'HassTurnOn' }}"
  actions:
    - action: mqtt.publish
      data:
        topic: test/heard
        payload: "{{ trigger.to_state.attributes.slots.name.value }} at {{ trigger.to_state.attributes.site }}"
"""
SNIPS = """
snips:
intent_script:
  TellJoke:
    speech: {text: "A {{ thing }} walks into a bar."}
"""
JOKES = """
language: en
intents:
  TellJoke:
    data: [{sentences: ["tell a joke about a {thing}"]}]
lists:
  thing: {values: [duck, robot]}
"""
DEVICE = "homeassistant/device/arvis/config"


def configured(daemon: DaemonProcess, port: int, *, enabled: bool = True) -> None:
    daemon.write("configuration.yaml", CONFIGURATION.format(port=port, enabled=str(enabled).lower()))


@asynccontextmanager
async def room(tmp_path: Path, broker: Mosquitto) -> AsyncIterator[tuple[DaemonProcess, Watcher]]:
    daemon = DaemonProcess(tmp_path / "arvisd")
    configured(daemon, broker.port)
    daemon.write("sentences/en/jokes.yaml", JOKES)
    daemon.write("integrations/quiet_room/manifest.yaml", MANIFEST)
    daemon.write("integrations/quiet_room/__init__.py", QUIET_ROOM)
    async with Watcher(broker.port, "arvis/#", "homeassistant/#", "test/#", "hermes/#") as watcher, daemon:
        await daemon.log("ready:")
        await watcher.wait(DEVICE)
        yield daemon, watcher


async def announced(watcher: Watcher, component: str, platform: str = "", within: float = 20.0) -> dict[str, object]:
    """Return a component once it is announced, in full or with its platform alone: taken away."""
    deadline = time.monotonic() + within
    while True:
        messages = [message for message in watcher.of(DEVICE) if message.data]
        found = messages[-1].json["components"].get(component) if messages else None
        if found is not None and (not platform or found == {"platform": platform}):
            return dict(found)
        assert time.monotonic() < deadline, f"{component} is not announced: {found}"
        await asyncio.sleep(0.05)


async def daemon_says(watcher: Watcher, text: str, within: float = 20.0) -> None:
    """Return once something was begun to be said."""
    deadline = time.monotonic() + within
    while True:
        begun = [m for m in watcher.of("arvis/site/den/speech/") if m.topic.endswith("/begin")]
        if text in [m.json["text"] for m in begun]:
            return
        assert time.monotonic() < deadline, f"{text!r} is not said, only {[m.json['text'] for m in begun]}"
        await asyncio.sleep(0.05)


async def test_home_assistant_shows_one_device_and_drives_it(tmp_path: Path, mosquitto: Mosquitto) -> None:
    if reason := missing():
        pytest.skip(reason)
    async with (
        room(tmp_path, mosquitto) as (daemon, watcher),
        HomeAssistant(tmp_path / "hub", mosquitto.port, AUTOMATIONS, SNIPS) as hub,
    ):
        await announced(watcher, "site_den_mute")
        await hub.wait("switch.arvis_den_mute", "off")
        device = "device_id('switch.arvis_den_mute')"
        assert await hub.render(
            f"{{{{ [device_attr({device}, 'name'), device_attr({device}, 'manufacturer')] | to_json }}}}"
        ) == ["Arvis", "arvisd"]
        entities = await hub.render(f"{{{{ device_entities({device}) | to_json }}}}")
        assert {id_ for id_ in await hub.states() if ".arvis_" in id_} <= set(entities)
        assert {
            "sensor.arvis_mode", "sensor.arvis_last_utterance", "sensor.arvis_problems", "binary_sensor.arvis_health",
            "update.arvis_version", "event.arvis_intent", "notify.arvis_say", "text.arvis_ask",
            "switch.arvis_door_bell", "binary_sensor.arvis_den_listening", "switch.arvis_den_mute",
            "event.arvis_den_wake_word", "button.arvis_den_listen", "button.arvis_den_stop",
        } <= set(entities)  # fmt: skip
        states = await hub.states()
        assert states["sensor.arvis_mode"]["state"] == "standalone"
        assert states["binary_sensor.arvis_health"]["state"] == "off"
        assert states["update.arvis_version"]["state"] == "off"

        # its button makes the room listen, its switch keeps it from that
        await hub.call("button.press", "button.arvis_den_listen")
        await watcher.wait("arvis/site/den/phase", phase="listening")
        await hub.wait("binary_sensor.arvis_den_listening", "on")
        await hub.call("switch.turn_on", "switch.arvis_den_mute")
        await watcher.wait("arvis/state/binary_sensor/den_muted", state="on")
        await hub.wait("switch.arvis_den_mute", "on")
        await hub.wait("binary_sensor.arvis_den_listening", "off")
        heard = len([m for m in watcher.of("arvis/site/den/phase") if m.json["phase"] == "listening"])
        await hub.call("button.press", "button.arvis_den_listen")
        await daemon.log("den does not listen: its microphone is muted")
        assert len([m for m in watcher.of("arvis/site/den/phase") if m.json["phase"] == "listening"]) == heard
        await hub.call("switch.turn_off", "switch.arvis_den_mute")
        await hub.wait("switch.arvis_den_mute", "off")

        # its automation hears an intent; what is typed there is a turn here
        await hub.call("text.set_value", "text.arvis_ask", value="turn on the kitchen light")
        assert (await watcher.wait("test/heard")).data == b"light.kitchen at hub"
        last = await hub.wait("sensor.arvis_last_utterance", "turn on the kitchen light")
        assert last["attributes"]["intent"] == "HassTurnOn"
        assert last["attributes"]["outcome"] == "answered"

        # its snips hears the same in the form of Hermes and answers aloud here
        text = {"text": "tell a joke about a robot"}
        await hub.call("mqtt.publish", None, topic="arvis/site/den/text", payload=json.dumps(text))
        asked = await watcher.wait("hermes/intent/TellJoke")
        ended = await watcher.wait("hermes/dialogueManager/endSession")
        assert ended.json == {"sessionId": asked.json["sessionId"], "text": "A robot walks into a bar."}
        await watcher.wait("hermes/dialogueManager/sessionEnded", sessionId=asked.json["sessionId"])
        await daemon_says(watcher, "A robot walks into a bar.")

        # what it notifies of is said
        await hub.call("notify.send_message", "notify.arvis_say", message='Dinner is "ready"')
        await daemon_says(watcher, 'Dinner is "ready"')

        # its switch turns an automation off
        await hub.call("switch.turn_off", "switch.arvis_door_bell")
        await watcher.wait("arvis/state/automation/door_bell", state="off")
        await hub.wait("switch.arvis_door_bell", "off")

        # after its birth the device was announced again; switched off here, it is gone there
        assert (await watcher.wait("homeassistant/status")).data == b"online"
        assert (await watcher.wait(DEVICE, count=2)).data == watcher.of(DEVICE)[0].data
        configured(daemon, mosquitto.port, enabled=False)
        await hub.wait("switch.arvis_den_mute", None)
        assert not [id_ for id_ in await hub.states() if ".arvis_" in id_]
        wrong = [line for line in hub.log.splitlines() if " ERROR " in line or ("rvis" in line and "WARNING" in line)]
        assert wrong == []


async def test_the_device_follows_what_changes_and_stays_after_the_end(tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with room(tmp_path, mosquitto) as (daemon, watcher):
        await announced(watcher, "automation_door_bell")
        before = len(watcher.of(DEVICE))
        text = CONFIGURATION.format(port=mosquitto.port, enabled="true")
        daemon.write("configuration.yaml", text[: text.index("automation:")])
        assert await announced(watcher, "automation_door_bell", "switch")
        assert len(watcher.of(DEVICE)) == before + 1
        await daemon.stop()
        await watcher.wait("arvis/status", count=2)
        assert watcher.of(DEVICE)[-1].data
    async with Watcher(mosquitto.port, "homeassistant/#") as late:
        kept = await late.wait(DEVICE)
        assert json.loads(kept.data)["availability"] == [{"topic": "arvis/status"}]

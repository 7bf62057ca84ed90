"""The main job, from the microphone to the loudspeaker, with real speech, a real sound server and a real broker."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from arvisd.audio.level import rms
from arvisd.audio.wav import read_wav, write_wav
from tests.simulators.broker import Mosquitto
from tests.simulators.daemon import DaemonProcess
from tests.simulators.sound_server import SoundServer, missing
from tests.simulators.synthetic_speech import synthesise
from tests.simulators.watcher import Watcher

pytestmark = pytest.mark.integration

CONFIGURATION = """
arvisd: {{language: {language}}}
mqtt: {{broker: "mqtt://127.0.0.1:{port}"}}
models: {{path: "{models}"}}
home: !include home.yaml
automation: !include automations.yaml
microphone: {{site: room, area: living_room}}
"""
AUTOMATIONS = """
- id: lamp_asked
  mode: queued
  triggers:
    - trigger: intent
      intent: [HassTurnOn, HassTurnOff]
  actions:
    - action: mqtt.publish
      data: {topic: test/asked, payload: "{{ trigger.intent }} {{ trigger.slots.name }}"}
"""
HOME = """
areas:
  - {id: kitchen, names: {en: kitchen, ru: кухня}}
  - {id: living_room, names: {en: living room, ru: гостиная}}
"""


@pytest.fixture
def sound() -> Iterator[SoundServer]:
    if reason := missing():
        pytest.skip(reason)
    with SoundServer() as server:
        yield server


@asynccontextmanager
async def room(
    tmp_path: Path, broker: Mosquitto, sound: SoundServer, models: Path, language: str = "en"
) -> AsyncIterator[tuple[DaemonProcess, Watcher]]:
    """A daemon that listens in a room, and an independent eye on its broker."""
    daemon = DaemonProcess(tmp_path, sound.environment)
    daemon.write("configuration.yaml", CONFIGURATION.format(language=language, port=broker.port, models=models))
    daemon.write("automations.yaml", AUTOMATIONS)
    daemon.write("home.yaml", HOME)
    async with Watcher(broker.port) as watcher, daemon:
        await daemon.log("ready:")
        await watcher.wait("arvis/site/room/phase", phase="idle")
        await daemon.log("room listens for hey_jarvis")
        yield daemon, watcher


def joined(folder: Path, *parts: bytes, pause_ms: int = 0) -> Path:
    """Write one WAV of several recordings with pauses between, and a little noise as every microphone has."""
    silence = bytes(2 * 16 * pause_ms)
    path = folder / "said.wav"
    write_wav(path, silence.join(parts) + bytes(32_000))
    return path


async def say(sound: SoundServer, wav: Path) -> None:
    await asyncio.to_thread(sound.play, wav)


STAGES = {"wake", "listen", "stt", "intent", "answer", "tts", "speak", "total"}


async def lamp_is_turned_on(watcher: Watcher) -> dict:
    """Check what the world saw of one turn, in its order, and return its trace."""
    wake = await watcher.wait("arvis/site/room/wake")
    assert wake.json["word"] == "hey_jarvis"
    transcript = await watcher.wait("arvis/site/room/transcript", final=True)
    assert "lamp" in transcript.json["text"]
    intent = await watcher.wait("arvis/intent/HassTurnOn")
    assert intent.json["slots"]["name"]["value"] in ("light.lamp", "Lamp")
    state = await watcher.wait("arvis/state/light/lamp", state="on")
    asked = await watcher.wait("test/asked")
    assert asked.data.startswith(b"HassTurnOn")
    trace = (await watcher.wait("arvis/site/room/turn")).json
    assert trace["outcome"] == "answered"
    assert trace["actions"] == ["light.turn_on"] or trace["actions"], trace
    assert trace["reply"]
    assert set(trace["stages_ms"]) >= STAGES, trace["stages_ms"]
    order = [watcher.messages.index(m) for m in (wake, transcript, intent, state)]
    assert order == sorted(order)
    for topic in ("intent/HassTurnOn", "site/room/turn", "site/room/wake"):
        assert len(watcher.of(f"arvis/{topic}")) == 1, topic
    return trace


async def test_hey_jarvis_then_a_command(
    test_data: Path, tmp_path: Path, mosquitto: Mosquitto, sound: SoundServer
) -> None:
    wake = read_wav(test_data / "wakeword/pymicro-wakeword/tests/hey_jarvis/2.wav")
    command = read_wav(test_data / "speech/en/rhasspy3/turn_on_the_lamp.wav")
    async with room(tmp_path, mosquitto, sound, test_data / "models") as (_, watcher):
        with sound.recorder() as recorder:
            await asyncio.to_thread(recorder.wait_for_sound_server)
            await say(sound, joined(tmp_path, wake, command, pause_ms=700))
            await lamp_is_turned_on(watcher)
            heard = recorder.pcm
    assert rms(heard[-48_000:]) > 100 or rms(heard) > 50, "the answer came out of the loudspeaker"


async def test_no_pause_between_the_wake_word_and_the_command(
    test_data: Path, tmp_path: Path, mosquitto: Mosquitto, sound: SoundServer
) -> None:
    wake = read_wav(test_data / "wakeword/pymicro-wakeword/tests/hey_jarvis/2.wav")
    command = read_wav(test_data / "speech/en/rhasspy3/turn_on_the_lamp.wav")
    async with room(tmp_path, mosquitto, sound, test_data / "models") as (_, watcher):
        await say(sound, joined(tmp_path, wake, command))
        await lamp_is_turned_on(watcher)


async def test_a_russian_command_by_a_real_voice(
    test_data: Path, tmp_path: Path, mosquitto: Mosquitto, sound: SoundServer
) -> None:
    """«включи свет», cut from the recording of a smart home's user."""
    wake = read_wav(test_data / "wakeword/pymicro-wakeword/tests/hey_jarvis/2.wav")
    recording = read_wav(test_data / "speech/ru/vosk-server-smarthome/test.wav")
    command = recording[int(1.9 * 32_000) : int(4.0 * 32_000)]
    async with room(tmp_path, mosquitto, sound, test_data / "models", language="ru") as (_, watcher):
        await say(sound, joined(tmp_path, wake, command, pause_ms=500))
        transcript = await watcher.wait("arvis/site/room/transcript", final=True)
        assert transcript.json["text"] in ("включи свет", "включить свет")  # an ending apart, and the same wish
        intent = await watcher.wait("arvis/intent/HassTurnOn")
        assert intent.json["language"] == "ru"
        trace = (await watcher.wait("arvis/site/room/turn")).json
        assert trace["outcome"] == "answered"
        await watcher.wait("test/asked")


async def test_synthesised_speech_turns_on_a_light(tmp_path: Path, mosquitto: Mosquitto, sound: SoundServer) -> None:
    """The twin that needs no recordings: espeak-ng says it, and `listen` takes the wake word's place."""
    command = synthesise("turn on the kitchen light")
    async with room(tmp_path, mosquitto, sound, tmp_path) as (daemon, watcher):
        await publish(mosquitto, "arvis/site/room/listen", "{}")
        await watcher.wait("arvis/site/room/phase", phase="listening")
        await say(sound, joined(tmp_path, command))
        await watcher.wait("arvis/state/light/kitchen", state="on")
        trace = (await watcher.wait("arvis/site/room/turn")).json
        assert trace["intent"] == "HassTurnOn"
        assert trace["outcome"] == "answered"
        took = await daemon.stop()
    assert took < 10


async def publish(broker: Mosquitto, topic: str, payload: str, *options: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "mosquitto_pub", "-p", str(broker.port), "-q", "1", "-t", topic, "-m", payload, *options
    )
    assert await process.wait() == 0


async def test_a_minute_of_silence_noise_and_talk_is_no_turn(
    test_data: Path, tmp_path: Path, mosquitto: Mosquitto, sound: SoundServer
) -> None:
    speech = test_data / "speech"
    talk = [
        bytes(20 * 32_000),
        read_wav(speech / "en/whisper.cpp/jfk.wav"),
        read_wav(test_data / "dtmf/tino1b2be-DTMF-Decoder/pinkNoise.wav")[: 8 * 32_000],
        read_wav(speech / "en/pocketsphinx/librivox/sense_and_sensibility_01_austen_64kb-0870.wav"),
        read_wav(speech / "ru/vosk-server-smarthome/test.wav"),
        read_wav(test_data / "wakeword/openwakeword/wav/hey_jane.wav"),
    ]
    assert sum(map(len, talk)) >= 60 * 32_000
    async with room(tmp_path, mosquitto, sound, test_data / "models") as (_, watcher):
        await say(sound, joined(tmp_path, *talk, pause_ms=1000))
        await asyncio.sleep(2)
        assert watcher.of("arvis/site/room/turn") == []
        assert watcher.of("arvis/intent/") == []
        assert watcher.of("test/asked") == []
        await publish(mosquitto, "arvis/site/room/text", '{"text": "turn on the lamp"}')
        await watcher.wait("arvis/intent/HassTurnOn")


async def test_the_broker_dies_in_the_middle_of_a_turn(
    test_data: Path, tmp_path: Path, mosquitto: Mosquitto, sound: SoundServer
) -> None:
    wake = read_wav(test_data / "wakeword/pymicro-wakeword/tests/hey_jarvis/2.wav")
    command = read_wav(test_data / "speech/en/rhasspy3/turn_on_the_lamp.wav")
    async with room(tmp_path, mosquitto, sound, test_data / "models") as (_, watcher):
        said = asyncio.create_task(say(sound, joined(tmp_path, wake, command, pause_ms=700)))
        await watcher.wait("arvis/site/room/wake")
        mosquitto.kill()
        await said
        await asyncio.sleep(1)
        mosquitto.start()
        async with Watcher(mosquitto.port) as after:
            await after.wait("arvis/status", within=40)
            await after.wait("arvis/state/light/lamp", state="on")
            await after.wait("arvis/site/room/turn", outcome="answered", within=40)
            await after.wait("test/asked")
            await asyncio.sleep(2)
            for topic in ("arvis/intent/HassTurnOn", "arvis/site/room/turn", "test/asked"):
                assert len(after.of(topic)) == 1, topic
            assert after.of("arvis/site/room/phase")[-1].json["phase"] == "idle"


def test_the_recordings_are_what_the_tests_take_them_for(test_data: Path) -> None:
    with wave.open(str(test_data / "speech/en/rhasspy3/turn_on_the_lamp.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)

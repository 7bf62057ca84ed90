"""What breaks in the middle: detectors, devices, answers that never come."""

from __future__ import annotations

import threading

import msgspec
import pytest

from arvisd.assist.pacing import LEAD_SECONDS
from arvisd.assist.packets import Packet
from arvisd.assist.worker import ThreadWorker
from tests.simulators.providers import FakeStt, FakeTts, FakeVad, FakeWake
from tests.simulators.sounds import silence, speech, wake_word


async def test_an_answer_that_never_comes_is_given_up(scene):
    scene.answers.delay = 1000
    scene.provide_usual()
    await scene.start()
    scene.type("stop", "chat")
    await scene.clock.advance(59)
    assert scene.turns == []
    await scene.clock.advance(2)
    assert [(turn.outcome, turn.reason) for turn in scene.turns] == [("failed", "there was no answer within 60 s")]


async def test_a_detector_that_breaks_is_made_anew(scene):
    wake = FakeWake()
    scene.provide(FakeVad(), wake, FakeStt("stt"), FakeTts("tts", scene.clock))
    scene.room()
    await scene.start()
    ears = scene.assist._runners["kitchen"]._listener._ears

    def broken(pcm: bytes) -> None:
        raise OSError("tensor arena")

    ears.wake.process = broken
    await scene.clock.advance(1)
    errors = [m.payload.message for _, m in scene.messages if m.topic == "arvis/log/error"]
    assert errors == ["listening failed: OSError: tensor arena"]
    await scene.clock.advance(5)
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    await scene.clock.advance(8)
    assert [turn.text for turn in scene.turns] == ["turn on the light"]


async def test_a_speaker_that_breaks_fails_that_turn_alone(scene, monkeypatch):
    scene.provide_usual()
    scene.room()
    await scene.start()

    async def broken(pcm: bytes, rate: int) -> None:
        raise OSError("no such device")

    with monkeypatch.context() as patch:
        patch.setattr(scene.speaker, "write", broken)
        scene.type("turn on the light")
        await scene.clock.advance(3)
    scene.type("stop")
    await scene.clock.advance(3)
    assert [(turn.outcome, turn.reason) for turn in scene.turns] == [
        ("failed", "an error in arvisd: see its log"),
        ("answered", ""),
    ]
    assert scene.phases()[-1] == "idle"


async def test_a_microphone_that_ends_in_the_middle_of_a_command(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.5) + speech("turn on the light"))
    await scene.clock.advance(2.31)
    scene.microphone.end()
    await scene.clock.advance(4)
    assert [(turn.text, turn.outcome) for turn in scene.turns] == [("turn on the light", "answered")]
    scene.hub.bus.publish("arvis/site/kitchen/listen", b"{}")
    await scene.clock.advance(1)
    assert scene.phases()[-1] == "idle", "there is nothing to listen with any more"


async def test_speech_that_a_page_plays_is_cut_where_it_was_heard(scene):
    scene.provide_usual()
    await scene.start()
    scene.hub.bus.publish("arvis/site/tab/audio/in", b"\x01" + bytes(15) + bytes(640), qos=0)
    scene.type("tell me a story", "tab")
    while not scene.speech("begin", "tab"):
        await scene.clock.advance(0.02)
    begun = scene.clock.monotonic()
    await scene.clock.advance(1.5)
    scene.hub.bus.publish("arvis/site/tab/stop", b"{}")
    at = scene.clock.monotonic() - begun
    await scene.clock.advance(3)
    (cancel,) = scene.speech("cancel", "tab")
    assert (cancel.reason, cancel.at) == ("stop", pytest.approx(at * 1000, abs=60))
    sent = sum(len(Packet.decode(data).pcm) for data in scene.speech("audio", "tab")) / 32000
    assert sent == pytest.approx(at + LEAD_SECONDS, abs=0.1)
    assert [(turn.outcome, turn.reason) for turn in scene.turns] == [("interrupted", "stop")]


async def test_a_site_without_ears_cannot_listen(scene, caplog):
    scene.provide_usual()
    await scene.start()
    scene.type("stop", "chat")
    await scene.clock.advance(1)
    scene.hub.bus.publish("arvis/site/chat/listen", b"{}")
    scene.hub.bus.publish("arvis/site/nobody/listen", b"{}")
    scene.hub.bus.publish("arvis/site/nobody/stop", b"{}")
    await scene.clock.advance(1)
    assert "chat cannot listen: it has no microphone" in caplog.text
    assert scene.phases("chat")[-1] == "idle"


async def test_the_wake_chime_is_played_where_it_is_wanted(scene):
    scene.settings = msgspec.structs.replace(scene.settings, wake_chime=True, chime=False)
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word())
    await scene.clock.advance(2)
    assert 100 < scene.speaker.heard_ms < 300


async def test_a_worker_has_a_thread_of_its_own():
    worker = ThreadWorker("ears")
    names = [await worker.run(lambda: threading.current_thread().name) for _ in range(3)]
    assert set(names) == {"ears_0"}
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 // 0)
    worker.close()

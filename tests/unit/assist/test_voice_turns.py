"""Spoken turns from the microphone to the speaker, in virtual time."""

from __future__ import annotations

import pytest

from tests.simulators.sounds import silence, speech, wake_word


async def test_a_command_after_a_pause_is_answered_aloud(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.6) + speech("turn on the light"))
    await scene.clock.advance(8)
    (turn,) = scene.turns
    assert (turn.text, turn.reply, turn.outcome, turn.reason) == ("turn on the light", "The light is on.", "answered", "")
    assert turn.intent == "HassTurnOn"
    assert turn.actions == ["light.turn_on"]
    assert scene.phases() == ["idle", "listening", "thinking", "speaking", "idle"]
    assert len(scene.on("wake")) == 1
    assert scene.speaker.heard_ms == pytest.approx(len("The light is on.") * 50, abs=1)

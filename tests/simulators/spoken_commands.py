"""The recordings of commands and of everything else that tests of recognition listen to, and the house that is meant.

`ru_SYNTHETIC_wavenet` is made by machine, and so are openWakeWord's training examples as far as its project tells; the
rest was spoken by people.
"""

from __future__ import annotations

import wave
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from hassil.expression import TextChunk
from hassil.intents import TextSlotList, TextSlotValue

from arvisd.intent.slot_lists import HouseNames, forms

RATE = 16000

THINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "light": ("lamp", "living room lamp", "living room light", "office lights", "kitchen light"),
        "climate": ("heating",),
        "cover": ("garage door", "bedroom blind"),
        "media_player": ("radio",),
        "sensor": ("outside temperature",),
        "switch": ("kettle",),
    },
    "ru": {
        "light": ("лампа", "люстра", "торшер", "ночник"),
        "climate": ("кондиционер",),
        "cover": ("дверь гаража", "шторы"),
        "media_player": ("телевизор",),
        "sensor": ("температура на улице",),
        "switch": ("чайник",),
    },
}
PLACES: Mapping[str, tuple[str, ...]] = {
    "en": ("living room", "kitchen", "bedroom", "office", "garage"),
    "ru": ("гостиная", "кухня", "спальня", "гараж", "ванная"),
}


class Command(msgspec.Struct, frozen=True):
    """A recording that is meant for a voice assistant."""

    source: str
    language: str
    pcm: bytes
    """16 kHz mono s16le."""
    words: str
    intent: str
    """Empty: nothing that this house understands."""
    slots: Mapping[str, str] = {}
    """Those that say what would be done."""


# name, words, intent, slots; None: words that Home Assistant's sentences do not have
_RHASSPY = (
    ("turn_on_the_lamp", "turn on the lamp", "HassTurnOn", {"name": "lamp"}),
    ("set_timer", "set a timer for ten minutes", "HassStartTimer", {"minutes": "10"}),
    ("what_time_is_it", "what time is it", "HassGetCurrentTime", {}),
    ("whats_the_date_today", "what's the date today", "HassGetCurrentDate", {}),
    ("play_the_beatles", "play the beatles", "", {}),
    ("this_is_a_test", "this is a test", "", {}),
    ("porcupine", "porcupine", "", {}),
)
_WYOMING = (
    ("turn_on_the_living_room_lamp", "turn on the living room lamp", "HassTurnOn", {"name": "living room lamp"}),
    ("living_room_light_en", "turn on the living room light", "HassTurnOn", {"name": "living room light"}),
)
# Seconds in the one recording.
_VOSK_SERVER = (
    (2.0, 4.0, "включи свет", "HassTurnOn", {"domain": "light"}),
    (5.2, 6.8, "выключи свет", "HassTurnOff", {"domain": "light"}),
    (7.9, 9.7, "включи телевизор", "HassTurnOn", {"name": "телевизор"}),
    (10.7, 12.4, "выключи телевизор", "HassTurnOff", {"name": "телевизор"}),
    (13.5, 15.6, "включи кондиционер", "HassTurnOn", {"name": "кондиционер"}),
    (16.4, 18.4, "выключи кондиционер", "HassTurnOff", {"name": "кондиционер"}),
    (19.3, 21.4, "какая сегодня погода", "HassGetWeather", {}),
)
_WAVENET = (
    ("01", "включить лампу в гостиной", "HassTurnOn", {"name": "лампа"}),
    ("02", "включить свет в гараже", "HassTurnOn", {"area": "гараж"}),
    ("03", "выключить лампу в гостиной", "HassTurnOff", {"name": "лампа"}),
    ("04", "выключить свет в гараже", "HassTurnOff", {"area": "гараж"}),
    ("05", "дверь гаража закрыта", "HassGetState", {"name": "дверь гаража"}),
    ("06", "дверь гаража открыта", "HassGetState", {"name": "дверь гаража"}),
    ("07", "как жарко", "", {}),
    ("08", "как холодно", "", {}),
    ("09", "какая температура", "HassClimateGetTemperature", {}),
    ("10", "который сейчас час", "HassGetCurrentTime", {}),
)


def commands(data: Path) -> Iterator[Command]:
    """Yield every recorded command."""
    speech = data / "speech"
    for name, words, intent, slots in _RHASSPY:
        yield Command("rhasspy3", "en", read(speech / f"en/rhasspy3/{name}.wav"), words, intent, slots)
    for name, words, intent, slots in _WYOMING:
        yield Command("wyoming", "en", read(speech / f"en/wyoming-faster-whisper/{name}.wav"), words, intent, slots)
    office = data / "wakeword/openwakeword/wav/turn_on_the_office_lights/positive"
    for file in sorted(office.glob("*.wav")):
        yield Command(
            "openwakeword", "en", read(file), "turn on the office lights", "HassTurnOn", {"name": "office lights"}
        )
    whole = read(speech / "ru/vosk-server-smarthome/test.wav")
    for start, end, words, intent, slots in _VOSK_SERVER:
        pcm = whole[int(start * RATE) * 2 : int(end * RATE) * 2]
        yield Command("vosk-server", "ru", pcm, words, intent, slots)
    for name, words, intent, slots in _WAVENET:
        yield Command(
            "WaveNet (synthetic)", "ru", read(speech / f"ru_SYNTHETIC_wavenet/{name}.wav"), words, intent, slots
        )


def other_speech(data: Path, language: str) -> Iterator[tuple[str, bytes]]:
    """Yield real speech that is no command of this house: name and sound, at most 8 s each."""
    speech, wake = data / "speech", data / "wakeword"
    files: list[Path] = []
    if language == "en":
        files += sorted((speech / "en/picovoice-intent").rglob("*.wav"))
        files += sorted((speech / "en/whisper.cpp").glob("*.wav"))
        files += sorted((speech / "en/pocketsphinx").rglob("*.wav")) + sorted(
            (speech / "en/pocketsphinx").glob("*.raw")
        )
        files += sorted((speech / "en/fsdd_8k").glob("*.wav"))[::4]
        files += [
            file for file in sorted(wake.rglob("*.wav")) if "positive" not in file.parts and "office" not in file.name
        ]
    else:
        prompts = speech / "ru_telephone/asterisk-core-sounds-ru"
        files += sorted(prompts.glob("*.wav")) + sorted(prompts.glob("digits/*.wav"))[::4]
    for file in files:
        try:
            pcm = read(file)[: 8 * RATE * 2]
        except (wave.Error, EOFError, RuntimeError):
            continue  # pocketsphinx keeps broken files for its own tests
        if len(pcm) > RATE // 2:
            yield f"{file.parent.name}/{file.stem}", pcm


def read(file: Path) -> bytes:
    """Return a recording as 16 kHz mono s16le, with 0.3 s of a quiet room before and after it."""
    import numpy as np
    import soxr

    if file.suffix == ".raw":
        rate, sound = RATE, np.frombuffer(file.read_bytes(), np.int16).astype(np.float32)
    else:
        with wave.open(str(file)) as opened:
            rate = opened.getframerate()
            sound = np.frombuffer(opened.readframes(opened.getnframes()), np.int16).astype(np.float32)
            sound = sound.reshape(-1, opened.getnchannels()).mean(axis=1)
    if rate != RATE:
        sound = soxr.resample(sound, rate, RATE)
    edge = np.zeros(int(0.3 * RATE), np.float32)
    sound = np.concatenate((edge, sound, edge)) + np.random.default_rng(1).normal(0, 10, len(sound) + 2 * len(edge))
    return bytes(np.clip(np.round(sound), -32768, 32767).astype(np.int16).tobytes())


def house(language: str) -> HouseNames:
    """Return the names of the house that the recordings mean; the values are the names themselves."""
    things = THINGS[language]
    entities = [
        TextSlotValue(TextChunk(form, text), name, context={"domain": domain})
        for domain, names in things.items()
        for name in names
        for form, text in forms(name, language)
    ]
    areas = [
        TextSlotValue(TextChunk(f, text), place) for place in PLACES[language] for f, text in forms(place, language)
    ]
    return HouseNames(
        language,
        1,
        {
            "name": TextSlotList("name", entities),
            "area": TextSlotList("area", areas),
            "floor": TextSlotList("floor", []),
        },
    )

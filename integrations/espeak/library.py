"""Calls espeak-ng's C library: open it, choose a voice, turn text into sound and events.

What is known of it, measured on 1.52:

- its state is one for the whole process, so one lock guards every call;
- phoneme events come only through this older interface, and only if the callback is set before the first `espeak_Synth`;
- `espeak_SetVoiceByName` answers an unknown name with an error code and goes on in the voice it had.
"""

from __future__ import annotations

import ctypes
import importlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec

from arvisd.api import ProviderError, ProviderUnavailableError

_AUDIO_OUTPUT_SYNCHRONOUS = 2  # mode 1, retrieval, delivered nothing before espeak_Synth had returned
_BUFFER_MS = 20  # the library rounds it up to 60
_INITIALIZE = 0x0001 | 0x0002 | 0x8000  # phoneme events, as IPA, and do not exit() when the data is missing
_UTF8, _END_PAUSE = 1, 0x1000
_LIST_TERMINATED, _WORD, _PHONEME = 0, 1, 7
_RATE, _VOLUME, _PITCH = 1, 2, 3
_GO_ON, _STOP = 0, 1


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class PhonemeEvent(msgspec.Struct, frozen=True):
    """A sound begins."""

    sample: int
    """From the first sample of the text."""
    symbol: str
    """IPA with stress marks; empty: silence; `(en)`: the language changes."""


class WordEvent(msgspec.Struct, frozen=True):
    """A word begins."""

    sample: int
    """From the first sample of the text."""
    offset: int
    """First character in the text."""
    length: int
    """Number of characters."""


class Voice(msgspec.Struct, frozen=True):
    """A voice of the library's data folder."""

    name: str
    """Language code that names it: `en-us`."""
    identifier: str
    """What the library calls it: `gmw/en-US`."""
    languages: tuple[tuple[str, int], ...]
    """The codes that it serves, each with its rank: the lowest number is the best voice for that code."""


class Prosody(msgspec.Struct, frozen=True):
    """How it is spoken, in the library's own units."""

    rate: int = 175
    """Words a minute, 80 to 450."""
    pitch: int = 50
    """0 to 99."""
    volume: int = 100
    """0 to 200; 100 is full scale without clipping."""


class Listener(Protocol):
    """Takes sound as it is made; called in the thread that speaks."""

    def __call__(self, pcm: bytes, events: list[PhonemeEvent | WordEvent]) -> bool:
        """Return False to stop the synthesis at once."""


class Library:
    """The one espeak-ng of this process; get it from `open_library`."""

    def __init__(self, library: ctypes.CDLL, rate: int, variants: frozenset[str]) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._voice = ""
        self._listener: Listener | None = None
        self._failure: BaseException | None = None
        self._callback = _Callback(self._receive)  # held here: the library keeps no reference
        self.rate = rate
        """Samples a second of all that it makes."""
        library.espeak_SetSynthCallback(self._callback)
        self.voices = _list_voices(library)
        """Every voice."""
        self.variants = variants
        """Names that may follow a voice after a `+`; the library takes an unknown one for none."""

    def speak(self, text: str, voice: str, prosody: Prosody, listener: Listener, *, end_pause: bool = True) -> None:
        """Speak a text; returns when all of it was handed to the listener, or soon after that returned False.

        Args:
            text: plain text without NUL.
            voice: identifier of a voice, with `+variant` or not.
            prosody: rate, pitch and volume.
            listener: takes the sound: mono s16le of `rate` samples a second.
            end_pause: let the text end in the pause of its punctuation.

        Raises:
            ProviderError: the library refused the voice or the text, or the listener raised.
        """
        encoded = text.encode()
        flags = _UTF8 | _END_PAUSE if end_pause else _UTF8
        with self._lock:
            self._choose(voice)
            self._library.espeak_SetParameter(_RATE, prosody.rate, 0)
            self._library.espeak_SetParameter(_PITCH, prosody.pitch, 0)
            self._library.espeak_SetParameter(_VOLUME, prosody.volume, 0)
            self._listener, self._failure = listener, None
            try:
                code = self._library.espeak_Synth(encoded, len(encoded) + 1, 0, 0, 0, flags, None, None)
            finally:
                self._listener = None
            if self._failure is not None:
                raise ProviderError(f"espeak-ng: taking its sound failed: {self._failure}") from self._failure
            if code != 0:
                raise ProviderError(f"espeak-ng refused to speak (error {code}): {text[:40]!r}")

    def _choose(self, voice: str) -> None:
        if voice == self._voice:
            return  # choosing Russian anew costs 3 ms
        code = self._library.espeak_SetVoiceByName(voice.encode())
        if code != 0:
            self._voice = ""
            raise ProviderError(f"espeak-ng has no voice {voice!r} (error {code})")
        self._voice = voice

    def _receive(self, samples: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]) -> int:
        """Hand on what the library made; nothing may be raised into C."""
        listener = self._listener
        if listener is None or self._failure is not None:
            return _STOP
        try:
            pcm = ctypes.string_at(samples, count * 2) if samples and count > 0 else b""
            return _GO_ON if listener(pcm, _read_events(events)) else _STOP
        except BaseException as error:  # noqa: BLE001  (C is the caller: it is raised again in `speak`)
            self._failure = error
            return _STOP


def _read_events(events: ctypes._Pointer[_Event]) -> list[PhonemeEvent | WordEvent]:
    read: list[PhonemeEvent | WordEvent] = []
    index = 0
    while (event := events[index]).type != _LIST_TERMINATED:
        if event.type == _PHONEME:
            read.append(PhonemeEvent(event.sample, event.id.string.decode("utf-8", "ignore")))
        elif event.type == _WORD:
            read.append(WordEvent(event.sample, event.text_position - 1, event.length))
        index += 1
    return read


def _list_voices(library: ctypes.CDLL) -> tuple[Voice, ...]:
    library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
    found = library.espeak_ListVoices(None)
    voices: list[Voice] = []
    index = 0
    while found[index]:
        entry = found[index].contents
        identifier = entry.identifier.decode()
        voices.append(Voice(identifier.rpartition("/")[2].lower(), identifier, _read_languages(entry.languages)))
        index += 1
    return tuple(voices)


def _read_languages(address: int) -> tuple[tuple[str, int], ...]:
    """Read espeak's packed list: a byte of rank and a NUL-terminated code, repeated until a rank of 0."""
    languages: list[tuple[str, int]] = []
    while (rank := ctypes.string_at(address, 1)[0]) != 0:
        code = ctypes.string_at(address + 1)
        languages.append((code.decode(), rank))
        address += 2 + len(code)
    return tuple(languages)


_OPEN_LOCK = threading.Lock()
_open: list[Library] = []  # empty or the one: the library's own state is global, and so is this


def open_library() -> Library:
    """Return the process's espeak-ng, opening it at the first call (some 5 ms).

    Raises:
        ProviderUnavailableError: the library or its data is not here; the text names the remedy.
    """
    with _OPEN_LOCK:
        if not _open:
            _open.append(_load(importlib.import_module))
        return _open[0]


def _load(import_module: Callable[[str], object]) -> Library:
    try:
        loader = import_module("espeakng_loader")
        path, data = loader.get_library_path(), loader.get_data_path()  # type: ignore[attr-defined]
        library = ctypes.CDLL(path)
    except (ImportError, OSError, RuntimeError) as error:
        raise ProviderUnavailableError(
            f"espeak-ng cannot be loaded ({error}): install it with pip install 'arvisd[espeak]'"
        ) from error
    rate = library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, _BUFFER_MS, str(data).encode(), _INITIALIZE)
    if rate <= 0:
        raise ProviderUnavailableError(
            f"espeak-ng finds no usable data in {data} (error {rate}): "
            "install it anew with pip install --force-reinstall espeakng-loader"
        )
    return Library(library, rate, frozenset(path.name for path in (Path(data) / "voices/!v").glob("*")))

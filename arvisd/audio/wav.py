"""WAV files: any PCM, float or G.711 file in, 16 kHz mono s16le out; written whole or not at all."""

from __future__ import annotations

import array
import os
import struct
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from arvisd.audio.errors import WavError
from arvisd.audio.formats import SAMPLE_BYTES, SAMPLE_RATE
from arvisd.audio.g711 import alaw_to_pcm, ulaw_to_pcm
from arvisd.audio.level import samples
from arvisd.audio.resample import resample

MAX_BYTES = 512 * 1024 * 1024
"""A larger file is no utterance; read into memory it would take the daemon down."""

_PCM, _FLOAT, _ALAW, _ULAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_UNKNOWN_SIZE = 0xFFFFFFFF
"""What programs that stream write for a length they do not know yet."""


class WavFormat(msgspec.Struct, frozen=True):
    """What the `fmt ` chunk says."""

    encoding: int
    """1 integer PCM, 3 float, 6 A-law, 7 µ-law."""
    channels: int
    rate: int
    """Samples a second."""
    bits: int
    """Of one sample of one channel, as stored."""


class Recording(msgspec.Struct, frozen=True):
    """Mono sound at the rate at which it was recorded."""

    pcm: bytes
    """Mono s16le."""
    rate: int
    """Samples a second."""


def read_wav(path: Path | str) -> bytes:
    """Return the sound of a WAV file as 16 kHz mono s16le.

    Raises:
        WavError: it is missing, no WAV file, cut off, or in an encoding that is not read; names the remedy.
    """
    recording = read_recording(path)
    return resample(recording.pcm, recording.rate, SAMPLE_RATE)


def read_recording(path: Path | str) -> Recording:
    """Return the sound of a WAV file, mono s16le at its own rate; raise WavError like `read_wav`."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise WavError(f"{path}: larger than {MAX_BYTES >> 20} MB; cut it into shorter recordings")
        data = path.read_bytes()
    except OSError as error:
        raise WavError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        return parse_wav(data)
    except WavError as error:
        raise WavError(f"{path}: {error}") from error


def parse_wav(data: bytes) -> Recording:
    """Return the sound in the bytes of a WAV file, mono s16le at its own rate; raise WavError."""
    if not data:
        raise WavError("the file is empty; record it again")
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise WavError("not a WAV file; convert it: ffmpeg -i FILE -ar 16000 -ac 1 -c:a pcm_s16le NEW.wav")
    format_: WavFormat | None = None
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = at + 8
        if name == b"fmt ":
            format_ = _parse_format(data[body : body + size])
        elif name == b"data":
            if format_ is None:
                raise WavError("the sound comes before its format ('fmt ' chunk); write the file anew")
            # A recorder that was killed leaves 0 or the largest size; all that follows is sound then.
            whole = data[body:] if size in (0, _UNKNOWN_SIZE) else data[body : body + size]
            return Recording(_mono(whole, format_), format_.rate)
        at = body + size + size % 2
    raise WavError("there is no sound in it ('data' chunk missing); the file is cut off, record it again")


def _parse_format(chunk: bytes) -> WavFormat:
    if len(chunk) < 16:
        raise WavError("its format ('fmt ' chunk) is cut off; record it again")
    encoding, channels, rate, _, block, bits = struct.unpack("<HHIIHH", chunk[:16])
    if encoding == _EXTENSIBLE and len(chunk) >= 26:
        encoding = int.from_bytes(chunk[24:26], "little")
    if (encoding, bits) not in _DECODERS:
        raise WavError(
            f"encoding {encoding} with {bits} bits is not read; "
            "convert it: ffmpeg -i FILE -ar 16000 -ac 1 -c:a pcm_s16le NEW.wav"
        )
    if not 1 <= channels <= 32 or not 1000 <= rate <= 768_000 or block != channels * bits // 8:
        raise WavError(f"its format makes no sense ({channels} channels, {rate} Hz, {bits} bits); record it again")
    return WavFormat(encoding, channels, rate, bits)


def _mono(sound: bytes, format_: WavFormat) -> bytes:
    block = format_.channels * format_.bits // 8
    pcm = _DECODERS[format_.encoding, format_.bits](sound[: len(sound) - len(sound) % block])
    if format_.channels == 1:
        return pcm
    interleaved = samples(pcm)
    channels = [interleaved[n :: format_.channels] for n in range(format_.channels)]
    return _bytes(array.array("h", (sum(frame) // format_.channels for frame in zip(*channels, strict=True))))


def _bytes(values: array.array[int]) -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def _from_unsigned_8(sound: bytes) -> bytes:
    pcm = bytearray(2 * len(sound))
    pcm[1::2] = sound.translate(bytes(byte ^ 0x80 for byte in range(256)))
    return bytes(pcm)


def _top_16_of(width: int) -> Callable[[bytes], bytes]:
    """The two highest bytes of each little-endian integer of that width."""

    def convert(sound: bytes) -> bytes:
        pcm = bytearray(len(sound) // width * 2)
        pcm[0::2] = sound[width - 2 :: width]
        pcm[1::2] = sound[width - 1 :: width]
        return bytes(pcm)

    return convert


def _from_float(code: str) -> Callable[[bytes], bytes]:
    def convert(sound: bytes) -> bytes:
        values = array.array(code, sound)
        if sys.byteorder == "big":
            values.byteswap()
        # Not a number compares with nothing, so that max() and min() leave the bound.
        return _bytes(array.array("h", (round(max(-32768.0, min(32767.0, v * 32768.0))) for v in values)))

    return convert


_DECODERS: dict[tuple[int, int], Callable[[bytes], bytes]] = {
    (_PCM, 8): _from_unsigned_8,
    (_PCM, 16): bytes,
    (_PCM, 24): _top_16_of(3),
    (_PCM, 32): _top_16_of(4),
    (_FLOAT, 32): _from_float("f"),
    (_FLOAT, 64): _from_float("d"),
    (_ALAW, 8): alaw_to_pcm,
    (_ULAW, 8): ulaw_to_pcm,
}


def wav_bytes(pcm: bytes, rate: int = SAMPLE_RATE) -> bytes:
    """Return mono s16le as the bytes of a WAV file."""
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(pcm), b"WAVE", b"fmt ", 16,
                       _PCM, 1, rate, rate * SAMPLE_BYTES, SAMPLE_BYTES, 16, b"data", len(pcm))  # fmt: skip
    return head + pcm


def write_wav(path: Path | str, pcm: bytes, rate: int = SAMPLE_RATE) -> None:
    """Write mono s16le to a WAV file; whoever looks sees the old file or the whole new one.

    Raises:
        OSError: the folder is missing, full or not writable; nothing is left behind.
    """
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(wav_bytes(pcm, rate))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

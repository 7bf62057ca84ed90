"""WAV files: every encoding to 16 kHz mono, errors with the file and the remedy, writing whole or not at all."""

from __future__ import annotations

import array
import contextlib
import math
import struct
from pathlib import Path

import pytest

from arvisd.audio.errors import WavError
from arvisd.audio.g711 import pcm_to_alaw, pcm_to_ulaw
from arvisd.audio.wav import parse_wav, read_recording, read_wav, wav_bytes, write_wav

CONVERT = "convert it: ffmpeg -i FILE -ar 16000 -ac 1 -c:a pcm_s16le NEW.wav"


def sine(rate: int, seconds: float = 0.4, frequency: float = 440.0) -> list[float]:
    return [0.5 * math.sin(2 * math.pi * frequency * i / rate) for i in range(round(rate * seconds))]


def pcm16(values: list[float]) -> bytes:
    return array.array("h", [round(v * 32767) for v in values]).tobytes()


def wav(sound: bytes, encoding: int = 1, channels: int = 1, rate: int = 16_000, bits: int = 16) -> bytes:
    block = channels * bits // 8
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, encoding, channels, rate, rate * block, block, bits)
    body = b"WAVE" + head + b"LIST\x03\0\0\0abc\0" + struct.pack("<4sI", b"data", len(sound)) + sound
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def encoded(values: list[float], encoding: int, bits: int) -> bytes:
    if encoding == 3:
        return array.array("f" if bits == 32 else "d", values).tobytes()
    if encoding == 6:
        return pcm_to_alaw(pcm16(values))
    if encoding == 7:
        return pcm_to_ulaw(pcm16(values))
    if bits == 8:
        return bytes(round(v * 127) + 128 for v in values)
    full = (1 << (bits - 1)) - 1
    return b"".join(round(v * full).to_bytes(bits // 8, "little", signed=True) for v in values)


def likeness(pcm: bytes, values: list[float]) -> float:
    """Signal to noise in dB against what was meant."""
    heard = array.array("h", pcm)
    noise = sum((a / 32767 - b) ** 2 for a, b in zip(heard, values, strict=True))
    return 10 * math.log10(sum(v * v for v in values) / max(noise, 1e-12))


@pytest.mark.parametrize(
    ("encoding", "bits", "least_db"),
    [(1, 8, 35), (1, 16, 80), (1, 24, 75), (1, 32, 75), (3, 32, 75), (3, 64, 75), (6, 8, 33), (7, 8, 33)],
)
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_every_encoding(encoding: int, bits: int, least_db: float, channels: int) -> None:
    values = sine(16_000)
    interleaved = [v for v in values for _ in range(channels)]
    recording = parse_wav(wav(encoded(interleaved, encoding, bits), encoding, channels, 16_000, bits))
    assert recording.rate == 16_000
    assert likeness(recording.pcm, values) > least_db


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_every_rate(tmp_path: Path, rate: int) -> None:
    file = tmp_path / "tone.wav"
    file.write_bytes(wav(pcm16(sine(rate)), rate=rate))
    pcm = read_wav(file)
    assert len(pcm) == 2 * 6400
    middle = slice(1000, 5400)
    assert likeness(pcm[2 * middle.start : 2 * middle.stop], sine(16_000)[middle]) > 45


def test_channels_are_averaged() -> None:
    left_only = array.array("h", [1000, 0, -500, 100]).tobytes()
    assert parse_wav(wav(left_only, channels=2)).pcm == array.array("h", [500, -200]).tobytes()


def test_extensible_format() -> None:
    sound = pcm16(sine(16_000))
    head = struct.pack("<HHIIHHHHIH14s", 0xFFFE, 1, 16_000, 32_000, 2, 16, 22, 16, 4, 1, bytes(14))
    data = b"fmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", len(sound)) + sound
    assert parse_wav(b"RIFF" + struct.pack("<I", 4 + len(data)) + b"WAVE" + data).pcm == sound


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_length_that_was_never_filled_in(size: int) -> None:
    sound = pcm16(sine(16_000))
    data = wav(sound)
    at = data.index(b"data") + 4
    assert parse_wav(data[:at] + struct.pack("<I", size) + sound).pcm == sound


def test_a_file_cut_off_in_the_sound_gives_what_is_there() -> None:
    sound = pcm16(sine(16_000))
    assert parse_wav(wav(sound)[:-101]).pcm == sound[:-102]


def test_loud_floats_are_clipped() -> None:
    sound = array.array("f", [2.0, -2.0, float("inf"), 0.0]).tobytes()
    assert array.array("h", parse_wav(wav(sound, 3, bits=32)).pcm).tolist() == [32767, -32768, 32767, 0]


def test_floats_that_are_no_numbers_do_not_break_it() -> None:
    sound = array.array("f", [float("nan"), 0.5]).tobytes()
    assert array.array("h", parse_wav(wav(sound, 3, bits=32)).pcm)[1] == 16384


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty; record it again"),
        (b"ID3\x04" + bytes(40), f"not a WAV file; {CONVERT}"),
        (b"RIFF\0\0\0\0AVI " + bytes(40), f"not a WAV file; {CONVERT}"),
        (wav(b"", 2, bits=4), f"encoding 2 with 4 bits is not read; {CONVERT}"),
        (wav(b"", 1, bits=12), f"encoding 1 with 12 bits is not read; {CONVERT}"),
        (wav(b"", channels=0), "its format makes no sense (0 channels, 16000 Hz, 16 bits); record it again"),
        (wav(b"", rate=1), "its format makes no sense (1 channels, 1 Hz, 16 bits); record it again"),
        (wav(b"")[:36], "there is no sound in it ('data' chunk missing); the file is cut off, record it again"),
        (wav(b"")[:30], "its format ('fmt ' chunk) is cut off; record it again"),
        (
            b"RIFF\0\0\0\0WAVEdata\x02\0\0\0\0\0",
            "the sound comes before its format ('fmt ' chunk); write the file anew",
        ),
    ],
    ids=["empty", "mp3", "avi", "adpcm", "12 bit", "no channels", "1 Hz", "no data", "cut format", "data first"],
)
def test_errors_name_file_and_remedy(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "broken.wav"
    file.write_bytes(data)
    with pytest.raises(WavError) as caught:
        read_wav(file)
    assert str(caught.value) == f"{file}: {message}"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(WavError) as caught:
        read_wav(tmp_path / "none.wav")
    assert str(caught.value) == f"{tmp_path}/none.wav: cannot be read: No such file or directory"


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(WavError) as caught:
        read_recording(tmp_path)
    assert str(caught.value) == f"{tmp_path}: cannot be read: Is a directory"


def test_a_file_too_large_for_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arvisd.audio.wav.MAX_BYTES", 1 << 20)
    file = tmp_path / "large.wav"
    with file.open("wb") as sparse:
        sparse.truncate((1 << 20) + 1)
    with pytest.raises(WavError) as caught:
        read_wav(file)
    assert str(caught.value) == f"{file}: larger than 1 MB; cut it into shorter recordings"


@pytest.mark.parametrize("end", range(0, 60, 3))
def test_no_cut_of_a_file_raises_anything_else(end: int) -> None:
    with contextlib.suppress(WavError):
        parse_wav(wav(pcm16([0.1] * 8))[:end])


def test_written_is_read_again(tmp_path: Path) -> None:
    sound = pcm16(sine(22_050))
    write_wav(tmp_path / "x.wav", sound, 22_050)
    recording = read_recording(tmp_path / "x.wav")
    assert (recording.pcm, recording.rate) == (sound, 22_050)
    assert [f.name for f in tmp_path.iterdir()] == ["x.wav"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.wav"
    write_wav(file, b"\1\0" * 10)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_wav(file, b"\2\0" * 10)
    assert file.read_bytes() == wav_bytes(b"\1\0" * 10)
    assert [f.name for f in tmp_path.iterdir()] == ["x.wav"]


def test_real_recordings_are_read(test_data: Path) -> None:
    recordings = sorted((test_data / "speech").rglob("*.wav"))[:60]
    assert recordings
    for recording in recordings:
        pcm = read_wav(recording)
        own = read_recording(recording)
        assert abs(len(pcm) / 2 / 16_000 - len(own.pcm) / 2 / own.rate) < 0.001
        assert any(pcm)

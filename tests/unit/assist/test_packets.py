"""Audio packets: their layout to the byte, and streams that lose, repeat and swap them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arvisd.assist.audio_in_mqtt import MqttAudioInput
from arvisd.assist.packets import MAX_PCM, Packet, PacketError, Packetizer


def test_layout():
    packet = Packet(0x0102, 0x03040506, 0x0708090A0B0C0D0E, b"\x01\x02")
    assert packet.encode().hex(" ") == "01 00 02 01 06 05 04 03 0e 0d 0c 0b 0a 09 08 07 01 02"
    assert Packet.decode(packet.encode()) == packet


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x01" * 15, "an audio packet has a header of 16 bytes, this one is 15 bytes long"),
        (b"\x02" + bytes(17), "audio packet of version 2: only version 1 is known"),
        (b"\x01" + bytes(16), "the sound of an audio packet must be whole samples of 2 bytes"),
    ],
)
def test_what_is_no_packet(data, message):
    with pytest.raises(PacketError) as error:
        Packet.decode(data)
    assert str(error.value) == message


def test_too_large_a_packet():
    with pytest.raises(PacketError) as error:
        Packet(0, 0, 0, bytes(MAX_PCM + 2)).encode()
    assert str(error.value) == "3986 bytes of sound: give an even number of at most 3984"


@given(st.lists(st.integers(0, 10_000), max_size=10), st.integers(0, 100_000))
def test_packets_of_a_stream_join_to_what_was_packed(sizes, stream):
    packetizer = Packetizer(stream)
    sent = [bytes([index + 1]) * size * 2 for index, size in enumerate(sizes)]
    data = [packet for pcm in sent for packet in packetizer.pack(pcm)]
    packets = [Packet.decode(one) for one in data]
    assert all(len(one) <= 4000 for one in data)
    assert b"".join(packet.pcm for packet in packets) == b"".join(sent)
    assert [packet.sequence for packet in packets] == list(range(len(packets)))
    at = 0
    for packet in packets:
        assert (packet.sample_time, packet.stream) == (at, stream & 0xFFFF)
        at += len(packet.pcm) // 2


def packets_of(pcm: bytes, stream: int = 1) -> list[bytes]:
    packetizer = Packetizer(stream)
    return [packet for at in range(0, len(pcm), 640) for packet in packetizer.pack(pcm[at : at + 640])]


async def received(data: list[bytes]) -> bytes:
    source = MqttAudioInput()
    for one in data:
        source.packet(one)
    source.close()
    return b"".join([frame async for frame in source.frames()])


PCM = b"".join(bytes([index, 1]) * 320 for index in range(20))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda p: p, PCM),
        (lambda p: [p[0], p[2], p[1], *p[3:]], PCM),
        (lambda p: [p[0], p[1], p[1], p[0], *p[2:]], PCM),
        (lambda p: p[:5] + p[6:], PCM[: 5 * 640] + bytes(640) + PCM[6 * 640 :]),
        (lambda p: [*p[:5], b"nonsense", *p[5:]], PCM),
        (lambda p: p[:10] + packets_of(PCM, 2), PCM[: 10 * 640] + PCM),
    ],
    ids=["in order", "two swapped", "two twice", "one lost", "nonsense between", "a new stream"],
)
async def test_streams_over_mqtt(change, expected):
    assert await received(change(packets_of(PCM))) == expected


async def test_a_long_gap_is_a_pause_and_not_filled():
    data = packets_of(PCM)
    late = Packet(1, 99, 1_000_000, PCM[:640]).encode()
    assert await received([data[0], late]) == PCM[:640] * 2

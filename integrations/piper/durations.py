"""Makes a Piper model give out how long each phoneme is, without the onnx package and without touching its file.

A voice computes the durations and keeps them to itself: they are the output of its one `Ceil` node. ONNX is protobuf,
and a protobuf message that is followed by more bytes of the same message is merged with them; so a second `graph`
field with one more output, appended to a copy of the bytes, makes the runtime return them (20 bytes).
"""

from __future__ import annotations

from collections.abc import Iterator

_MODEL_GRAPH, _GRAPH_NODE, _GRAPH_OUTPUT = 7, 1, 12
_NODE_OUTPUT, _NODE_TYPE, _VALUE_NAME = 2, 4, 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def with_durations(model: bytes) -> bytes | None:
    """Return the model with its durations as a further output; None where they are not found or are given already."""
    try:
        graphs = [graph for field, graph in _fields(memoryview(model)) if field == _MODEL_GRAPH]
        names = {name for graph in graphs for name in _ceil_outputs(graph)}
        given = {name for graph in graphs for name in _output_names(graph)}
    except ValueError:
        return None
    if len(names) != 1 or names & given:
        return None
    return model + _field(_MODEL_GRAPH, _field(_GRAPH_OUTPUT, _field(_VALUE_NAME, names.pop())))


def _ceil_outputs(graph: memoryview) -> Iterator[bytes]:
    for field, node in _fields(graph):
        if field != _GRAPH_NODE:
            continue
        parts = list(_fields(node))
        if any(part == _NODE_TYPE and bytes(value) == b"Ceil" for part, value in parts):
            yield from (bytes(value) for part, value in parts if part == _NODE_OUTPUT)


def _output_names(graph: memoryview) -> Iterator[bytes]:
    for field, value in _fields(graph):
        if field == _GRAPH_OUTPUT:
            yield from (bytes(name) for part, name in _fields(value) if part == _VALUE_NAME)


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield number and content of a message's fields; numbers have no content. Raise ValueError when it is none."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        number, kind = key >> 3, key & 7
        begin = place
        if kind == _VARINT:
            _, place = _varint(message, place)
            begin = place
        elif kind == _BYTES:
            length, begin = _varint(message, place)
            place = begin + length
        elif kind in (_FIXED32, _FIXED64):
            begin = place = place + (4 if kind == _FIXED32 else 8)
        else:
            raise ValueError(f"no protobuf: wire type {kind}")
        if place > len(message):
            raise ValueError("no protobuf: cut off")
        yield number, message[begin:place]


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if place >= len(message) or shift > 63:
            raise ValueError("no protobuf: a number does not end")
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, place


def _field(number: int, content: bytes) -> bytes:
    return _number(number << 3 | _BYTES) + _number(len(content)) + content


def _number(value: int) -> bytes:
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)

"""A stand-in for a Piper voice: an ONNX model with a voice's inputs and outputs that hums each phoneme equally long."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

RATE = 22050
HOP = 256
STEPS = 4
"""Each phoneme lasts so many times 256 samples at the voice's own pace."""

_SYMBOLS = " !,.:;?abdefhijklmnoprstuvwxzɾæðŋɐɑɔəɚɛɜɡɪɹʃʊʌʒˈˌːˑθɕʲɭɵβ̩ɨ"


def write_voice(
    folder: Path, name: str = "voice", *, speakers: dict[str, int] | None = None, steps: int = STEPS
) -> Path:
    """Write `name.onnx` and `name.onnx.json`; return the path of the model."""
    model = folder / f"{name}.onnx"
    model.write_bytes(_model(steps, bool(speakers)))
    symbols = {symbol: [number] for number, symbol in enumerate("_^$" + _SYMBOLS)}
    description = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": "ru" if "ru" in name else "en-us"},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_id_map": symbols,
        "num_symbols": len(symbols),
        "num_speakers": len(speakers) if speakers else 1,
        "speaker_id_map": speakers or {},
    }
    model.with_name(f"{name}.onnx.json").write_text(json.dumps(description), encoding="utf-8")
    return model


def _model(steps: int, several_speakers: bool) -> bytes:
    onnx = pytest.importorskip("onnx", reason="a stand-in voice is made with onnx: pip install onnx")
    from onnx import TensorProto, helper

    def constant(name: str, kind: int, values: list[float], shape: list[int]) -> object:
        return helper.make_tensor(name, kind, shape, values)

    nodes = [
        helper.make_node("Cast", ["input"], ["ids"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["ids", "zero"], ["zeros"]),
        helper.make_node("Gather", ["scales", "one_index"], ["length_scale"]),
        helper.make_node("Mul", ["length_scale", "steps"], ["width"]),
        helper.make_node("Add", ["zeros", "width"], ["w"]),
        helper.make_node("Ceil", ["w"], ["/Ceil_output_0"]),
        helper.make_node("ReduceSum", ["/Ceil_output_0"], ["total"], keepdims=0),
        helper.make_node("Mul", ["total", "hop"], ["samples"]),
        helper.make_node("Range", ["start", "samples", "delta"], ["time"]),
        helper.make_node("Sin", ["time"], ["hum"]),
        helper.make_node("Reshape", ["hum", "shape"], ["output"]),
    ]
    constants = [
        constant("zero", TensorProto.FLOAT, [0.0], []),
        constant("one_index", TensorProto.INT64, [1], []),
        constant("steps", TensorProto.FLOAT, [float(steps)], []),
        constant("hop", TensorProto.FLOAT, [float(HOP)], []),
        constant("start", TensorProto.FLOAT, [0.0], []),
        constant("delta", TensorProto.FLOAT, [1.0], []),
        constant("shape", TensorProto.INT64, [1, 1, 1, -1], [4]),
    ]
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    if several_speakers:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"])
    graph = helper.make_graph(nodes, "voice", inputs, [output], initializer=constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(made)
    return bytes(made.SerializeToString())

"""Durations made an output on a copy of the model."""

from pathlib import Path

import pytest
from arvisd.integrations.piper.durations import with_durations

from tests.simulators.piper_voice import write_voice


def test_twenty_bytes_or_so_make_the_durations_an_output(tmp_path: Path) -> None:
    model = write_voice(tmp_path).read_bytes()
    made = with_durations(model)
    assert made is not None
    assert made.startswith(model)
    assert made[len(model) :] == b"\x3a\x12\x62\x10\x0a\x0e/Ceil_output_0"
    import onnx

    assert [output.name for output in onnx.load_from_string(made).graph.output] == ["output", "/Ceil_output_0"]


def test_a_model_that_gives_them_already_is_left_alone(tmp_path: Path) -> None:
    made = with_durations(write_voice(tmp_path).read_bytes())
    assert made is not None
    assert with_durations(made) is None


@pytest.mark.parametrize("junk", [b"", b"hello world", b"\xff" * 40, b"\x3a\x05\x0a", b"\x3a\x02\x0a\x09"])
def test_what_is_no_model_is_left_alone(junk: bytes) -> None:
    assert with_durations(junk) is None


def test_a_cut_off_model_is_left_alone(tmp_path: Path) -> None:
    model = write_voice(tmp_path).read_bytes()
    assert with_durations(model[: len(model) // 2]) is None

"""Looks into a TensorFlow Lite file before a runtime is given it: what is none of theirs makes them end the process."""

from __future__ import annotations

import ctypes
from pathlib import Path

from arvisd.core.errors import ProviderUnavailableError

_IDENTIFIER = slice(4, 8)  # where a flatbuffer says what it holds


def tflite_input_shape(library: ctypes.CDLL, path: Path) -> list[int]:
    """Return the shape of a model's first input.

    Args:
        library: TensorFlow Lite's C library with its argument types set.
        path: the file.

    Raises:
        ProviderUnavailableError: it is not a whole model; the text names the file and why.
    """
    try:
        with path.open("rb") as file:
            begin = file.read(_IDENTIFIER.stop)
    except OSError as error:
        raise ProviderUnavailableError(f"{path}: cannot be read: {error.strerror}") from error
    if begin[_IDENTIFIER] != b"TFL3":
        raise ProviderUnavailableError(f"{path}: not a TensorFlow Lite model")
    model = library.TfLiteModelCreateFromFile(str(path).encode())
    if not model:
        raise ProviderUnavailableError(f"{path}: damaged: copy it anew")
    interpreter = library.TfLiteInterpreterCreate(model, None)
    try:
        if not interpreter:
            raise ProviderUnavailableError(f"{path}: has operations that this runtime lacks")
        library.TfLiteInterpreterAllocateTensors(interpreter)
        tensor = library.TfLiteInterpreterGetInputTensor(interpreter, 0)
        return [library.TfLiteTensorDim(tensor, axis) for axis in range(library.TfLiteTensorNumDims(tensor))]
    finally:
        if interpreter:
            library.TfLiteInterpreterDelete(interpreter)
        library.TfLiteModelDelete(model)

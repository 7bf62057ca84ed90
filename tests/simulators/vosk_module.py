"""A stand-in for the vosk module, with its published names and arguments, that says what a test scripted.

Checked against vosk 0.3.45's own module by `test_the_stand_in_has_the_names_of_the_real_one`.
"""

# ruff: noqa: N802  (vosk's names)
from __future__ import annotations

import json
from typing import Any


class FakeVosk:
    """What `import vosk` gives."""

    def __init__(self) -> None:
        self.script: list[tuple[bool, dict[str, Any]]] = []
        """For each piece of audio: whether vosk settles, and its result."""
        self.last: dict[str, Any] = {"text": ""}
        """What FinalResult says."""
        self.broken = False
        """True: a model cannot be read."""
        self.opened: list[str] = []
        self.recognisers: list[tuple[Any, ...]] = []
        self.audio = b""
        module = self

        class Model:
            def __init__(
                self, model_path: str | None = None, model_name: str | None = None, lang: str | None = None
            ) -> None:
                assert model_path is not None, "vosk would look for a model on the network"
                if module.broken:
                    raise Exception("Failed to create a model")
                module.opened.append(model_path)

        class KaldiRecognizer:
            def __init__(self, *args: Any) -> None:
                assert isinstance(args[0], Model)
                assert len(args) == 2 or isinstance(args[2], str)
                module.recognisers.append(args)
                self._script = list(module.script)
                self._result: dict[str, Any] = {}
                self._words = False

            def SetWords(self, enable_words: bool) -> None:
                self._words = enable_words

            def AcceptWaveform(self, data: bytes) -> int:
                assert len(data) % 2 == 0
                module.audio += data
                settled, self._result = self._script.pop(0)
                return int(settled)

            def Result(self) -> str:
                return self._said(self._result)

            def PartialResult(self) -> str:
                return json.dumps(self._result)

            def FinalResult(self) -> str:
                return self._said(module.last)

            def _said(self, result: dict[str, Any]) -> str:
                return json.dumps(result if self._words else {"text": result["text"]})

        self.Model = Model
        self.KaldiRecognizer = KaldiRecognizer

    def SetLogLevel(self, level: int) -> None:
        pass


def said(text: str, start: float = 0.0, conf: float = 0.9) -> dict[str, Any]:
    """Return a result of words of 0.3 s each."""
    words = [
        {"word": word, "start": start + 0.3 * index, "end": start + 0.3 * (index + 1), "conf": conf}
        for index, word in enumerate(text.split())
    ]
    return {"text": text, "result": words} if words else {"text": ""}

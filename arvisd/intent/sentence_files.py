"""Reads files of sentences in hassil's format; what is wrong in one is said with its place, and the rest is used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import hassil
import msgspec

from arvisd.config.document import Broken, Composer, LimitError, TextError
from arvisd.config.files import FileError, decode, name_in, read_bytes, yaml_files
from arvisd.config.nodes import Mark, Origin, key_mark_of, mark_at, mark_of, plain
from arvisd.config.problems import Problem, did_you_mean, error

FOLDER = "sentences"
"""In the configuration folder; below it one folder a language."""

_TOP = ("language", "intents", "lists", "expansion_rules", "skip_words", "responses")
_BLOCK = (
    "sentences",
    "slots",
    "response",
    "requires_context",
    "excludes_context",
    "expansion_rules",
    "lists",
    "metadata",
    "required_keywords",
    "settings",
)


class SentenceFile(msgspec.Struct, frozen=True):
    """One file that was read."""

    file: str
    """Relative to the configuration folder."""
    content: dict[str, Any]
    """What hassil takes: `intents`, `lists`, `expansion_rules`, `skip_words`, `responses`; without what is wrong."""
    problems: tuple[Problem, ...] = ()
    places: dict[str, Mark] = msgspec.field(default_factory=dict)
    """Where each sentence stands."""


def user_files(config_folder: Path, language: str) -> list[SentenceFile]:
    """Return the user's files of a language, in the order of their names."""
    folder = config_folder / FOLDER / language
    return [read(path, name_in(config_folder, path), language) for path in yaml_files(folder)]


def read(path: Path, name: str, language: str) -> SentenceFile:
    """Return one file; never raises for what stands in it."""
    try:
        composer = Composer(decode(read_bytes(path)), Origin(name), {})
        tree = composer.compose()
    except FileError as failure:
        return SentenceFile(name, {}, (error(Mark(name, failure.line, failure.column), failure.message),))
    except (TextError, LimitError) as failure:
        return SentenceFile(name, {}, (failure.problem,))
    if tree is None:
        return SentenceFile(name, {}, tuple(composer.problems))
    check = _Check(tree, language)
    content = check.run()
    try:
        hassil.Intents.from_dict(
            {"language": language, **content} if content else {"language": language, "intents": {}}
        )
    except Exception as failure:  # noqa: BLE001  hassil raises bare ones of many kinds for what people write
        reason = str(failure).strip().partition("\n")[0] or type(failure).__name__
        check.problems.append(error(mark_of(tree), f"the file is left out: {reason}"))
        content = {}
    return SentenceFile(name, content, (*composer.problems, *check.problems), check.places)


class _Check:
    """Goes through one file and keeps what is right."""

    def __init__(self, tree: Any, language: str) -> None:
        self.tree = tree
        self.language = language
        self.problems: list[Problem] = []
        self.places: dict[str, Mark] = {}

    def run(self) -> dict[str, Any]:
        if not isinstance(self.tree, dict):
            self.problems.append(error(mark_of(self.tree), "expected 'intents:' with sentences below"))
            return {}
        for key in self.tree:
            if key not in _TOP:
                self.problems.append(
                    error(key_mark_of(self.tree, key), f"unknown key {key!r}{did_you_mean(key, _TOP)}")
                )
        said = self.tree.get("language", self.language)
        if said != self.language:
            self.problems.append(
                error(
                    mark_at(self.tree, ["language"]),
                    f"the language is {said!r}, but the file is in the folder of {self.language!r}: move it",
                )
            )
            return {}
        content: dict[str, Any] = {"intents": self._intents()}
        for key in ("lists", "expansion_rules"):
            content[key] = self._mapping(self.tree, [key])
        content["lists"] = {name: v for name, v in content["lists"].items() if self._list(["lists", name], v)}
        content["expansion_rules"] = {
            name: text
            for name, text in content["expansion_rules"].items()
            if self._template(["expansion_rules", name], text)
        }
        skip = self.tree.get("skip_words") or []
        if isinstance(skip, list):
            content["skip_words"] = [w for i, w in enumerate(skip) if self._template(["skip_words", i], w)]
        else:
            self._error(["skip_words"], "'skip_words:' must hold a list of words")
        content["responses"] = {"intents": self._mapping(self.tree, ["responses", "intents"])}
        return content

    def _intents(self) -> dict[str, Any]:
        intents: dict[str, Any] = {}
        for name, body in self._mapping(self.tree, ["intents"]).items():
            data = body.get("data") if isinstance(body, dict) else None
            if not isinstance(data, list):
                self._error(["intents", name], f"the intent {name} needs 'data:' with a list of sentences")
                continue
            blocks = [
                made
                for index, block in enumerate(data)
                if (made := self._block(["intents", name, "data", index], block))
            ]
            if blocks:
                intents[str(name)] = {"data": blocks}
        return intents

    def _block(self, path: Sequence[Any], block: Any) -> dict[str, Any] | None:
        if not isinstance(block, dict) or not isinstance(block.get("sentences"), list):
            self._error(path, "expected 'sentences:' with a list of sentences")
            return None
        for key in block:
            if key not in _BLOCK:
                self._error([*path, key], f"unknown key {key!r}{did_you_mean(key, _BLOCK)}")
                return None
        for key in ("slots", "requires_context", "excludes_context", "metadata"):
            if not isinstance(block.get(key) or {}, dict):
                self._error([*path, key], f"'{key}:' must hold names with a value each")
                return None
        sentences = [
            text for index, text in enumerate(block["sentences"]) if self._template([*path, "sentences", index], text)
        ]
        if not sentences:
            return None
        for key, check in (("expansion_rules", self._template), ("lists", self._list)):
            inner = block.get(key) or {}
            if not isinstance(inner, dict) or not all(check([*path, key, name], inner[name]) for name in inner):
                return None
        kept = {key: value for key, value in block.items() if value is not None}
        return {**kept, "sentences": sentences, "metadata": dict(block.get("metadata") or {})}

    def _list(self, path: Sequence[Any], body: Any) -> bool:
        if isinstance(body, dict) and any(key in body for key in ("values", "range", "wildcard")):
            values = body.get("values", [])
            texts = [v.get("in") if isinstance(v, dict) else v for v in values] if isinstance(values, list) else [None]
            return all(self._template([*path, "values", index], text) for index, text in enumerate(texts))
        self._error(path, f"the list {path[-1]!r} needs 'values:', 'range:' or 'wildcard: true'")
        return False

    def _template(self, path: Sequence[Any], text: Any) -> bool:
        if isinstance(text, Broken):
            return False  # its problem has been said
        if not isinstance(text, str) or not text.strip():
            self._error(path, f"a sentence must be text, got {text!r}: put it in quotes")
            return False
        try:
            hassil.parse_sentence(text)
        except Exception as failure:  # noqa: BLE001  hassil raises bare ones of many kinds for what people write
            reason = str(failure).strip().partition("\n")[0] or type(failure).__name__
            self._error(path, f"the sentence {text!r} cannot be read: {reason}")
            return False
        self.places.setdefault(text, mark_at(self.tree, path))
        return True

    def _mapping(self, tree: Any, path: Sequence[Any]) -> dict[str, Any]:
        node = tree
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        if node is None:
            return {}
        if not isinstance(node, dict):
            self._error(path, f"'{path[-1]}:' must hold names with something below each")
            return {}
        made: dict[str, Any] = plain(node)
        return made

    def _error(self, path: Sequence[Any], message: str) -> None:
        self.problems.append(error(mark_at(self.tree, path), message))

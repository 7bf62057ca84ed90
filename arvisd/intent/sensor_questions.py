"""Questions about sensors by what they sense: made of one table a language, as sentences in hassil's form.

Home Assistant's sentences had one block for each device class, way to ask and state; since 2026 they have hardly any.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML

_ANSWERS = {"named": "one_yesno", "detected": "any", "detected_in": "any", "more_in": "any"}
"""The answer to each way of asking for a state; the others have their own name."""
_WORDS = ("things", "of_things", "thing", "matter")
"""What a class may be called in the ways to ask."""
_ASKING = ("any", "all", "which", "how_many")


class Questions(msgspec.Struct, frozen=True):
    """What a table makes, in hassil's form."""

    blocks: list[dict[str, Any]]
    """Of the intent HassGetState."""
    lists: dict[str, Any]
    """The states of each class that knows only two."""
    rules: dict[str, str]
    """The words of each class: read once, however many sentences have them."""


def questions(file: Path, unspoken: str, classes: Container[str] | None = None) -> Questions:
    """Return the sentences that a table makes.

    Args:
        file: the table, `sensors_ru.yaml`.
        unspoken: key in the metadata of blocks that recognisers of speech with a grammar do not listen for: each
            sentence more costs them accuracy.
        classes: only for these; None: for all.
    """
    table: dict[str, Any] = YAML(typ="safe", pure=False).load(file.read_text("utf-8"))
    lists: dict[str, Any] = {}
    rules: dict[str, str] = {}
    blocks: list[dict[str, Any]] = []
    binary = table["binary_sensor"]
    for device_class, words in binary["classes"].items():
        if classes is not None and device_class not in classes:
            continue
        states = f"sensed_{device_class}"
        lists[states] = {"values": [{"in": words["on"], "out": "on"}, {"in": words["off"], "out": "off"}]}
        named = {key: f"{states}_{key}" for key in _WORDS if key in words}
        rules |= {rule: words[key] for key, rule in named.items()}
        filled = {key: f"<{rule}>" for key, rule in named.items()} | {"says": f"{{{states}:state}}"}
        for way, sentences, state in _binary(binary, words, filled):
            blocks.append(_block("binary_sensor", device_class, way, sentences, state, unspoken))
    measured = table["sensor"]
    for device_class, words in measured["classes"].items():
        if classes is not None and device_class not in classes:
            continue
        rules[f"measured_{device_class}"] = f"({words['what']})"
        for way in ("named", "here", "in") if words.get("around") else ("named",):
            sentences = [text.replace("{what}", f"<measured_{device_class}>") for text in measured[way]]
            sentences += words.get(f"more_{way}", [])
            blocks.append(_block("sensor", device_class, way, sentences, None, unspoken, response="one"))
    return Questions([block for block in blocks if block["sentences"]], lists, rules)


def _binary(
    table: dict[str, Any], words: dict[str, Any], filled: dict[str, str]
) -> Iterator[tuple[str, list[str], str | None]]:
    """Yield each way to ask for a class: its sentences, and the state where they say none."""
    for way in ("named", *_ASKING):
        yield way, [made for text in table[way] if (made := _filled(text, filled))], None
        yield way, list(words.get(f"more_{way}", [])), "on"
        yield way, list(words.get(f"more_{way}_off", [])), "off"
    if "matter" in words:
        yield "detected", [_filled(text, filled) for text in table["detected"]], "on"
        yield "detected_in", [_filled(text, filled) for text in table["detected_in"]], "on"
    yield "detected_in", list(words.get("more_in", [])), "on"


def _filled(text: str, words: dict[str, str]) -> str:
    """Return a sentence with the words of a class; empty where it needs one that the class has not."""
    for key in (*_WORDS, "says"):
        if f"{{{key}}}" in text:
            if key not in words:
                text = text.replace(f"[{{{key}}}] ", "").replace(f" [{{{key}}}]", "")
                if f"{{{key}}}" in text:
                    return ""
            text = text.replace(f"{{{key}}}", words.get(key, ""))
    return text


def _block(
    domain: str,
    device_class: str,
    way: str,
    sentences: list[str],
    state: str | None,
    unspoken: str,
    response: str = "",
) -> dict[str, Any]:
    slots: dict[str, Any] = {"domain": domain, "device_class": device_class}
    block: dict[str, Any] = {
        "sentences": sentences,
        "slots": slots | ({"state": state} if state else {}),
        "response": response or _ANSWERS.get(way, way),
        "metadata": {unspoken: True},
    }
    if way == "named":
        block["requires_context"] = {"domain": domain, "device_class": device_class}
    return block

"""Questions about sensors by what they sense: made of one table a language, as sentences in hassil's form.

Home Assistant's sentences had one block for each device class, way to ask and state; since 2026 they have hardly any.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_ANSWERS = {"named": "one_yesno", "detected": "any", "detected_in": "any", "more_in": "any"}
"""The answer to each way of asking for a state; the others have their own name."""
_ASKING = ("any", "all", "which", "how_many")


def questions(file: Path, unspoken: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the blocks of HassGetState that a table makes, and the lists of states they refer to.

    Args:
        file: the table, `sensors_ru.yaml`.
        unspoken: key in the metadata of blocks that recognisers of speech with a grammar do not listen for: each
            sentence more costs them accuracy.
    """
    table: dict[str, Any] = YAML(typ="safe", pure=False).load(file.read_text("utf-8"))
    lists: dict[str, Any] = {}
    blocks: list[dict[str, Any]] = []
    binary = table["binary_sensor"]
    for device_class, words in binary["classes"].items():
        states = f"sensed_{device_class}"
        lists[states] = {"values": [{"in": words["on"], "out": "on"}, {"in": words["off"], "out": "off"}]}
        for way, sentences, state in _binary(binary, words, states):
            blocks.append(_block("binary_sensor", device_class, way, sentences, state, unspoken))
    measured = table["sensor"]
    for device_class, words in measured["classes"].items():
        for way in ("named", "here", "in") if words.get("around") else ("named",):
            sentences = [text.replace("{what}", f"({words['what']})") for text in measured[way]]
            sentences += words.get(f"more_{way}", [])
            blocks.append(_block("sensor", device_class, way, sentences, None, unspoken, response="one"))
    return [block for block in blocks if block["sentences"]], lists


def _binary(table: dict[str, Any], words: dict[str, str], states: str) -> Iterator[tuple[str, list[str], str | None]]:
    """Yield each way to ask for a class: its sentences, and the state where they say none."""
    filled = words | {"says": f"{{{states}:state}}"}
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
    for key in ("things", "of_things", "thing", "matter", "says"):
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

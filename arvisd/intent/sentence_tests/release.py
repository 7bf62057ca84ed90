"""The sentences that tests are meant for: those of the same release beside them, or those that are installed."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import hassil
import home_assistant_intents
import msgspec
from ruamel.yaml import YAML


class Release(msgspec.Struct, frozen=True):
    """Sentences and answers of Home Assistant in one language."""

    origin: str
    """The folder, or `home-assistant-intents` and the version that is installed."""
    content: dict[str, Any]
    """What hassil takes; changed by who loads it."""
    responses: dict[str, dict[str, str]]
    """Templates of answers by intent and key."""
    combinations: dict[str, dict[str, Any]]
    """What is known of the slot combinations of each intent."""


def release(root: Path | None, language: str, *, only_newer: bool = False) -> Release:
    """Return the sentences of a release's folder; None: those that are installed.

    `only_newer` leaves out those of the older layout, but for their lists and rules.
    """
    combinations = _combinations(root)
    if root is None:
        content: dict[str, Any] = home_assistant_intents.get_intents(language) or {"intents": {}}
        origin = f"home-assistant-intents {_installed_version()}"
    else:
        content = _merged(root, language, combinations, only_newer=only_newer)
        origin = str(root)
    responses = dict(content.get("responses", {}).get("intents", {}))
    return Release(origin, content, responses, combinations)


def root_of(tests: Path, language: str) -> Path | None:
    """Return the folder in which the tests' own sentences lie: `sentences/<language>` beside `tests/`."""
    start = tests.resolve()
    for folder in (start, *start.parents[:4]):
        if (folder / "sentences" / language).is_dir() and (folder / "tests").is_dir():
            return folder
    return None


def in_both_layouts(root: Path, language: str) -> bool:
    """Tell whether a release has sentences in both layouts."""
    folder = root / "sentences" / language
    older = any(not path.name.startswith("_") for path in folder.glob("*.yaml"))
    return older and any(folder.glob("*/*.yaml"))


def _merged(root: Path, language: str, combinations: dict[str, dict[str, Any]], *, only_newer: bool) -> dict[str, Any]:
    """Return all files of a release as one."""
    merged: dict[str, Any] = {"language": language, "intents": {}, "lists": {}, "expansion_rules": {}, "responses": {}}
    sentences = root / "sentences" / language
    for path in (
        *sorted(sentences.glob("*.yaml")),
        *sorted((root / "lists").glob("*.yaml")),
        *sorted((root / "lists" / language).glob("*.yaml")),
        *sorted((root / "rules" / language).glob("*.yaml")),
        *sorted((root / "responses" / language).glob("*.yaml")),
    ):
        content = _yaml(path)
        if only_newer and path.parent == sentences:
            content.pop("intents", None)
        hassil.merge_dict(merged, content)
    merged["language"] = language
    for path in sorted(sentences.glob("*/*.yaml")):
        intent = path.parent.name
        blocks = _yaml(path).get("data", [])
        combination = combinations.get(intent, {}).get(path.stem, {})
        plain = [block for block in blocks if not block.get("speech_to_phrase")] or blocks
        data = merged["intents"].setdefault(intent, {}).setdefault("data", [])
        data.extend(_block(block, combination) for block in plain)
    return merged


def _block(block: dict[str, Any], combination: dict[str, Any]) -> dict[str, Any]:
    """Return a block of a slot combination with what its file implies written out."""
    slots = dict(block.get("slots") or {})
    context = dict(block.get("requires_context") or {})
    domains = block.get("name_domains")
    if isinstance(domains, str):
        domains = combination.get("name_domain_groups", {}).get(domains, [])
    if domains:
        context["domain"] = domains
    elif block.get("inferred_domain"):
        slots["domain"] = block["inferred_domain"]
    if combination.get("context_area"):
        context["area"] = {"slot": True}
    return {
        "sentences": block["sentences"],
        "slots": slots,
        "requires_context": context,
        "response": block.get("response", "default"),
        "metadata": dict(block.get("metadata") or {}),
    }


def _combinations(root: Path | None) -> dict[str, dict[str, Any]]:
    """Return the slot combinations by intent: of a release where it has them, else of what is installed."""
    file = root / "intents.yaml" if root is not None else None
    known = _yaml(file) if file is not None and file.exists() else home_assistant_intents.get_intent_info() or {}
    return {intent: info.get("slot_combinations") or {} for intent, info in known.items()}


@functools.cache
def _domains() -> dict[str, str]:
    known = home_assistant_intents.get_intent_info() or {}
    return {intent: str(info.get("domain", "")) for intent, info in known.items()}


def domain_of(intent: str) -> str:
    """Return the domain that an intent is for by itself; empty where nothing is known of it."""
    return _domains().get(intent, "")


def _yaml(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe", pure=False).load(path.read_text("utf-8")) or {}
    return found


def _installed_version() -> str:
    from importlib.metadata import version

    return version("home-assistant-intents")

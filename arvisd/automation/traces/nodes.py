"""What the nodes of a trace are called and where they are written, told by their paths; what of them is secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from arvisd.config.nodes import NOWHERE, Mark, mark_of, secret_of

if TYPE_CHECKING:
    from arvisd.automation.schema import Document

HIDDEN = "***"
"""Stands for what a secret holds."""
SHORTEST_SECRET = 4
"""Characters of a secret that is looked for within other texts; a shorter one is hidden only where it stands alone."""
SPELLINGS = {
    "trigger": ("triggers", "trigger"),
    "condition": ("conditions", "condition"),
    "action": ("actions", "action", "sequence"),
    "conditions": ("conditions", "condition", "and", "or", "not"),
}
"""Levels of a path that documents may write otherwise."""
KINDS = (
    "action",
    "service",
    "service_template",
    "delay",
    "wait_template",
    "wait_for_trigger",
    "choose",
    "if",
    "repeat",
    "parallel",
    "sequence",
    "variables",
    "event",
    "scene",
    "stop",
    "set_conversation_response",
    "and",
    "or",
    "not",
)
"""Keys that tell a step, in the order in which they are looked for."""


class Nodes:
    """The nodes of one document; without a document nothing has a name."""

    __slots__ = ("_root", "hidden")

    def __init__(self, source: Document | None) -> None:
        self._root = None if source is None else source.node
        self.hidden: Callable[[Any], Any] = _shown if source is None else _hiding(_secrets_of(source))
        """Gives data without what came from secrets."""

    def name(self, path: str) -> str:
        """Return a node's alias, else its kind; empty where neither is known."""
        _, _, node = self._walk(path)
        if not isinstance(node, dict):
            return "template" if isinstance(node, str) else ""
        alias = node.get("alias")
        if isinstance(alias, str) and alias:
            return str(self.hidden(alias))
        if path.startswith("trigger"):
            return str(node.get("trigger", node.get("platform", "")))
        if isinstance(node.get("condition"), str):
            return f"condition {node['condition']}"
        return next((key for key in KINDS if key in node), next((str(key) for key in node), ""))

    def mark(self, path: str) -> Mark:
        """Return where a node is written."""
        container, key, node = self._walk(path)
        return NOWHERE if node is None else mark_of(container, key)

    def place(self, path: str) -> str:
        """Return the same as text; empty where it is not known."""
        mark = self.mark(path)
        return str(mark) if mark.file else ""

    def _walk(self, path: str) -> tuple[Any, Any, Any]:
        """Return container, key and node of a path; nothing three times where it leads nowhere."""
        container: Any = None
        key: Any = None
        node: Any = self._root
        for level in path.split("/"):
            if level.isdigit():
                if isinstance(node, list):
                    index = int(level)
                    if level_items := _flat(node):
                        container, key = level_items[index] if index < len(level_items) else (None, None)
                        node = None if container is None else container[key]
                    else:
                        return None, None, None
                elif level != "0":
                    return None, None, None
                continue
            if not isinstance(node, dict):
                return None, None, None
            found = next((name for name in SPELLINGS.get(level, (level,)) if name in node), None)
            if found is None:
                return None, None, None
            container, key, node = node, found, node[found]
        return (container, key, node) if isinstance(node, dict | str) else (None, None, None)


def _flat(items: list[Any]) -> list[tuple[Any, Any]]:
    """Return the items of a list, those of `triggers:` within opened in place, each with what holds it."""
    found: list[tuple[Any, Any]] = []
    for index, item in enumerate(items):
        if isinstance(item, dict) and set(item) == {"triggers"}:
            inner = item["triggers"]
            found += _flat(inner) if isinstance(inner, list) else [(item, "triggers")]
        else:
            found.append((items, index))
    return found


def _secrets_of(source: Document) -> tuple[str, ...]:
    """Return what the secrets in a document hold; looked for once."""
    if source.secrets is None:
        found: dict[str, None] = {}
        _collect(source.node, found)
        source.secrets = tuple(found)
    return source.secrets


def _collect(node: Any, found: dict[str, None]) -> None:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        if secret_of(node, key) is not None and not isinstance(value, dict | list):
            if value not in (None, "", True, False):
                found[str(value)] = None
        elif isinstance(value, dict | list):
            _collect(value, found)


def _shown(value: Any) -> Any:
    return value


def _hiding(secrets: tuple[str, ...]) -> Callable[[Any], Any]:
    """Return what gives JSON data with the secrets in it hidden."""
    if not secrets:
        return _shown

    def hide(value: Any) -> Any:
        if isinstance(value, str):
            for secret in secrets:
                if value == secret:
                    return HIDDEN
                if len(secret) >= SHORTEST_SECRET:
                    value = value.replace(secret, HIDDEN)
            return value
        if isinstance(value, dict):
            return {key: hide(item) for key, item in value.items()}
        if isinstance(value, list):
            return [hide(item) for item in value]
        if isinstance(value, int | float) and not isinstance(value, bool) and str(value) in secrets:
            return HIDDEN
        return value

    return hide

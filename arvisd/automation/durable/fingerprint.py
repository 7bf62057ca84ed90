"""Tells whether a document still says what it said when a run of it began."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from arvisd.automation.reload import ORDERED


def fingerprint(node: Any) -> str:
    """Return a short digest of a document; the order of its keys is of no matter but where `plan_reload` minds it."""
    text = json.dumps(_canonical(node), ensure_ascii=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _canonical(node: Any, *, ordered: bool = False) -> Any:
    if isinstance(node, dict):
        pairs = [[str(key), _canonical(value, ordered=key in ORDERED)] for key, value in node.items()]
        return {"ordered" if ordered else "pairs": pairs if ordered else sorted(pairs, key=lambda pair: pair[0])}
    if isinstance(node, list):
        return [_canonical(value) for value in node]
    return node

"""How Arvis is called: takes the call off the front of what was recognised."""

from __future__ import annotations

import re
from collections.abc import Sequence

_GREETINGS = "hey|hi|ok|okay|hello|эй|хей|хэй|окей|привет|слушай"


def without_call(text: str, names: Sequence[str]) -> str:
    """Return what was recognised without "hey jarvis" before it; names are matched whatever their case."""
    if not names:
        return text.strip()
    called = "|".join(re.escape(name) for name in names)
    pattern = rf"^\W*(?:(?:{_GREETINGS})\W+)?(?:{called})(?:\W+|$)|^\W*(?:hey|эй|хей|хэй)\W*$"
    return re.sub(pattern, "", text.strip(), count=1, flags=re.IGNORECASE).strip()

"""Takes two commands in one sentence apart: "turn off the light and close the blinds", "… and the fan"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import msgspec

from arvisd.intent.recognition import Recognition

MOST_PARTS = 6
"""A sentence of more is no command."""

_JOINTS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\s*(?:,\s*(?:and\s+then|and|then)\b|,|;|\.\s|\band\s+then\b|\band\s+also\b|\band\b|\bthen\b)\s*",
        re.IGNORECASE,
    ),
    "ru": re.compile(
        r"\s*(?:,\s*(?:а\s+потом|а\s+затем|и\s+потом|и\s+затем|а\s+также|и|а|потом|затем)(?!\w)|,|;|\.\s"
        r"|(?<!\w)(?:и\s+потом|и\s+затем|а\s+потом|а\s+затем|а\s+также|а\s+ещё|а\s+еще|и|потом|затем)(?!\w))\s*",
        re.IGNORECASE,
    ),
}

Read = Callable[[str, list[Recognition]], Recognition | None]
"""Understands one command, given those before it; None where it is none."""


class Part(msgspec.Struct, frozen=True):
    """One piece of a sentence between joints, with the joint before it."""

    text: str
    joint: str


def pieces(text: str, language: str) -> list[Part]:
    """Return the pieces of a text; one where it has no joint, none where it has too many."""
    joints = _JOINTS.get(language)
    if joints is None:
        return []
    found = []
    at, joint = 0, ""
    for match in joints.finditer(text):
        if match.start() > at:
            found.append(Part(text[at : match.start()], joint))
            joint = match.group()
        at = match.end()
    if text[at:].strip(" .,!?;…"):
        found.append(Part(text[at:], joint))
    return found if len(found) <= MOST_PARTS else []


def apart(
    text: str,
    language: str,
    read: Read,
) -> tuple[list[Recognition], str]:
    """Return the commands of a sentence, and what of it is none: empty where all of it was understood.

    The longest command is looked for first, so that a name with an "and" in it stays whole. A piece that is no command
    of its own is read with the beginning, or the end, of the one before: "turn on the light and [turn on] the fan".

    Args:
        text: as it was said.
        language: of the text.
        read: understands one command; one that was completed must do the same as the one before it.
    """
    parts = pieces(text, language)
    if len(parts) < 2:
        return [], ""
    found: list[Recognition] = []
    before = ""
    at = 0
    while at < len(parts):
        for end in range(len(parts), at, -1):
            said = _joined(parts[at:end])
            if end - at == len(parts):
                continue  # the whole: somebody has tried that
            reading = read(said, found)
            if reading is None and found:
                reading, said = _completed(before, said, found, read)
            if reading is None and not found and end < len(parts):
                reading, said = _borrowed(said, parts[end].text, read)
            if reading is not None:
                found.append(reading)
                before, at = said, end
                break
        else:
            return found, _joined(parts[at:])
    return found, ""


def _joined(parts: list[Part]) -> str:
    return parts[0].text + "".join(part.joint + part.text for part in parts[1:])


def _completed(
    before: str,
    said: str,
    found: list[Recognition],
    read: Read,
) -> tuple[Recognition | None, str]:
    """Read a piece with as many words of the one before it as make a command: the most first."""
    words = before.split()
    for length in range(len(words) - 1, 0, -1):
        whole = f"{' '.join(words[:length])} {said}"
        reading = read(whole, found)
        if reading is not None and found[-1].intent == reading.intent:
            return reading, whole
    return None, said


def _borrowed(said: str, following: str, read: Read) -> tuple[Recognition | None, str]:
    """Read a first piece with the end of the next: "turn the light and the fan off"."""
    words = following.split()
    for length in range(1, min(4, len(words))):
        whole = f"{said} {' '.join(words[-length:])}"
        reading = read(whole, [])
        if reading is not None:
            return reading, whole
    return None, said

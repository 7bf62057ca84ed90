"""Lets the C parser read `{at: 07:30}`, `[mqtt://hub]` and `[ready?]`, which its YAML 1.1 refuses and everybody writes.

Home Assistant's parser (libyaml from 0.2.1) takes ':' and '?' within unquoted text in braces and brackets;
ruamel.yaml's C parser carries an older one. Where it stumbles over them, they are replaced by characters of the
same width, so that every position stays, and put back in the values.
"""

from __future__ import annotations

import re

from _ruamel_yaml import CParser  # type: ignore[import-not-found]  # an extension without stubs
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

STAND_INS = str.maketrans({":": "\ue03a", "?": "\ue03f"})
"""Of the private use area: no text means anything by them."""
ORIGINALS = str.maketrans({"\ue03a": ":", "\ue03f": "?"})
INNER = r"(?<=[^\s,\[\]{}\"':?!&*])(?::(?=[^\s,\[\]{}])|\?)"
"""A colon or a question mark within unquoted text; in quotes it is replaced and put back without harm."""
CANDIDATE = re.compile(INNER)
WORD = re.compile(rf"(?:(?<=\s)|^)[!&*%]\S*|{INNER}", re.MULTILINE)
"""Tags, anchors and aliases are passed over."""
BRACKET = re.compile(r"[\[\]{}]")
MAX_BRACKETS = 100
"""Open at once; the parser's time grows with their square, and the composer refuses as many."""
MAX_REPAIRS = 50
"""Of single places that the first replacement left."""


def parser_text(text: str) -> str:
    """Return the text as the C parser can read it; the very same object where it needs no help or no help is possible."""
    if not CANDIDATE.search(text) or "\ue03a" in text or "\ue03f" in text or _too_deep(text):
        return text
    place = _stumble(text)
    if place is None:
        return text
    repaired = WORD.sub(lambda found: found[0] if len(found[0]) > 1 else found[0].translate(STAND_INS), text)
    for _ in range(MAX_REPAIRS):
        place = _stumble(repaired)
        if place is None:
            break
        repaired = repaired[:place] + repaired[place].translate(STAND_INS) + repaired[place + 1 :]
    return repaired


def restore(value: str) -> str:
    """Return a value as it was written."""
    return value.translate(ORIGINALS)


def _stumble(text: str) -> int | None:
    """Return the index of the ':' or '?' that the parser refuses within a flow collection; None: something else."""
    try:
        CParser(text).raw_parse()
    except MarkedYAMLError as failure:
        index = failure.problem_mark.index if failure.problem_mark else -1
        character = text[index : index + 1]
        before, after = text[index - 1 : index], text[index + 1 : index + 2]
        if character == ":" and failure.problem == "found unexpected ':'" and after not in ("", *",[]{}"):
            return int(index)
        in_flow = (failure.context or "").startswith("while parsing a flow")
        if character == "?" and in_flow and before.strip() and before not in ",[]{}\"'":
            return int(index)
    except ReaderError:
        pass
    return None


def _too_deep(text: str) -> bool:
    depth = 0
    for bracket in BRACKET.finditer(text):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_BRACKETS:
            return True
    return False

"""What the YAML parser complains about, in words that say what to do."""

from __future__ import annotations

import re
from typing import NamedTuple

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class SyntaxFault(NamedTuple):
    """What stops the parser, within one text."""

    line: int
    """From 1."""
    column: int
    """From 1."""
    message: str


def fault_of(failure: MarkedYAMLError | ReaderError, text: str) -> SyntaxFault:
    """Return in a person's words what stopped the parser."""
    if isinstance(failure, ReaderError):
        return unprintable(text) or SyntaxFault(1, 1, f"cannot be read as text: {failure.reason}")
    mark, context = failure.problem_mark, failure.context_mark
    at: tuple[int, int] = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    since: tuple[int, int] = (context.line + 1, context.column + 1) if context else at
    problem = failure.problem or "not valid YAML"
    match problem:
        case "found character that cannot start any token":
            return SyntaxFault(*at, _bad_start(_character(text, *at)))
        case "mapping values are not allowed in this context":
            return SyntaxFault(
                *at, "a second ':' or a wrong indentation: put the value in quotes or mend the indentation"
            )
        case "could not find expected ':'":
            return SyntaxFault(*since, "expected 'key: value' or a list item '- value'")
        case "did not find expected key":
            return SyntaxFault(*at, f"expected a key that fits the mapping of line {since[0]}: mend the indentation")
        case "did not find expected '-' indicator":
            return SyntaxFault(*at, f"expected another '- ' item of the list of line {since[0]}: mend the indentation")
        case "did not find expected ',' or ']'":
            return SyntaxFault(*since, "this '[' is not closed with ']', or a ',' is missing between its items")
        case "did not find expected ',' or '}'":
            return SyntaxFault(*since, "this '{' is not closed with '}', or a ',' is missing between its keys")
        case "did not find expected node content":
            return SyntaxFault(*at, "a value is missing here")
        case "found unexpected end of stream":
            return SyntaxFault(*since, "this quote is not closed")
        case "found unexpected document indicator":
            return SyntaxFault(*since, "this quote is not closed before '---'")
        case "found unknown escape character" | "did not find expected hexdecimal number":
            return SyntaxFault(
                *at, "unknown escape in double quotes: write '\\\\' for a backslash, or use single quotes"
            )
        case "did not find expected <document start>":
            return SyntaxFault(
                *at, "this does not go on what stands before it: mend the indentation or add the missing ':'"
            )
        case "found undefined tag handle":
            return SyntaxFault(*since, "unknown tag: put the value in quotes if '!' belongs to it")
        case _:
            while_doing = f" ({failure.context})" if failure.context else ""
            return SyntaxFault(*at, f"not valid YAML: {problem}{while_doing}")


def unprintable(text: str) -> SyntaxFault | None:
    """Return where a text has a character that no text has, None where it has none."""
    found = UNPRINTABLE.search(text)
    if found is None:
        return None
    before = text[: found.start()]
    line = before.count("\n") + 1
    column = found.start() - before.rfind("\n")
    return SyntaxFault(line, column, f"not a text file: it holds the control character 0x{ord(found.group()):02x}")


def _bad_start(character: str) -> str:
    if character == "\t":
        return "a tab cannot indent: use spaces"
    return f"a value cannot begin with {character!r}: put it in quotes"


def _character(text: str, line: int, column: int) -> str:
    lines = text.splitlines()
    return lines[line - 1][column - 1 : column] if line <= len(lines) else ""

"""What is written under the fields of a struct, from its source: for schemas and tables."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import textwrap

import msgspec


def described_fields(struct: type) -> dict[str, str]:
    """Return the docstring under each field of a struct and its bases; of one that has no source, that of its bases."""
    found: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        if base in (object, msgspec.Struct) or not issubclass(base, msgspec.Struct):
            continue
        try:
            source = inspect.getsource(base)
        except (OSError, TypeError):  # made at run time
            continue
        body = ast.parse(textwrap.dedent(source)).body[0]
        if not isinstance(body, ast.ClassDef):
            continue
        for field, text in itertools.pairwise(body.body):
            match field, text:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as words)):
                    found[name] = words
    return found


def one_line(text: str) -> str:
    """Return a text on one line, with plain quotation marks."""
    return re.sub(r"\s+", " ", text.replace("`", "'")).strip()

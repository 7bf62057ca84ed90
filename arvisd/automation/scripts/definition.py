"""One script made ready to run: its steps, its variables, its fields."""

from __future__ import annotations

from typing import Any

from arvisd.automation.builder import Builder
from arvisd.automation.definition import Definition, check_limits, node_of, variables_of
from arvisd.automation.reading import invalid, read
from arvisd.automation.schema import Document
from arvisd.automation.scripts.document import ScriptDocument
from arvisd.automation.scripts.fields import Fields, read_fields
from arvisd.config.nodes import mark_of


class ScriptDefinition(Definition):
    """What a script is; shared by all of its runs."""

    __slots__ = ("fields",)

    def __init__(self, fields: Fields, *args: Any) -> None:
        super().__init__(*args)
        self.fields = fields


def define_script(source: Document, builder: Builder) -> ScriptDefinition:
    """Make a script ready to run; raise InvalidError."""
    node = node_of(source, builder)
    document = read(node, ScriptDocument, f"script.{source.id}")
    check_limits(node, document)
    if "sequence" not in node:
        raise invalid(mark_of(node), "a script needs 'sequence': what it does")
    fields = read_fields(node.get("fields"), node, str(source.id))
    block = builder.block(node.get("sequence"), node, "sequence", "sequence")
    variables = variables_of(node, builder)
    return ScriptDefinition(
        fields, source, document, (), (), block, variables, {}, builder.references, builder.watching
    )

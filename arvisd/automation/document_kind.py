"""What tells automations from scripts where they are loaded; everything else is one mechanism for both."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from arvisd.automation.definition import Define, define_automation, object_id
from arvisd.automation.schema import Document, Section, read_section

if TYPE_CHECKING:
    from arvisd.automation.entry import Entry


def _nothing(_: Entry) -> None:
    pass


class DocumentKind:
    """One kind of document."""

    __slots__ = ("define", "domain", "id_of", "loaded", "name_of", "read", "removed")

    def __init__(
        self,
        domain: str,
        read: Callable[[Any], Section],
        define: Define,
        name_of: Callable[[Document, Callable[[str], bool]], str],
        id_of: Callable[[Document, str], str],
        loaded: Callable[[Entry], object] = _nothing,
        removed: Callable[[Entry], object] = _nothing,
    ) -> None:
        """Describe a kind.

        Args:
            domain: first part of the entities' ids.
            read: takes its section apart.
            define: makes a document ready to run.
            name_of: second part of an entity's id, from the document and a function that tells which are taken.
            id_of: what names it in topics and traces, from the document and the second part of its entity's id.
            loaded: told when a version of a document is in force, or would be and is invalid.
            removed: told when a document is gone.
        """
        self.domain = domain
        self.read = read
        self.define = define
        self.name_of = name_of
        self.id_of = id_of
        self.loaded = loaded
        self.removed = removed


AUTOMATIONS = DocumentKind(
    "automation", read_section, define_automation, object_id, lambda document, name: document.id or name
)

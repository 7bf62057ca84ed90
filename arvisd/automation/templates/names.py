"""What can be said of a template's names before it runs: filters, tests and functions that cannot exist."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from jinja2 import nodes

from arvisd.automation.errors import TemplateError
from arvisd.config.problems import did_you_mean

GIVEN = frozenset({"loop", "caller", "varargs", "kwargs", "self", "super"})
"""Names that Jinja itself gives to a template."""


def check_names(parsed: nodes.Template, filters: Collection[str], tests: Collection[str]) -> None:
    """Raise TemplateError for a filter or a test that does not exist: Jinja could not compile it."""
    for kind, word, table in ((nodes.Filter, "filter", filters), (nodes.Test, "test", tests)):
        for node in parsed.find_all(kind):
            if node.name not in table:
                raise TemplateError(f"there is no {word} {node.name!r}{did_you_mean(node.name, table)}")


def unknown_functions(
    parsed: nodes.Template, functions: Collection[str], filters: Collection[str]
) -> Iterator[tuple[int, str]]:
    """Yield line and words for each function that is called and cannot exist.

    Variables of a run hold data, which cannot be called: so a name that is called is a function, or something that
    the template itself defines. Of other names nothing is said: whoever starts a run may hand it any variable.
    """
    called: dict[str, int] = {}
    for call in parsed.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name not in functions and call.node.name not in GIVEN:
            called.setdefault(call.node.name, call.lineno)
    if not called:
        return
    own = _defined(parsed)
    for name, line in called.items():
        if name in own:
            continue
        if name in filters:
            yield line, f"there is no function {name!r}: it is a filter, as in '{{{{ value | {name} }}}}'"
        else:
            yield line, f"there is no function {name!r}{did_you_mean(name, functions)}"


def _defined(parsed: nodes.Template) -> set[str]:
    """Return every name that the template sets somewhere."""
    names = {node.name for node in parsed.find_all(nodes.Name) if node.ctx != "load"}
    names |= {node.name for node in parsed.find_all(nodes.Macro)}
    names |= {node.target for node in parsed.find_all(nodes.Import)}
    for node in parsed.find_all(nodes.FromImport):
        names |= {name if isinstance(name, str) else name[1] for name in node.names}
    return names

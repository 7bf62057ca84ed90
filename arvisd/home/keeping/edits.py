"""What is written into the section `home:`: one function for each thing that people change."""

from __future__ import annotations

import re
from typing import Any

from arvisd.home.settings import Area, Exposure

_ODD = re.compile(r"(?i)(y|n|yes|no|on|off|true|false|null|~|[-+.\d][\d_.:,eE+-]*|0[xo].*)?")
"""Words that some readers of YAML take for a truth value or a number: they are quoted."""

_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def name(section: Any, part: str, id_: str, text: str, language: str = "") -> None:
    """Give something a name, in one language or for all of them."""
    entry = _entry(section, part, id_)
    if not language:
        _set(entry, "name", _text(text))
        return
    names = entry.get("names")
    if not isinstance(names, dict):
        names = _flow()
        names[language] = _text(text)
        _set(entry, "names", names)
    else:
        names[language] = _text(text)


def alias(section: Any, part: str, id_: str, text: str, *, remove: bool = False) -> None:
    """Add a further name, or take it away."""
    entry = _entry(section, part, id_)
    aliases = entry.get("aliases")
    if not isinstance(aliases, list):
        if remove:
            return
        aliases = _flow_list()
        aliases.append(_text(text))
        _set(entry, "aliases", aliases)
        return
    here = [index for index, known in enumerate(aliases) if str(known).casefold() == text.casefold()]
    if remove:
        for index in reversed(here):
            del aliases[index]
        if not aliases:
            del entry["aliases"]
    elif not here:
        aliases.append(_text(text))


def place(section: Any, part: str, id_: str, area: str | None) -> None:
    """Put an entity or a device into an area; None: it goes back to where it says that it is."""
    entry = _entry(section, part, id_)
    if area is not None:
        _set(entry, "area", area)
    else:
        entry.pop("area", None)


def expose(section: Any, entity_id: str, given: bool | Exposure) -> None:
    """Say whether and where an entity can be spoken of."""
    entry = _entry(section, "entities", entity_id)
    if isinstance(given, bool):
        _set(entry, "expose", given)
        return
    where = _flow()
    sites = _flow_list()
    sites.extend(_text(site) for site in given.sites or given.except_)
    where["sites" if given.sites else "except"] = sites
    _set(entry, "expose", where)


def add_area(section: Any, id_: str, text: str, language: str = "", floor: str | None = None) -> None:
    """Add an area with its name."""
    if not language and _CYRILLIC.search(text):
        language = "ru"
    name(section, "areas", id_, text, language)
    if floor is not None:
        _set(_entry(section, "areas", id_), "floor", floor)


def take_area(section: Any, area: Area) -> None:
    """Write an area as somebody suggests it, with all of its names."""
    if area.name or not area.names:
        add_area(section, area.id, area.name or area.id.replace("_", " "))
    for language, text in area.names.items():
        name(section, "areas", area.id, text, language)
    for text in area.aliases:
        alias(section, "areas", area.id, text)


def _entry(section: Any, part: str, id_: str) -> Any:
    """Return the mapping of one thing, added at the end of its list where it is not there yet."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    items = section.get(part)
    if items is None:
        items = CommentedSeq()
        section[part] = items
    for item in items:
        if isinstance(item, dict) and str(item.get("id")) == id_:
            return item
    if isinstance(items, CommentedSeq) and not items and items.fa.flow_style():
        items.fa.set_block_style()
    entry = CommentedMap()
    entry["id"] = _text(id_)
    items.append(entry)
    return entry


def _set(entry: Any, key: str, value: Any) -> None:
    """Set a key of an entry; blank lines and comments behind the entry stay behind it.

    What follows a mapping hangs on its last key (ruamel.yaml), so a new one goes before that.
    """
    if key in entry or not entry:
        entry[key] = value
    elif len(entry) > 1:
        entry.insert(len(entry) - 1, key, value)
    else:
        (first,) = entry
        _move_what_follows(entry, first, key)
        entry[key] = value


def _move_what_follows(entry: Any, first: str, key: str) -> None:
    """Hang blank lines and comments behind an entry on its new last key; a comment on the first key's line stays."""
    from ruamel.yaml.tokens import CommentToken

    hung = entry.ca.items.get(first)
    if not hung or hung[2] is None:
        return
    token = hung[2]
    here, _, behind = token.value.partition("\n")
    if not behind:
        return
    entry.ca.items[key] = [None, None, CommentToken(f"\n{behind}", token.start_mark, None), None]
    if here:
        token.value = f"{here}\n"
    else:
        del entry.ca.items[first]


def _text(text: str) -> Any:
    """Return a text as it is written: in quotes where it could be read as something else."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    return DoubleQuotedScalarString(text) if _ODD.fullmatch(text) else text


def _flow() -> Any:
    """Return a mapping written on one line."""
    from ruamel.yaml.comments import CommentedMap

    made = CommentedMap()
    made.fa.set_flow_style()
    return made


def _flow_list() -> Any:
    from ruamel.yaml.comments import CommentedSeq

    made = CommentedSeq()
    made.fa.set_flow_style()
    return made

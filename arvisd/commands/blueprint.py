"""`arvisd blueprint`: which blueprints there are and who uses them, and fetching one from a file or an address."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from arvisd.automation.blueprints.importing import import_blueprint
from arvisd.automation.blueprints.shelf import Shelf
from arvisd.automation.blueprints.snippet import InputSummary, snippet, summary
from arvisd.automation.blueprints.sources import find_blueprint
from arvisd.automation.schema import Document, read_section
from arvisd.automation.scripts.document import read_scripts
from arvisd.commands.connection import say, show
from arvisd.config import load
from arvisd.config.files import name_in
from arvisd.config.folders import config_folder
from arvisd.core.errors import ArvisError

WHERE = {"automation": "your automations", "script": "your scripts"}


class Listed(msgspec.Struct, frozen=True):
    """One blueprint, as `--json` prints it."""

    path: str
    """What `use_blueprint` names."""
    name: str
    domain: str
    file: str
    used_by: list[str]
    """Names of the automations and scripts."""
    source_url: str | None
    inputs: list[InputSummary]
    problems: list[str]


class Import(msgspec.Struct, frozen=True):
    """What came of an import, as `--json` prints it."""

    path: str
    name: str
    domain: str
    file: str
    written: bool
    """False: the very same file was there."""
    inputs: list[InputSummary]
    problems: list[str]
    snippet: str
    """What to write next."""


def run(options: argparse.Namespace) -> int:
    """List, or import one."""
    if options.what == "list":
        if options.source is not None:
            raise ArvisError("'arvisd blueprint list' takes nothing more; did you mean 'arvisd blueprint import'?")
        return _list(config_folder(), json=options.json)
    if options.source is None:
        raise ArvisError("import what? Give a file, or the address of a blueprint: arvisd blueprint import FILE|URL")
    return _import(options.source, config_folder(), force=options.force, json=options.json)


def _import(source: str, folder: Path, *, force: bool, json: bool) -> int:
    done = import_blueprint(find_blueprint(source), folder, force=force)
    header = done.blueprint.header
    assert header is not None
    result = Import(
        done.path,
        header.name,
        header.domain,
        str(done.file),
        done.written,
        summary(done.blueprint),
        [str(problem) for problem in done.blueprint.problems],
        snippet(done.blueprint, done.path),
    )
    if json:
        show(result, json=True)
        return 0
    for problem in result.problems:
        say(problem)
    say(f"{done.file}: {'written' if done.written else 'is there already, the very same'}")
    say(f"Now write this to {WHERE[header.domain]}, with your own values:")
    print(result.snippet, end="")
    return 0


def _list(folder: Path, *, json: bool) -> int:
    shelf = Shelf(folder)
    users = _users(folder)
    found = []
    for domain, path, file in shelf.all():
        blueprint = shelf.get(domain, path)
        assert blueprint is not None
        header = blueprint.header
        found.append(
            Listed(
                path,
                header.name if header else "",
                domain,
                name_in(folder, file),
                users.pop((domain, path), []),
                header.source_url if header else None,
                summary(blueprint),
                [str(problem) for problem in blueprint.problems],
            )
        )
    missing = [
        Listed(path, "", domain, "", names, None, [], ["the file is not there"])
        for (domain, path), names in users.items()
    ]
    found += missing
    if json:
        show(found, json=True)
        return 0
    if not found:
        say("there are no blueprints: arvisd blueprint import FILE|URL")
        return 0
    width = max(len(one.path) for one in found)
    for one in found:
        used = f"used by {', '.join(one.used_by)}" if one.used_by else "not used"
        print(f"{one.domain:10}  {one.path:{width}}  {one.name or '?'}; {used}")
        for problem in one.problems:
            print(f"{'':10}  {problem}")
    return 0


def _users(folder: Path) -> dict[tuple[str, str], list[str]]:
    """Return who uses each blueprint."""
    users: dict[tuple[str, str], list[str]] = {}
    for document in _documents(folder):
        use: Any = document.node.get("use_blueprint")
        path = use.get("path") if isinstance(use, dict) else None
        if isinstance(path, str):
            users.setdefault((document.domain, path), []).append(document.label)
    return users


def _documents(folder: Path) -> Iterator[Document]:
    tree = load(folder).tree
    yield from read_section(tree.get("automation")).documents
    yield from read_scripts(tree.get("script")).documents

"""`arvisd models`: which models there are, fetching them, and checking what was fetched."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from arvisd.commands.connection import say, show
from arvisd.config.folders import config_folder, data_folder
from arvisd.config.settings import ModelsSettings
from arvisd.configuration import Configuration
from arvisd.core.errors import ArvisError
from arvisd.integrations.discovery import discover
from arvisd.providers.models.catalogue import Model
from arvisd.providers.models.download import Progress, pull
from arvisd.providers.models.finder import ModelFinder
from arvisd.providers.models.verify import verify


class Listed(msgspec.Struct, frozen=True):
    """One model, as `--json` prints it."""

    name: str
    title: str
    capability: str
    languages: tuple[str, ...]
    megabytes: int
    licence: str
    path: str | None
    """Where it is; None: not on this machine."""
    can_be_pulled: bool


def model_finder() -> ModelFinder:
    """Return the finder that the daemon uses too."""
    configuration = Configuration(config_folder())
    configuration.read(discover(configuration.folder))
    return ModelFinder(configuration.section("models", ModelsSettings).path, data_folder())


def run(options: argparse.Namespace) -> int:
    """List, pull or verify."""
    finder = model_finder()
    for name in options.names:
        finder.catalogue[name]  # an unknown name is refused before anything is fetched
    if options.what == "list":
        return _list(finder, options.names, json=options.json)
    if options.what == "verify":
        return _verify(finder, options.names, json=options.json)
    if not options.names:
        raise ArvisError("which model? 'arvisd models list' names them")
    return asyncio.run(_pull(finder, options.names))


def _listed(model: Model, place: Path | None) -> Listed:
    return Listed(
        model.id,
        model.title,
        model.capability,
        model.languages,
        model.megabytes,
        model.licence,
        str(place) if place else None,
        bool(model.files),
    )


def _list(finder: ModelFinder, names: list[str], *, json: bool) -> int:
    listed = [_listed(m, finder.find(m.id)) for m in finder.catalogue.values() if not names or m.id in names]
    if json:
        show(listed, json=True)
        return 0
    width = max(len(one.name) for one in listed)
    for one in listed:
        size = f"{one.megabytes} MB" if one.megabytes else ""
        state = "here" if one.path else ("" if one.can_be_pulled else "put it into models.path yourself")
        print(f"{one.name:{width}}  {one.capability:4} {','.join(one.languages):5} {size:>7}  {one.licence:22} {state}")
    return 0


def _verify(finder: ModelFinder, names: list[str], *, json: bool) -> int:
    wanted = names or [name for name in finder.catalogue if finder.find(name)]
    verdicts = []
    for name in wanted:
        place = finder.find(name)
        if place is None:
            raise ArvisError(f"{name} is not on this machine: arvisd models pull {name}")
        verdicts.append(verify(finder.catalogue[name], place))
    if json:
        show(verdicts, json=True)
    else:
        for verdict in verdicts:
            print(f"{verdict.model}: {'whole' if verdict.ok else 'DAMAGED'} (compared with {verdict.basis})")
            for problem in verdict.problems:
                print(f"  {problem}")
        if not verdicts:
            say("no models are on this machine")
    return 0 if all(verdict.ok for verdict in verdicts) else 1


async def _pull(finder: ModelFinder, names: list[str]) -> int:
    for name in names:
        model = finder.catalogue[name]
        say(f"{model.title}: licence {model.licence}; about {model.megabytes} MB")
        if not model.verified:
            say("no checksum of it is published: what comes is compared by its size only")
        place = await pull(model, finder.target, _progress_bar())
        say("")
        print(place)
    return 0


def _progress_bar() -> Callable[[Progress], None]:
    """Return a function that draws progress: one moving line on a terminal, a line each tenth elsewhere."""
    terminal = sys.stderr.isatty()
    last = -1

    def draw(progress: Progress) -> None:
        nonlocal last
        if progress.total is None:
            step, text = progress.done // 10_000_000, f"{progress.done / 1e6:.1f} MB"
        else:
            share = progress.done / max(1, progress.total)
            step, text = int(share * (1000 if terminal else 10)), f"{share:6.1%} of {progress.total / 1e6:.1f} MB"
        if step == last:
            return
        last = step
        print(f"{progress.file}: {text}", end="\r" if terminal else "\n", file=sys.stderr, flush=True)

    return draw

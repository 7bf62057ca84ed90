"""`arvisd doctor`: what works on this machine, what does not, and the command that mends it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Iterator
from typing import Literal

import msgspec

from arvisd.commands.connection import remote, show
from arvisd.config import errors_in
from arvisd.config.folders import config_folder, data_folder
from arvisd.config.loader import MAIN
from arvisd.core.errors import ArvisError
from arvisd.core.events import ProviderHealth
from arvisd.daemon import Daemon
from arvisd.inspection import inspect
from arvisd.integrations.discovery import discover

MICROPHONE_SECONDS = 3.0
"""A sound card that has given nothing by then gives nothing."""

MARKS = {"ok": "✓", "warning": "!", "error": "✗"}


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at; `--json` prints one object each."""

    name: str
    state: Literal["ok", "warning", "error"]
    detail: str
    remedy: str = ""
    """The command that mends it, where there is one."""


def run(options: argparse.Namespace) -> int:
    """Print one line a check; return 1 when something that is needed does not work."""
    logging.disable(logging.CRITICAL)  # what the parts would log is said by the checks themselves
    checks = asyncio.run(_examine())
    for check in checks:
        if options.json:
            show(check, json=True)
        else:
            print(f"{MARKS[check.state]} {check.name}: {check.detail}")
            if check.remedy:
                print(f"    {check.remedy}")
    return 1 if any(check.state == "error" for check in checks) else 0


async def _examine() -> list[Check]:
    checks = [_python(), _configuration(), await _running()]
    daemon = Daemon(config_folder(), data_folder(), connect=False)
    async with daemon.running():
        await daemon.assist.ready.wait()
        await _load_all(daemon)
        checks += _integrations(daemon)
        checks += _providers(daemon.assist.health())
        checks += _models(daemon)
        checks += await _sound(daemon)
    return checks


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python", "ok", version)


def _configuration() -> Check:
    folder = config_folder()
    if not (folder / MAIN).exists():
        return Check("configuration", "warning", f"none in {folder} yet", "arvisd run  (writes a first one)")
    problems = inspect(folder)
    if errors_in(problems):
        return Check("configuration", "error", f"{len(errors_in(problems))} errors in {folder}", "arvisd check")
    return Check("configuration", "ok", f"{folder}" + (f", {len(problems)} warnings" if problems else ""))


async def _running() -> Check:
    try:
        async with remote():
            return Check("daemon", "ok", "runs, and answers over MQTT")
    except ArvisError as error:
        return Check("daemon", "warning", str(error), "arvisd run")


async def _load_all(daemon: Daemon) -> None:
    """Load every provider, not only the ones a chain would ask first."""
    standings = daemon.assist.chains.standings
    for provider in daemon.providers:
        try:
            await standings.load(provider)
        except ArvisError:
            continue  # its health says why


def _integrations(daemon: Daemon) -> Iterator[Check]:
    manifests = {name: found.manifest for name, found in discover(daemon.configuration.folder).items()}
    for health in daemon.integrations.health():
        name = f"integration {health.name}"
        manifest = manifests.get(health.name)
        if health.state == "running":
            note = manifest.licence_note if manifest else ""
            yield Check(name, "ok", "runs" + (f"; {note}" if note else ""))
            continue
        detail, _, command = health.detail.partition(": pip install ")
        packages = manifest.system.get("apt", []) if manifest else []
        remedy = f"pip install {command}" if command else (f"apt install {' '.join(packages)}" if packages else "")
        yield Check(name, "warning", detail, remedy)


def _providers(healths: list[ProviderHealth]) -> Iterator[Check]:
    for health in healths:
        languages = f" ({', '.join(health.languages)})" if health.languages else ""
        name = f"{health.capability} {health.name}{languages}"
        detail, _, remedy = health.detail.partition(": arvisd ")
        yield Check(name, "ok" if health.ok else "warning", detail or "works", f"arvisd {remedy}" if remedy else "")
    served = {health.capability for health in healths if health.ok}
    for capability, what in (
        ("stt", "recognition"),
        ("tts", "speech"),
        ("wake", "wake words"),
        ("vad", "end of speech"),
    ):
        if capability not in served:
            yield Check(what, "error", "nobody can do it here", "pip install 'arvisd[voice]'")


def _models(daemon: Daemon) -> Iterator[Check]:
    here = [name for name in daemon.models.catalogue if daemon.models.find(name)]
    if here:
        yield Check("models", "ok", ", ".join(here))
    else:
        yield Check("models", "warning", "none: the small built-in ones are used", "arvisd models list")


async def _sound(daemon: Daemon) -> list[Check]:
    """Wait until each microphone and speaker has said how it is."""
    checks = []
    for site in daemon.sites.all():
        if site.audio_in is None:
            continue
        entity = f"sensor.{site.id}_microphone"
        for _ in range(int(MICROPHONE_SECONDS * 10)):
            state = daemon.hub.states.get(entity)
            if state is not None and state.state == "ok":
                break
            await asyncio.sleep(0.1)
        state = daemon.hub.states.get(entity)
        ok = state is not None and state.state == "ok"
        device = state.attributes.get("device", "") if state else ""
        detail = f"hears by {device}" if ok else "no microphone that works"
        checks.append(Check(f"microphone of {site.id}", "ok" if ok else "warning", detail))
    return checks

"""`arvisd action`: do an action at the running daemon, or list what there is."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from arvisd.commands.connection import remote, say, show
from arvisd.core.actions import Target
from arvisd.core.errors import ArvisError

TARGETS = Target.__struct_fields__
"""Keys that say what an action is about."""


def run(options: argparse.Namespace) -> int:
    """Print the action's result."""
    if options.name is None:
        show(asyncio.run(_do("arvisd.actions", {}, {}, options.timeout)), json=options.json)
        return 0
    values = dict(pair(argument) for argument in options.data)
    target = {key: value for key, value in values.items() if key in TARGETS}
    data = {key: value for key, value in values.items() if key not in TARGETS}
    result = asyncio.run(_do(options.name, data, target, options.timeout))
    show(result, json=options.json)
    if not options.json and result is None:
        say(f"{options.name}: done")
    return 0


def pair(argument: str) -> tuple[str, Any]:
    """Return key and value of KEY=VALUE; the value is YAML."""
    key, equals, text = argument.partition("=")
    if not equals or not key:
        raise ArvisError(f"{argument!r} is not KEY=VALUE, as in brightness_pct=40")
    try:
        return key, YAML(typ="safe").load(text) if text else ""
    except YAMLError as error:
        raise ArvisError(f"the value in {argument!r} is not valid YAML: {str(error).splitlines()[0]}") from None


async def _do(name: str, data: dict[str, Any], target: dict[str, Any], seconds: float) -> Any:
    async with remote() as daemon:
        return await daemon.action(name, data, target, seconds)

"""`arvisd mode`: which mode the running daemon is in."""

from __future__ import annotations

import argparse
import asyncio

import msgspec

from arvisd.commands.connection import remote, show
from arvisd.core.errors import ArvisError
from arvisd.core.events import Info


def run(options: argparse.Namespace) -> int:
    """Print the mode; only `standalone` is there so far."""
    mode = asyncio.run(_mode())
    if options.mode not in (None, mode):
        raise ArvisError(f"the mode is {mode}; {options.mode} is not built yet: this version only works on the machine")
    show({"mode": mode} if options.json else mode, json=options.json)
    return 0


async def _mode() -> str:
    async with remote() as daemon, daemon.listening(daemon.topics.info) as messages:
        try:
            async with asyncio.timeout(5):
                return msgspec.json.decode((await messages.get()).payload, type=Info).mode
        except TimeoutError:
            raise ArvisError(f"the daemon says nothing on {daemon.topics.info}: look at its log") from None

"""`arvisd say`: have the running daemon speak."""

from __future__ import annotations

import argparse
import asyncio

from arvisd.commands.connection import remote, show


def run(options: argparse.Namespace) -> int:
    """Return when it was spoken."""
    data = {"message": " ".join(options.text), "language": options.language, "site": options.site}
    result = asyncio.run(_say({key: value for key, value in data.items() if value}, options.timeout))
    if options.json:
        show(result, json=True)
    return 0


async def _say(data: dict[str, str], seconds: float) -> object:
    async with remote() as daemon:
        return await daemon.action("tts.speak", data, timeout=seconds)

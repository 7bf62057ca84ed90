"""`arvisd listen FILE.wav`: one voice turn from a recording, without a daemon and without devices."""

from __future__ import annotations

import argparse
import asyncio

from arvisd.assist.offline import Outcome, listen
from arvisd.assist.settings import AssistSettings
from arvisd.audio.wav import read_wav
from arvisd.commands.ask import report
from arvisd.config.folders import config_folder, data_folder
from arvisd.daemon import Daemon


def run(options: argparse.Namespace) -> int:
    """Print what was heard and the reply; return 1 when it was not understood or not done."""
    outcome = asyncio.run(_listen(read_wav(options.file), options.language))
    return report(outcome, json=options.json)


async def _listen(pcm: bytes, language: str) -> Outcome:
    daemon = Daemon(config_folder(), data_folder(), connect=False, without=("microphone",), log_level="critical")
    async with daemon.running():
        settings = daemon.configuration.section("assist", AssistSettings)
        language = language or daemon.hub.language
        await daemon.understanding.languages.get(language)  # the names of the house, for the recogniser
        return await listen(pcm, language, daemon.hub, daemon.assist.chains, daemon.understanding.chain, settings)

"""`arvisd ask`: a typed turn, at the running daemon or, with `--once`, without one."""

from __future__ import annotations

import argparse
import asyncio

import msgspec

from arvisd.assist.offline import Outcome
from arvisd.commands.connection import remote, say, show
from arvisd.config.folders import config_folder, data_folder
from arvisd.core.bus import Message
from arvisd.core.errors import ArvisError
from arvisd.core.ids import new_id
from arvisd.core.sites import TextInput, TurnTrace

SITE = "cli"
"""Site under which the command line speaks."""


def run(options: argparse.Namespace) -> int:
    """Print the reply; return 1 when it was not understood or not done."""
    text = " ".join(options.text)
    if options.once:
        turn = asyncio.run(_once(text, options.language))
    else:
        turn = asyncio.run(_ask(text, options.language, options.timeout))
    outcome = Outcome(turn.text, turn.intent, turn.slots, turn.reply, turn.actions, turn.stages_ms)
    code = report(outcome, json=options.json)
    return code if turn.outcome == "answered" else 1


def report(outcome: Outcome, *, json: bool) -> int:
    """Print what became of a turn and return the exit code."""
    if json:
        show(outcome, json=True)
    else:
        show(outcome.reply or "(no answer)", json=False)
        slots = "".join(f" {name}={value}" for name, value in outcome.slots.items())
        took = sum(ms for name, ms in outcome.stages_ms.items() if name != "total")
        say(f"{outcome.text!r}: {outcome.intent or 'not understood'}{slots}, {took:.0f} ms")
    return 0 if outcome.intent else 1


async def _ask(text: str, language: str, seconds: float) -> TurnTrace:
    session = f"cli-{new_id()}"
    async with remote() as daemon, daemon.listening(daemon.topics.site(SITE, "turn")) as turns:
        await daemon.publish(daemon.topics.site(SITE, "text"), TextInput(text, language, session))
        try:
            async with asyncio.timeout(seconds):
                while True:
                    turn = msgspec.json.decode((await turns.get()).payload, type=TurnTrace)
                    if turn.session == session:
                        return turn
        except TimeoutError:
            raise ArvisError(f"no answer within {seconds:g} s: try --timeout, or look at the daemon's log") from None


async def _once(text: str, language: str) -> TurnTrace:
    # the whole daemon is imported only here: a question to a running one needs little of it
    from arvisd.core.owner import Owner
    from arvisd.daemon import Daemon

    daemon = Daemon(config_folder(), data_folder(), connect=False, without=("microphone",), log_level="critical")
    async with daemon.running(), Owner("ask") as owner:
        hub = daemon.hub
        finished: asyncio.Future[TurnTrace] = asyncio.get_running_loop().create_future()

        def finish(message: Message) -> None:
            if not finished.done():
                finished.set_result(message.decode(TurnTrace))

        hub.bus.subscribe(hub.topics.site(SITE, "turn"), finish, owner)
        hub.bus.publish(hub.topics.site(SITE, "text"), TextInput(text, language))
        return await finished

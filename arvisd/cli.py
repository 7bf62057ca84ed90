"""The command line: names, options and help; each command's body is loaded only when it is called."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from arvisd import __version__
from arvisd.commands.home_options import add_home
from arvisd.core.errors import ArvisError

EPILOG = """\
With the daemon running, in another terminal:
  arvisd ask "turn on the kitchen light"
  arvisd ask "включи свет на кухне"
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="arvisd",
        description="A voice daemon: rooms, phone lines and chats in; intents on MQTT, automations and answers out.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"arvisd {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, summary: str, *, json: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        sub.add_argument(
            "--config", metavar="DIR", type=Path, help="the configuration folder (default: $ARVISD_CONFIG, else yours)"
        )
        if json:
            sub.add_argument("--json", action="store_true", help="print machine-readable output")
        return sub

    run = command("run", "start the daemon and stay", json=False)
    run.add_argument("--log-level", choices=["debug", "info", "warning", "error"], help="overrides the configuration")

    check = command("check", "check the configuration; exit 1 when it has errors")
    check.add_argument("--all", action="store_true", help="show every problem, though many are alike")
    command("doctor", "say what works here, what does not, and the command that mends it")

    ask = command("ask", "ask as if you had typed it in a chat")
    ask.add_argument("text", nargs="+")
    ask.add_argument("--language", default="", help="en or ru (default: told from the letters)")
    ask.add_argument("--once", action="store_true", help="answer without a running daemon")
    ask.add_argument("--timeout", type=float, default=15.0, metavar="SECONDS")

    say = command("say", "speak a text at a site")
    say.add_argument("text", nargs="+")
    say.add_argument("--language", default="")
    say.add_argument("--site", default="", help="where (default: the first site that can speak)")
    say.add_argument("--timeout", type=float, default=60.0, metavar="SECONDS")

    listen = command("listen", "take one voice turn from a sound file, without a daemon")
    listen.add_argument("file", type=Path, metavar="FILE.wav")
    listen.add_argument("--language", default="", help="en or ru (default: the configuration's)")

    action = command("action", "do an action: light.turn_on entity_id=light.kitchen brightness_pct=40")
    action.add_argument("name", metavar="DOMAIN.NAME", nargs="?", help="none: list the actions of the running daemon")
    action.add_argument("data", nargs="*", metavar="KEY=VALUE", help="the value is YAML: text, number, [a, b]")
    action.add_argument("--timeout", type=float, default=15.0, metavar="SECONDS")

    automation = command("automation", "the automations: list them, run one, see what its runs did", json=False)
    parts = automation.add_subparsers(dest="what", metavar="WHAT", required=True)

    def part(name: str, summary: str) -> argparse.ArgumentParser:
        sub = parts.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        sub.add_argument("--config", metavar="DIR", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        sub.add_argument("--json", action="store_true", help="print machine-readable output")
        return sub

    part("list", "state, mode, last run, next run and place of each")
    trigger = part("trigger", "run one now and say how it ended")
    trigger.add_argument("id", metavar="ID", help="its id, entity id or alias")
    trigger.add_argument(
        "variables", nargs="*", metavar="KEY=VALUE", help="variables of the run, before any option; the value is YAML"
    )
    asked = trigger.add_mutually_exclusive_group()
    asked.add_argument("--conditions", action="store_true", help="run only where its conditions are met")
    asked.add_argument("--skip-condition", action="store_true", help="run without asking them (the default)")
    trigger.add_argument(
        "--wait",
        type=float,
        default=10.0,
        metavar="SECONDS",
        help="how long to wait for the end of the run (default: 10)",
    )
    trace = part("trace", "what its last run did, node by node")
    trace.add_argument("id", metavar="ID", help="its id, entity id or alias")
    which = trace.add_mutually_exclusive_group()
    which.add_argument("--run", metavar="RUN", default="", help="this run; the end of its id will do")
    which.add_argument("--last", type=int, default=1, metavar="N", help="the last N runs (default: 1)")
    which.add_argument("--all", action="store_true", help="all that is kept, what did not become a run too")

    test = part(
        "test", "try automations without a daemon: given states, what happens, what is expected; nothing is sent"
    )
    test.add_argument(
        "paths", nargs="+", metavar="FILE|DIR", type=Path, help="a test file, or a folder with *.test.yaml in it"
    )
    test.add_argument(
        "--verbose", action="store_true", help="the traces of all tests, and all automations without a test"
    )

    why = command("why", "say why something is as it is: what set it, and what that came from")
    why.add_argument("entity", metavar="ENTITY", help="light.kitchen; an automation by its id, entity id or alias")

    add_home(command("home", "the house: its devices, their names and places; devices that never answer", json=False))

    blueprint = command("blueprint", "the blueprints that automations and scripts are made of")
    blueprint.add_argument("what", choices=["list", "import"])
    blueprint.add_argument("source", metavar="FILE|URL", nargs="?", help="a file, or the page it is shown on")
    blueprint.add_argument("--force", action="store_true", help="replace what is there under its name")

    sentences = command("sentences", "test what sentences mean: those of home-assistant-intents, and your own")
    sentences.add_argument("what", choices=["test"])
    sentences.add_argument("folder", type=Path, metavar="DIR", help="files of tests, with their _fixtures.yaml")
    sentences.add_argument("--language", default="", help="only this one (default: all that there are)")
    sentences.add_argument("--verbose", action="store_true", help="print each file")
    sentences.add_argument(
        "--installed",
        action="store_true",
        help="read them with the sentences that are installed, even where those of their own release lie beside them",
    )

    mode = command("mode", "print the mode, or switch it")
    mode.add_argument("mode", nargs="?", choices=["standalone", "hybrid", "cloud"])

    models = command("models", "the models of speech and language")
    models.add_argument("what", choices=["list", "pull", "verify"])
    models.add_argument("names", nargs="*", metavar="NAME")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 it failed, 2 the call is wrong, 130 interrupted."""
    options = build_parser().parse_args(arguments)
    if options.config is not None:
        os.environ["ARVISD_CONFIG"] = str(options.config)
    # a command prints its result and its error; only the daemon has a log
    logging.getLogger().setLevel(logging.CRITICAL)
    try:
        # the daemon's imports take half a second, in which somebody may press Ctrl-C too
        body: Callable[[argparse.Namespace], int] = importlib.import_module(f"arvisd.commands.{options.command}").run
        return body(options)
    except ArvisError as error:
        print(f"arvisd: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # whoever read our output has had enough; Python would complain once more on closing it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())

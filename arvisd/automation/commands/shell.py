"""Section `shell_command`: programs that automations run, where the house's owner allows that."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shlex
import signal
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from arvisd.automation.commands.kind import AnyData, CommandItem, CommandKind, CommandPlace, House, variables_of
from arvisd.automation.errors import TemplateError
from arvisd.automation.reading import invalid
from arvisd.automation.templates.template import Template, is_template
from arvisd.config.document import Broken
from arvisd.config.nodes import key_mark_of, kind_of, mark_of
from arvisd.config.problems import Problem, error, warning
from arvisd.core.actions import Action, ActionCall
from arvisd.core.errors import ActionFailedError

_LOGGER = logging.getLogger("arvisd.automation")

SECTION = "shell_command"
SECONDS = 60.0
"""After this a program is stopped, as in Home Assistant."""
MOST_OUTPUT = 64 * 1024
"""Bytes of either output that are given back; the rest is read and dropped, so that the program can go on."""
ALLOW = "'allow_shell_commands: true' under 'arvisd:' allows programs"
OBJECT_ID = re.compile(r"[a-z0-9_]+")
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_OPERATOR = re.compile(r"[|<>;&`]|\$[({a-zA-Z]")


class ShellCommand:
    """One program with its arguments."""

    def __init__(self, place: CommandPlace, text: str, arguments: Template | None) -> None:
        self._place = place
        self._text = text
        self._arguments = arguments
        """What follows the program, where that holds templates: then no shell sees it."""

    async def __call__(self, call: ActionCall) -> dict[str, Any]:
        """Run it; return `{stdout, stderr, returncode}`."""
        name = self._place.action
        if not self._place.house.programs:
            raise ActionFailedError(f"{name} is not run: only {ALLOW}")
        process = await self._start(variables_of(call))
        assert process.stdout is not None
        assert process.stderr is not None
        outputs = asyncio.gather(_head(process.stdout), _head(process.stderr), process.wait())
        try:
            out, err, code = await self._place.hub.clock.wait_for(outputs, SECONDS)
        except TimeoutError:
            raise ActionFailedError(f"{name} took longer than {SECONDS:.0f} s and was stopped") from None
        finally:
            outputs.cancel()
            await _stop(process)
        if code:
            _LOGGER.warning("%s ended with %d: %s", name, code, (err or out)[:500])
        return {"stdout": out, "stderr": err, "returncode": code}

    async def _start(self, variables: dict[str, Any]) -> asyncio.subprocess.Process:
        pipes: dict[str, Any] = {
            "stdin": asyncio.subprocess.DEVNULL,
            "stdout": asyncio.subprocess.PIPE,
            "stderr": asyncio.subprocess.PIPE,
            "cwd": self._place.house.folder,
            "start_new_session": True,
        }
        name = self._place.action
        if self._arguments is None:
            return await asyncio.create_subprocess_shell(self._text, **pipes)
        program = self._text.split(maxsplit=1)[0]
        try:
            words = shlex.split(self._arguments.render(variables))
        except TemplateError as failure:
            raise ActionFailedError(f"{name}: {failure}") from failure
        except ValueError as failure:
            raise ActionFailedError(f"{name}: its arguments cannot be told apart: {failure}") from None
        try:
            return await asyncio.create_subprocess_exec(program, *words, **pipes)
        except OSError as failure:
            raise ActionFailedError(f"{name}: {program!r} cannot be run: {failure.strerror}") from None


async def _head(stream: asyncio.StreamReader) -> str:
    """Return the beginning of an output as text; the rest is read and dropped."""
    kept = bytearray()
    while chunk := await stream.read(MOST_OUTPUT):
        kept += chunk[: MOST_OUTPUT - len(kept)]
    return kept.decode("utf-8", "replace").strip()


async def _stop(process: asyncio.subprocess.Process) -> None:
    """End a program that goes on, and all that it has started."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def read(node: Any, container: Any, problems: list[Problem]) -> Iterable[CommandItem]:
    """Give the items of the section."""
    if node is None or isinstance(node, Broken):
        return
    if not isinstance(node, dict):
        text = f"{SECTION}: expected names and commands, as in 'sync: rsync a b', got {kind_of(node)}"
        problems.append(error(mark_of(container, SECTION), text))
        return
    for name, text in node.items():
        if OBJECT_ID.fullmatch(str(name)) is None:
            problems.append(
                error(key_mark_of(node, name), f"{SECTION}: {name!r} is no name, which is of a–z, 0–9 and _")
            )
        elif not isinstance(text, Broken):
            yield CommandItem(str(name), text, node, name)


def make(place: CommandPlace) -> Action:
    """Make the action of one command."""
    item = place.item
    text = item.node
    mark = mark_of(item.container, item.key)
    if not isinstance(text, str) or not text.strip():
        raise invalid(mark, f"{place.action}: expected a command as text, got {kind_of(text)}")
    arguments: Template | None = None
    if is_template(text):
        program, _, rest = text.strip().partition(" ")
        if is_template(program):
            raise invalid(mark, f"{place.action}: the program itself cannot be a template, only its arguments")
        place.builder.template(text, item.container, item.key)  # for problems with their places
        arguments = Template(place.builder.library.templates, rest, item.container, item.key)
        if operator := _OPERATOR.search(_TEMPLATE.sub("", rest)):
            text_of = f"{place.action}: with a template in it no shell reads the command: {operator.group()!r} goes to"
            place.warnings.append(warning(mark, f"{text_of} the program as it stands"))
    return Action(
        place.action,
        AnyData,
        f"Runs the program {text.split()[0]}.",
        ShellCommand(place, text, arguments),
        takes_more=True,
    )


def notice(items: list[CommandItem], house: House) -> Problem | None:
    """Say once that programs are not run."""
    if house.programs or not items:
        return None
    return warning(items[0].mark, f"the programs under '{SECTION}' are not run: only {ALLOW}")


KIND = CommandKind(SECTION, read, make, notice)

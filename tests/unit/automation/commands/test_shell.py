"""Programs: only where they are allowed, never by a shell where a template is in them, bounded in time and output."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from arvisd.core.errors import ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from tests.simulators.clock import FakeClock
from tests.simulators.command_rig import CommandRig

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a shell of Unix")


async def test_off_by_default(rig: CommandRig) -> None:
    problems = rig.load("shell_command: {touch: touch made}")
    allowed = "only 'allow_shell_commands: true' under 'arvisd:' allows programs"
    assert problems == [f"configuration.yaml:1:17: warning: the programs under 'shell_command' are not run: {allowed}"]
    with pytest.raises(ActionFailedError) as caught:
        await rig.do("shell_command.touch")
    assert str(caught.value) == f"shell_command.touch is not run: {allowed}"
    assert not (rig.folder / "made").exists()


RUN = [
    ("echo one; echo two >&2; exit 3", {}, {"stdout": "one", "stderr": "two", "returncode": 3}),
    ("pwd", {}, {"stdout": "{folder}", "stderr": "", "returncode": 0}),
    ("echo {{ word }}", {"word": "a b"}, {"stdout": "a b", "stderr": "", "returncode": 0}),
    ("echo '{{ word }}' x", {"word": "a b"}, {"stdout": "a b x", "stderr": "", "returncode": 0}),
    ("echo {{ word }}", {"word": "$(touch made); touch made `touch made` > made | touch made"},
     {"stdout": "$(touch made); touch made `touch made` > made | touch made", "stderr": "", "returncode": 0}),
    ("cat", {}, {"stdout": "", "stderr": "", "returncode": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("command", "data", "answer"), RUN)
async def test_run(rig: CommandRig, command: str, data: dict[str, Any], answer: dict[str, Any]) -> None:
    text = command.replace('"', '\\"')
    rig.load(f'shell_command: {{x: "{text}"}}', programs=True)
    given = await rig.do("shell_command.x", **data)
    expected = {
        key: value.format(folder=rig.folder) if key == "stdout" and "{folder}" in value else value
        for key, value in answer.items()
    }
    assert given == expected
    assert not (rig.folder / "made").exists()


FAULTS = [
    ("nosuchprogram {{ 1 }}", "shell_command.x: 'nosuchprogram' cannot be run: No such file or directory"),
    ("echo '{{ 1 }}", "shell_command.x: its arguments cannot be told apart: No closing quotation"),
    ("echo {{ 1 / 0 }}", "shell_command.x: configuration.yaml:1:20: template: ZeroDivisionError: division by zero"),
]


@pytest.mark.parametrize(("command", "said"), FAULTS)
async def test_faults(rig: CommandRig, command: str, said: str) -> None:
    rig.load(f'shell_command: {{x: "{command}"}}', programs=True)
    with pytest.raises(ActionFailedError) as caught:
        await rig.do("shell_command.x")
    assert str(caught.value) == said


INVALID = [
    ("{x: '{{ 1 }} a'}", "1:20: shell_command.x: the program itself cannot be a template, only its arguments"),
    ("{x: [a]}", "1:20: shell_command.x: expected a command as text, got a list"),
    ("{x: 'a {{ 1 + }}'}", "1:20: template: unexpected 'end of print statement'"),
    ("{X y: a}", "1:17: shell_command: 'X y' is no name, which is of a–z, 0–9 and _"),
    ("[a]", "1:16: shell_command: expected names and commands, as in 'sync: rsync a b', got a list"),
    ("{x: 'a {{ 1 }} | b'}", "1:20: warning: shell_command.x: with a template in it no shell reads the command: '|' goes to the program as it stands"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "said"), INVALID)
async def test_said_with_its_place(rig: CommandRig, written: str, said: str) -> None:
    assert rig.load(f"shell_command: {written}", programs=True) == [f"configuration.yaml:{said}"]


async def test_long_output_is_cut_and_the_program_goes_on(rig: CommandRig) -> None:
    rig.load("shell_command: {x: 'head -c 3000000 /dev/zero | tr \"\\\\0\" a; touch made'}", programs=True)
    answer = await rig.do("shell_command.x")
    assert answer["stdout"] == "a" * 65536
    assert (rig.folder / "made").exists()


async def test_one_that_does_not_end_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    clock = FakeClock()
    async with Owner("commands") as owner:
        rig = CommandRig(Hub(clock), owner, tmp_path)
        rig.load("shell_command: {x: 'sleep 1000 & echo $! > child; wait'}", programs=True)
        running = asyncio.ensure_future(rig.do("shell_command.x"))
        while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text().strip():
            await asyncio.sleep(0.01)
        child = int((tmp_path / "child").read_text())
        await clock.advance(60)
        with pytest.raises(ActionFailedError, match="shell_command.x took longer than 60 s and was stopped"):
            await running
    for _ in range(500):  # until its new parent has taken notice
        if _gone(child):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the child goes on")


def _gone(process: int) -> bool:
    try:
        return " Z " in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return True


async def test_allowed_by_a_reload(rig: CommandRig) -> None:
    rig.load("shell_command: {x: echo a}")
    rig.load("shell_command: {x: echo a}", programs=True)
    assert (await rig.do("shell_command.x"))["stdout"] == "a"

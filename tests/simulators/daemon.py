"""The real daemon as its user runs it: `arvisd run` in a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import Self

import pytest


class DaemonProcess:
    """`arvisd run` with a configuration folder of its own; its log is kept and shown when a test fails."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None, port: int = 1883) -> None:
        self.port = port
        """Where its broker listens, as far as the test has configured that."""
        self.config = folder / "config"
        self.data = folder / "data"
        self.config.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **os.environ,
            "ARVISD_CONFIG": str(self.config),
            "ARVISD_DATA": str(self.data),
            "PYTHONUNBUFFERED": "1",
            **(environment or {}),
        }
        self.lines: list[str] = []
        self._news = asyncio.Condition()
        self.process: asyncio.subprocess.Process

    def write(self, name: str, text: str) -> None:
        """Write a file of the configuration."""
        path = self.config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "arvisd.cli",
            "run",
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reader = asyncio.create_task(self._read(), name="daemon log")

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        print("\n".join(self.lines))

    async def stop(self) -> float:
        """Ask it to stop and return how many seconds it took; kill it when it does not."""
        began = time.monotonic()
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self.process.wait(), 15)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()
        await self._reader
        return time.monotonic() - began

    async def kill(self) -> None:
        """Kill it as the kernel does when memory is out."""
        self.process.kill()
        await self.process.wait()
        await self._reader

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            async with self._news:
                self.lines.append(line.decode(errors="replace").rstrip())
                self._news.notify_all()
        async with self._news:
            self._news.notify_all()

    async def log(self, text: str, within: float = 60.0) -> str:
        """Return the first log line that holds a text; fail with the whole log when it does not come."""

        def found() -> str | None:
            return next((line for line in self.lines if text in line), None)

        try:
            async with asyncio.timeout(within), self._news:
                await self._news.wait_for(lambda: found() is not None or self.process.returncode is not None)
        except TimeoutError:
            pass
        line = found()
        if line is None:
            pytest.fail(f"the log never said {text!r}:\n" + "\n".join(self.lines))
        return line

"""The service manager is told when the daemon is ready, alive and stopping."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from arvisd.notify import ServiceManager
from tests.simulators.clock import FakeClock


class Systemd:
    """The listening end of `$NOTIFY_SOCKET`."""

    def __init__(self, address: str) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind(address)
        self.sock.setblocking(False)

    def heard(self) -> list[str]:
        messages = []
        while True:
            try:
                messages.append(self.sock.recv(4096).decode())
            except BlockingIOError:
                return messages


@pytest.mark.parametrize("abstract", [False, True])
def test_ready_and_stopping_are_said(tmp_path: Path, abstract: bool) -> None:
    name = f"arvisd-test-{id(tmp_path)}" if abstract else str(tmp_path / "notify")
    systemd = Systemd("\0" + name if abstract else name)
    manager = ServiceManager({"NOTIFY_SOCKET": "@" + name if abstract else name})
    manager.ready("listening")
    manager.stopping()
    assert systemd.heard() == ["READY=1\nSTATUS=listening", "STOPPING=1\nSTATUS=stopping"]
    systemd.sock.close()


async def test_the_watchdog_is_fed_twice_in_each_interval(tmp_path: Path, clock: FakeClock) -> None:
    address = str(tmp_path / "notify")
    systemd = Systemd(address)
    manager = ServiceManager({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "30000000"})
    feeding = asyncio.ensure_future(manager.feed_watchdog(clock))
    await clock.advance(60)
    assert systemd.heard() == ["WATCHDOG=1"] * 5
    feeding.cancel()
    systemd.sock.close()


async def test_without_systemd_nothing_happens(clock: FakeClock) -> None:
    manager = ServiceManager({})
    manager.ready("listening")
    feeding = asyncio.ensure_future(manager.feed_watchdog(clock))
    await clock.advance(60)
    assert not feeding.done()
    feeding.cancel()


def test_a_manager_that_is_gone_is_no_reason_to_fail(tmp_path: Path) -> None:
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready("listening")

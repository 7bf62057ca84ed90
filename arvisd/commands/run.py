"""`arvisd run`: the daemon, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys

from arvisd.config.folders import config_folder, data_folder
from arvisd.core.clock import SystemClock
from arvisd.core.errors import ArvisError
from arvisd.daemon import Daemon
from arvisd.logs import set_up_logging
from arvisd.mqtt.broker import mosquitto_hint
from arvisd.notify import ServiceManager

_LOGGER = logging.getLogger("arvisd")


def run(options: argparse.Namespace) -> int:
    """Run the daemon; SIGTERM and SIGINT stop it, SIGHUP reads the configuration anew."""
    set_up_logging(options.log_level or "info")
    try:
        asyncio.run(_serve(options.log_level or ""))
    except BaseExceptionGroup as group:
        # what is said in one line needs no traceback of every part that was being started
        expected, others = group.split(ArvisError)
        if expected is None or others is not None:
            raise
        raise _first(expected) from None
    return 0


async def _serve(log_level: str) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    reload = asyncio.Event()
    _on_signal(loop, "SIGTERM", stop)
    _on_signal(loop, "SIGINT", stop)
    _on_signal(loop, "SIGHUP", reload)
    manager = ServiceManager()
    daemon = Daemon(config_folder(), data_folder(), log_level=log_level)
    async with asyncio.TaskGroup() as tasks:
        watchdog = tasks.create_task(manager.feed_watchdog(SystemClock()), name="watchdog")
        async with daemon.running():
            manager.ready("listening")
            _say_what_next(daemon)
            reloading = tasks.create_task(_reload_when_asked(daemon, reload), name="reload")
            await stop.wait()
            manager.stopping()
            reloading.cancel()
        watchdog.cancel()
    _LOGGER.info("stopped")


def _first(group: BaseExceptionGroup[ArvisError]) -> ArvisError:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


def _on_signal(loop: asyncio.AbstractEventLoop, name: str, event: asyncio.Event) -> None:
    """Set an event on a signal, where the system has it."""
    number = getattr(signal, name, None)
    if number is None:
        return
    try:
        loop.add_signal_handler(number, event.set)
    except NotImplementedError:  # Windows: no handlers on its event loop
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(event.set))


async def _reload_when_asked(daemon: Daemon, asked: asyncio.Event) -> None:
    while True:
        await asked.wait()
        asked.clear()
        await daemon.reload()


def _say_what_next(daemon: Daemon) -> None:
    """Tell a person what to type or say now; a service's log needs no such help."""
    if "NOTIFY_SOCKET" in os.environ:
        return
    address = daemon.broker_address
    # as it was called, so that the line can be copied: `.venv/bin/arvisd` in a checkout
    arvisd = sys.argv[0] if sys.argv[0].endswith("arvisd") else "arvisd"
    lines = [
        f'In another terminal:  {arvisd} ask "turn on the kitchen light"     {arvisd} ask "включи свет на кухне"',
        f"Watch it happen:      mosquitto_sub -h {address.host} -p {address.port} -v -t '{daemon.hub.topics.root}/#'",
        f"Change it:            {daemon.configuration.folder}: a file is in force as soon as it is saved",
        f"What is missing here: {arvisd} doctor",
    ]
    if daemon.sites.all():
        lines.insert(0, 'Say:                  "hey jarvis, turn on the kitchen light"')
    if (hint := mosquitto_hint()) is not None and daemon.embedded:
        lines.append(hint)
    print("\n" + "\n".join(f"  {line}" for line in lines) + "\n  Ctrl-C stops it.\n", file=sys.stderr)

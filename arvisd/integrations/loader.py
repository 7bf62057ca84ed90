"""Starts, stops and reloads integrations, each by itself: one that fails or hangs costs only itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from arvisd.api import Host
from arvisd.core.errors import ArvisError, SetupError
from arvisd.core.events import IntegrationHealth
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.integrations.discovery import Found, import_integration, missing_requirements, triggers_of

_LOGGER = logging.getLogger(__name__)

SETUP_SECONDS = 10.0
"""An integration that has not set itself up by then is said to hang and is stopped; the others have long gone on."""

STOP_SECONDS = 3.0
"""How long one may take to stop: all of them together must leave room within the service's 5 s."""

RESTART_SECONDS = (5.0, 300.0)
"""First and longest wait before an integration that failed while running is started again; doubled each time."""


class _Running:
    """One integration: its task, its state and the settings it runs on."""

    def __init__(self, found: Found, section: Any) -> None:
        self.found = found
        self.section = section
        self.settled = asyncio.Event()
        """Set once it runs or has failed: those who come after it need not wait any longer."""
        self.state = "starting"
        self.detail = ""
        self.task: asyncio.Task[None] | None = None


MakeHost = Callable[[str, Owner], Host]
Validate = Callable[[str, Any, type[msgspec.Struct]], msgspec.Struct]
"""Turns a section of the configuration into settings; raises ArvisError with file and line."""


class Integrations:
    """Every integration of the daemon, each in a supervised task of its own."""

    def __init__(self, hub: Hub, make_host: MakeHost, validate: Validate) -> None:
        self._hub = hub
        self._make_host = make_host
        self._validate = validate
        self._running: dict[str, _Running] = {}
        self._group: Owner | None = None
        self.on_change: Callable[[], object] = lambda: None
        """Called when the health of one changed."""

    def health(self) -> list[IntegrationHealth]:
        """Return how each is doing, by name."""
        return [IntegrationHealth(name, r.state, r.detail) for name, r in sorted(self._running.items())]

    async def apply(self, found: Mapping[str, Found], sections: Mapping[str, Any], owner: Owner) -> None:
        """Make what runs fit the configuration: only those whose settings or code changed are touched.

        Args:
            found: every integration there is.
            sections: the configuration's top-level keys; `false` or `{enabled: false}` keeps one off.
            owner: the daemon's; runs the tasks.
        """
        self._group = owner
        wanted = {name: f for name, f in found.items() if is_wanted(f, sections.get(name))}
        changed = [
            name
            for name, running in self._running.items()
            if name not in wanted or running.section != sections.get(name) or running.found != wanted[name]
        ]
        for name in changed:
            await self._stop(name)
        fresh = [name for name in wanted if name not in self._running]
        for name in fresh:
            self._running[name] = _Running(wanted[name], sections.get(name))
        for name in fresh:
            running = self._running[name]
            running.task = owner.spawn(self._supervise(running), f"integration {name}")
        await asyncio.gather(*(self._running[name].settled.wait() for name in fresh))

    async def restart(self, name: str) -> None:
        """Stop one and start it again with the settings it has; raise SetupError when it does not run."""
        running = self._running.get(name)
        if running is None or self._group is None:
            raise SetupError(f"there is no integration {name!r}; there are: {', '.join(sorted(self._running))}")
        await self._stop(name)
        fresh = self._running[name] = _Running(running.found, running.section)
        fresh.task = self._group.spawn(self._supervise(fresh), f"integration {name}")
        await fresh.settled.wait()

    async def _stop(self, name: str) -> None:
        running = self._running.pop(name)
        if running.task is not None:
            running.task.cancel()
            _, hung = await asyncio.wait([running.task], timeout=STOP_SECONDS)
            if hung:
                _LOGGER.error("integration %s does not stop; going on without it", name)
        self.on_change()

    async def _supervise(self, running: _Running) -> None:
        """Run one, again and again with growing pauses while it fails in the middle of its work."""
        pause, longest = RESTART_SECONDS
        while True:
            error: BaseException
            try:
                await self._run(running)
            except asyncio.CancelledError:
                raise
            except BaseExceptionGroup as group:
                error = _first(group)
            except Exception as alone:  # noqa: BLE001  (whatever an integration raises stays its own trouble)
                error = alone
            self._failed(running, error)
            if isinstance(error, SetupError):
                return
            await self._hub.clock.sleep(pause)
            pause = min(pause * 2, longest)

    async def _run(self, running: _Running) -> None:
        found = running.found
        if found.manifest is None:
            raise SetupError(found.error)
        if line := missing_requirements(found.manifest, built_in=found.built_in):
            raise SetupError(line)
        for earlier in found.manifest.after:
            if (other := self._running.get(earlier)) is not None:
                await other.settled.wait()
        started = self._hub.clock.monotonic()
        async with Owner(f"integration {found.name}") as owner:
            try:
                await self._hub.clock.wait_for(self._set_up(running, owner), SETUP_SECONDS)
            except TimeoutError as error:
                raise ArvisError(
                    f"its setup did not finish within {SETUP_SECONDS:.0f} s and was stopped; trying again later"
                ) from error
            took = (self._hub.clock.monotonic() - started) * 1000
            self._settle(running, "running", "")
            _LOGGER.info("integration %s: %.0f ms", found.name, took)
            await asyncio.Event().wait()

    async def _set_up(self, running: _Running, owner: Owner) -> None:
        # in a thread, since the import of a foreign library may hang or take its time
        module = await asyncio.to_thread(import_integration, running.found)
        section = running.section
        node = {} if section is None or isinstance(section, bool) else section
        settings = self._validate(running.found.name, node, module.Settings)
        host = self._make_host(running.found.name, owner)
        for type_ in triggers_of(module):
            host.add_trigger(type_)
        await module.setup(host, settings)

    def _failed(self, running: _Running, error: BaseException) -> None:
        detail = str(error) or type(error).__name__
        trace = None if isinstance(error, ArvisError) else error
        _LOGGER.warning("integration %s: %s", running.found.name, detail, exc_info=trace)
        self._settle(running, "failed", detail)
        self._hub.report("warning", f"integration {running.found.name}", detail)

    def _settle(self, running: _Running, state: str, detail: str) -> None:
        running.state, running.detail = state, detail
        running.settled.set()
        self.on_change()


def is_wanted(found: Found, section: Any) -> bool:
    """Tell whether an integration runs: named in the configuration and not switched off, or on by default."""
    if section is False:
        return False
    if isinstance(section, Mapping) and section.get("enabled") is False:
        return False
    if section is not None:
        return True
    return found.manifest is None or found.manifest.enabled


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first plain error of a group."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error

"""Tells the house how each device is doing: an entity for it, an event for lost sound, a warning when it is away."""

from __future__ import annotations

import functools
from typing import Any

from arvisd.api import Entity, Host

from .capture import Microphone
from .line import Line, Status
from .playback import Speaker

REPORT_SECONDS = 5.0
"""Counters are published at most this often: a device in trouble must not flood the broker too."""


def add_entity(host: Host, line: Line) -> str:
    """Add the entity of a device and return its id: `sensor.kitchen_microphone`, `sensor.kitchen_speaker`."""
    what = "microphone" if isinstance(line, Microphone) else "speaker"
    entity_id = f"sensor.{line.site.lower().replace('-', '_')}_{what}"
    host.add_entity(Entity(id=entity_id, name=f"{line.site} {what}", expose=False))
    return entity_id


def attributes(line: Line) -> dict[str, Any]:
    """Return what is published beside the state."""
    facts: dict[str, Any] = {"site": line.site, "device": line.device, "rate": line.rate}
    if line.detail:
        facts["detail"] = line.detail
    if isinstance(line, Microphone):
        facts |= {"dropped": line.dropped, "overflows": line.overflows}
    elif isinstance(line, Speaker):
        facts |= {"underruns": line.underruns, "cushion_ms": round(line.cushion * 1000)}
    return facts


class Report:
    """Publishes the state of the lines of one integration."""

    def __init__(self, host: Host, lines: list[Line]) -> None:
        self._host = host
        self._entities = {line: add_entity(host, line) for line in lines}
        self._lost = dict.fromkeys(lines, (0, 0))
        for line in lines:
            line.on_change = functools.partial(self._changed, line)

    async def run(self) -> None:
        """Publish the counters as they grow, until cancelled."""
        while True:
            await self._host.clock.sleep(REPORT_SECONDS)
            for line, entity_id in self._entities.items():
                self._host.hub.states.set(entity_id, str(line.status), attributes(line))
                if isinstance(line, Microphone):
                    self._say_lost(line)

    def _changed(self, line: Line, news: bool) -> None:
        self._host.hub.states.set(self._entities[line], str(line.status), attributes(line))
        if news and line.status is not Status.OK:
            self._host.hub.report("warning", "microphone", f"site {line.site}: {line.detail}")

    def _say_lost(self, line: Microphone) -> None:
        now = (line.dropped, line.overflows)
        dropped, overflows = (after - before for after, before in zip(now, self._lost[line], strict=True))
        if dropped or overflows:
            self._lost[line] = now
            self._host.hub.fire(
                "microphone_overflow", {"site": line.site, "dropped_frames": dropped, "overflows": overflows}
            )

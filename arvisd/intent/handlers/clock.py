"""HassGetCurrentTime and HassGetCurrentDate."""

from __future__ import annotations

from arvisd.core.hub import Hub
from arvisd.intent.handlers.base import Command, Done, Handler


def handlers(hub: Hub) -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def tell_time(_command: Command) -> Done:
        return Done("default", {"time": hub.clock.now()})

    async def tell_date(_command: Command) -> Done:
        return Done("default", {"date": hub.clock.now()})

    return {"HassGetCurrentTime": tell_time, "HassGetCurrentDate": tell_date}

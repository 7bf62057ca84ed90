"""Says something at a site that is nobody's answer: a timer that has ended, a message to a room."""

from __future__ import annotations

import logging

from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError, ActionError
from arvisd.core.hub import Hub
from arvisd.core.ids import new_id
from arvisd.core.sites import Reply

_LOGGER = logging.getLogger(__name__)

SPEAK = "tts.speak"


async def say(hub: Hub, site: str, text: str, language: str, context: Context) -> None:
    """Say a text at a site, in writing too; where there is no such site any more, at every one that can speak."""
    hub.bus.publish(hub.topics.site(site, "reply"), Reply(new_id(), 0, text, True, text, "", context))
    if SPEAK not in hub.actions.names():
        return
    for where in (site, ""):
        try:
            await hub.actions.call(SPEAK, {"message": text, "site": where, "language": language}, context=context)
        except ActionDataError as error:
            _LOGGER.info("%s: %s", site, error)
            continue
        except ActionError as error:
            _LOGGER.warning("%r could not be said at %s: %s", text, site, error)
        return

"""HassBroadcast: a message to all other places, or to those of a room."""

from __future__ import annotations

from collections.abc import Callable

from arvisd.core.actions import Target
from arvisd.core.errors import ActionError
from arvisd.intent.handlers.base import Command, Done, Handler, Refusal
from arvisd.intent.handlers.house import House

Sites = Callable[[], list[tuple[str, str | None]]]
"""Returns the places that can speak, each with its area."""


def handlers(house: House, sites: Sites) -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def broadcast(command: Command) -> Done:
        message = str(command.recognition.value("message") or "").strip()
        area = command.recognition.value("area")
        said = area is not None and not command.recognition.here
        chosen = [site for site, place in sites() if (place == area if said else site != command.utterance.site)]
        if not chosen:
            place = house.area_name(area, command.language) if said else ""
            raise Refusal("nobody_in_area" if said else "nobody_to_tell", {"area": place})
        try:
            await house.hub.actions.call(
                "tts.speak",
                {"message": message[:1].upper() + message[1:], "site": chosen, "language": command.language},
                Target(),
                command.utterance.context,
            )
        except ActionError as error:
            raise Refusal("error", {"reason": str(error)}, actions=["tts.speak"]) from error
        return Done("default", {"count": len(chosen), "message": message}, ["tts.speak"])

    return {"HassBroadcast": broadcast}

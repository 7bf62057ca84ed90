"""HassNevermind and HassRespond: what is only talked about."""

from __future__ import annotations

from arvisd.intent.handlers.base import Command, Done, Handler


def handlers() -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def respond(command: Command) -> Done:
        return Done(command.recognition.response)

    return {"HassNevermind": respond, "HassRespond": respond}

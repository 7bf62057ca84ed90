"""HassNevermind, HassRespond, and a yes or no to nothing: what is only talked about."""

from __future__ import annotations

from arvisd.intent.handlers.base import Command, Done, Handler, Refusal


def handlers() -> dict[str, Handler]:
    """Return the handlers of the family."""

    async def respond(command: Command) -> Done:
        return Done(command.recognition.response)

    async def nothing_asked(_command: Command) -> Done:
        raise Refusal("nothing_asked")

    return {"HassNevermind": respond, "HassRespond": respond, "Agree": nothing_asked, "Disagree": respond}

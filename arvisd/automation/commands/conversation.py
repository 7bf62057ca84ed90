"""Action `conversation.process`: a sentence is understood and answered, as if somebody had said it."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.core.actions import Action, ActionCall
from arvisd.core.ids import new_id
from arvisd.intent.answer import Utterance
from arvisd.intent.chain import AnswerChain

SITE = "automation"
"""Where it was said, for triggers and traces."""


class ProcessData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `conversation.process`."""

    text: str
    """What is said."""
    language: str = ""
    conversation_id: str | None = None
    """Of a conversation that goes on."""
    agent_id: Any = None
    """Not read: arvisd's chain of answerers is the agent."""


def conversation_action(chain: AnswerChain) -> Action:
    """Return the action."""

    async def process(call: ActionCall) -> dict[str, Any]:
        data: ProcessData = call.data
        session = data.conversation_id or new_id()
        answer = await chain.answer(Utterance(new_id(), data.text, data.language, SITE, session, call.context))
        return {
            "response": {
                "speech": {"plain": {"speech": answer.reply, "extra_data": None}},
                "language": answer.language,
                "response_type": "action_done" if answer.ok else "error",
                "data": {"intent": answer.intent},
            },
            "conversation_id": session,
            "continue_conversation": answer.expects_answer,
        }

    return Action("conversation.process", ProcessData, "Understands and answers a sentence.", process)

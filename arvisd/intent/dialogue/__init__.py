"""What lies between the turns of a session: what was meant last, what is asked first, what is still open."""

from __future__ import annotations

from arvisd.core.clock import Clock
from arvisd.intent.clarification import Clarifications
from arvisd.intent.dialogue.confirmation import Confirmations, ConfirmSettings
from arvisd.intent.dialogue.memory import Memory

__all__ = ["ConfirmSettings", "Confirmations", "Dialogue", "Memory"]


class Dialogue:
    """Everything that sessions remember."""

    def __init__(self, clock: Clock) -> None:
        self.clarifications = Clarifications(clock)
        """What was asked back: "which lamp?"."""
        self.confirmations = Confirmations(clock)
        """What waits for a yes: "unlock the door?"."""
        self.memory = Memory(clock)
        """What "it" and "there" stand for."""
        self.confirm = ConfirmSettings()
        """What is asked first; may be replaced at any time."""

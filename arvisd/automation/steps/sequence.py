"""Step `sequence`: several steps as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation.registry import StepOptions, StepType
from arvisd.automation.steps.block import Block

if TYPE_CHECKING:
    from arvisd.automation.part import Part


class SequenceOptions(StepOptions, frozen=True, kw_only=True):
    """Several steps as one."""

    sequence: Any


def build(options: SequenceOptions, part: Part) -> Block:
    """Make the block."""
    return part.block("sequence")


TYPE = StepType("sequence", SequenceOptions, build)

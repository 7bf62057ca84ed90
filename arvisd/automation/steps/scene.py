"""Step `scene`: short for the action `scene.turn_on`."""

from __future__ import annotations

from typing import Any

from arvisd.automation.part import Part
from arvisd.automation.registry import Reference, StepOptions, StepType
from arvisd.automation.steps.action import ActionStep
from arvisd.automation.templates.value import Constant


class SceneOptions(StepOptions, frozen=True, kw_only=True):
    """A scene is turned on."""

    scene: str
    """Its entity."""
    metadata: Any = None
    """Of Home Assistant's editor; not read."""


def build(options: SceneOptions, part: Part) -> ActionStep:
    """Make the action's step."""
    node = {"action": "scene.turn_on", "target": {"entity_id": options.scene}}
    return ActionStep(Part(part.builder, node, part.path, part.what), Constant("scene.turn_on"), None)


def refers(options: SceneOptions) -> tuple[Reference, ...]:
    """Name the action and the scene."""
    return Reference("action", "scene.turn_on", "scene"), Reference("entity", options.scene, "scene")


TYPE = StepType("scene", SceneOptions, build, refers)

"""Steps: one module a kind, each with its registry entry `TYPE`."""

from __future__ import annotations

from arvisd.automation.registry import StepType, Types
from arvisd.automation.steps import (
    action,
    choose,
    condition,
    delay,
    device,
    event,
    if_then,
    parallel,
    repeat,
    response,
    scene,
    sequence,
    stop,
    variables,
    wait_for_trigger,
    wait_template,
)


def built_in() -> Types[StepType]:
    """Return the kinds that come with the engine, in the order in which their keys tell them apart."""
    modules = (
        action, delay, wait_template, wait_for_trigger, repeat, choose, if_then, parallel, variables, stop,
        response, event, scene, condition, sequence, device,
    )  # fmt: skip
    return Types("step", [module.TYPE for module in modules])

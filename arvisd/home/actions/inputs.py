"""Actions of what is set to a value or pressed: buttons, numbers, selects, texts, dates, updates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec

from arvisd.core.errors import ActionDataError
from arvisd.core.states import State
from arvisd.home.actions.definition import EntityAction, Order, asks
from arvisd.home.entity import Entity

INSTALL = "install"
"""Feature: an update can be installed from here."""


class SetNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `number.set_value`."""

    value: float


class SelectOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `select.select_option`."""

    option: str


class SelectStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `select.select_next` and `select.select_previous`."""

    cycle: bool = True
    """After the last comes the first."""


class SetText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `text.set_value`."""

    value: str


class SetDate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `date.set_value`."""

    date: dt.date


class SetTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `time.set_value`."""

    time: dt.time


class SetDatetime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `datetime.set_value`."""

    datetime: dt.datetime


class Install(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `update.install`."""

    version: str | None = None
    backup: bool | None = None


def _number(data: SetNumber, entity: Entity, state: State | None) -> Order:
    attributes = state.attributes if state is not None else {}
    low, high = attributes.get("min"), attributes.get("max")
    if (low is not None and data.value < low) or (high is not None and data.value > high):
        raise ActionDataError(f"{entity.id} takes {low:g} to {high:g}, not {data.value:g}")

    def done(after: State) -> bool:
        try:
            return abs(float(after.state) - data.value) < 1e-6
        except ValueError:
            return False

    return Order("number.set_value", data, done)


def _option(data: SelectOption, entity: Entity, state: State | None) -> Order:
    options = state.attributes.get("options") if state is not None else None
    if options and data.option not in options:
        raise ActionDataError(f"{entity.id} has no option {data.option!r}, only {', '.join(map(str, options))}")
    return Order("select.select_option", data, lambda after: after.state == data.option)


def _selected(choose: Callable[[list[str], str, bool], str]) -> Callable[[Any, Entity, State | None], Order]:
    def order(data: Any, entity: Entity, state: State | None) -> Order:
        options = (state.attributes.get("options") if state is not None else None) or []
        if not options or state is None:
            raise ActionDataError(f"the options of {entity.id} are not known")
        option = choose(options, state.state, getattr(data, "cycle", True))
        return _option(SelectOption(option), entity, state)

    return order


def _beside(step: int) -> Callable[[list[str], str, bool], str]:
    def choose(options: list[str], now: str, cycle: bool) -> str:
        if now not in options:
            return options[0]
        index = options.index(now) + step
        return options[index % len(options) if cycle else max(0, min(index, len(options) - 1))]

    return choose


def _text(data: SetText, entity: Entity, state: State | None) -> Order:
    attributes = state.attributes if state is not None else {}
    low, high = attributes.get("min", 0), attributes.get("max", 255)
    if not low <= len(data.value) <= high:
        raise ActionDataError(f"{entity.id} takes {low} to {high} characters, not {len(data.value)}")
    return Order("text.set_value", data, lambda after: after.state == data.value)


def _moment(action: str, key: str) -> Callable[[Any, Entity, State | None], Order]:
    def order(data: Any, _entity: Entity, _state: State | None) -> Order:
        wanted = getattr(data, key).isoformat()
        return Order(action, data, lambda after: after.state[: len(wanted)] == wanted[: len(after.state)])

    return order


def _install(data: Install, entity: Entity, state: State | None) -> Order:
    if state is not None and state.state == "off":
        raise ActionDataError(f"{entity.id}: there is nothing newer to install")
    return Order(
        "update.install", data, lambda after: bool(after.attributes.get("in_progress")) or after.state == "off"
    )


ACTIONS = (
    EntityAction("button.press", "Presses buttons.", asks("button.press")),
    EntityAction("number.set_value", "Sets numbers.", _number, SetNumber),
    EntityAction("select.select_option", "Chooses an option.", _option, SelectOption),
    EntityAction(
        "select.select_first", "Chooses the first option.", _selected(lambda options, _now, _cycle: options[0])
    ),
    EntityAction(
        "select.select_last", "Chooses the last option.", _selected(lambda options, _now, _cycle: options[-1])
    ),
    EntityAction("select.select_next", "Chooses the next option.", _selected(_beside(1)), SelectStep),
    EntityAction("select.select_previous", "Chooses the option before.", _selected(_beside(-1)), SelectStep),
    EntityAction("text.set_value", "Sets texts.", _text, SetText),
    EntityAction("date.set_value", "Sets dates.", _moment("date.set_value", "date"), SetDate),
    EntityAction("time.set_value", "Sets times of day.", _moment("time.set_value", "time"), SetTime),
    EntityAction("datetime.set_value", "Sets points in time.", _moment("datetime.set_value", "datetime"), SetDatetime),
    EntityAction("update.install", "Installs updates.", _install, Install, lambda _: frozenset({INSTALL})),
)

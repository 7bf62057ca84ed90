"""Properties of zigbee2mqtt that are values of their own: true or false, a number, one of some words, a text."""

from __future__ import annotations

from typing import Any

from .described import Described, named, order, ordered, said, suffixed
from .messages import Expose
from .properties import COUNTING, DIAGNOSTIC, QUIET, SPOKEN, binary_class, numeric_class
from .switches import settable_state

ACTION = "action"
"""The property of what was done at a remote control."""

MAX_ACTIONS = 200
"""More kinds of actions than any remote control has."""


def add_value(expose: Expose, described: Described) -> None:
    """Add what a property is: a sensor where it is only told, something to set where it can be set."""
    adders = {"binary": _binary, "numeric": _numeric, "enum": _enum, "text": _text}
    add = adders.get(expose.type)
    if add is None or not expose.key or not (expose.told or expose.settable):
        described.left_out.append(expose.key or expose.name or expose.type)
        return
    add(expose, described)


def _common(expose: Expose, described: Described) -> dict[str, Any]:
    """Return the keys that all values share."""
    settable = expose.settable
    category = expose.category if expose.category in ("config", "diagnostic") else None
    if settable and category is None and expose.name not in SPOKEN:
        category = "config"
    if not settable and (category == "config" or expose.name in DIAGNOSTIC):
        category = "diagnostic"
    return {
        "entity_category": category,
        "enabled_by_default": False if expose.name in QUIET else None,
        "state_topic": described.state_topic if expose.told else None,
        "value_template": said(expose.key) if expose.told else None,
    }


def _set(expose: Expose, described: Described) -> dict[str, Any]:
    return {"command_topic": described.set_topic, "command_template": ordered(expose.key, "{{ value | tojson }}")}


def _binary(expose: Expose, described: Described) -> None:
    common = _common(expose, described)
    if expose.settable:
        config = common | settable_state(expose, described)
        described.add("switch", suffixed(f"switch_{expose.name}", expose), named(expose), **config)
        return
    described.add(
        "binary_sensor", suffixed(expose.name, expose), named(expose), **common,
        device_class=binary_class(expose.name),
        payload_on=str(expose.value_on),
        payload_off=str(expose.value_off),
    )  # fmt: skip


def _numeric(expose: Expose, described: Described) -> None:
    class_ = numeric_class(expose.name, expose.unit)
    common = _common(expose, described) | {"unit_of_measurement": expose.unit}
    if expose.settable:
        low = expose.value_min if expose.value_min is not None else -65535
        high = expose.value_max if expose.value_max is not None else 65535
        described.add(
            "number", suffixed(expose.name, expose), named(expose),
            **common | {"command_topic": described.set_topic, "command_template": ordered(expose.key, "{{ value }}")},
            device_class="temperature" if class_ == "temperature" else None,
            min=low, max=max(low, high), step=expose.value_step or 1,
        )  # fmt: skip
        return
    described.add(
        "sensor", suffixed(expose.name, expose), named(expose), **common,
        device_class=class_,
        state_class="total_increasing" if class_ in COUNTING else "measurement",
    )  # fmt: skip


def _enum(expose: Expose, described: Described) -> None:
    if expose.name == ACTION and not expose.settable:
        _add_actions(expose, described)
        return
    values = [str(value) for value in expose.values]
    common = _common(expose, described)
    if not expose.settable or not values:
        described.add("sensor", suffixed(expose.name, expose), named(expose), **common)
    elif len(values) == 1:
        kept = {"entity_category": common["entity_category"]}
        described.add(
            "button", expose.key, named(expose), **kept,
            command_topic=described.set_topic, payload_press=order(expose.key, expose.values[0]),
        )  # fmt: skip
    else:
        described.add(
            "select", suffixed(expose.name, expose), named(expose), **common | _set(expose, described), options=values
        )


def _text(expose: Expose, described: Described) -> None:
    common = _common(expose, described)
    if expose.settable:
        described.add("text", suffixed(expose.name, expose), named(expose), **common | _set(expose, described))
    else:
        described.add("sensor", suffixed(expose.name, expose), named(expose), **common)


def _add_actions(expose: Expose, described: Described) -> None:
    """Add what is pressed as an event, and each of its kinds as something that automations of the device wait for."""
    kinds = [str(value) for value in expose.values if str(value)][:MAX_ACTIONS]
    here = f'value_json["{expose.key}"]'
    if not kinds:
        described.left_out.append(expose.key)
        return
    described.add(
        "event", suffixed(ACTION, expose), named(expose),
        state_topic=described.state_topic,
        value_template=f"{{% if {here} in {kinds!r} %}}{{\"event_type\": {{{{ {here} | tojson }}}}}}{{% endif %}}",
        event_types=kinds,
        device_class="button",
    )  # fmt: skip
    for kind in kinds:
        described.add(
            "device_automation", f"{expose.key}_{kind}", None,
            automation_type="trigger", type=ACTION, subtype=kind,
            topic=described.state_topic, value_template=said(expose.key), payload=kind,
        )  # fmt: skip

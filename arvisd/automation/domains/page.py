"""Writes docs/automations-domains.md: which triggers and conditions of Home Assistant's domains there are, and which not.

`python -m arvisd.automation.domains.page`; a test fails when the page is stale.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from arvisd.automation.domains import catalogue, refused
from arvisd.automation.registry import PartType

PAGE = Path(__file__).parents[3] / "docs" / "automations-domains.md"

HEAD = """# Triggers and conditions of a domain

Since 2026 Home Assistant has triggers and conditions that say what they mean: `light.turned_on`, `door.is_open`. They are
read here with the same names, targets and options. This page is generated from the tables in `arvisd/automation/domains`.

```yaml
triggers:
  - trigger: motion.detected
    target: {area_id: [hall, stairs], exclude: {entity_id: binary_sensor.cat_flap}}
  - trigger: temperature.crossed_threshold
    target: {floor_id: ground}
    options:
      threshold: {type: above, value: {number: 26, unit_of_measurement: °C}}
      behavior: first
      for: {minutes: 5}
conditions:
  - condition: light.is_off
    target: {area_id: hall}
    options: {behavior: all}
```

- `target`: `entity_id`, `device_id`, `area_id`, `floor_id`, `label_id`, each one id or a list, and `exclude` with the same. What
  belongs to an area, a floor, a label or a device is looked at as it is: an entity that comes later counts, one that is
  moved away does not. A group stands for its members. Of a place only those entities count that can be meant:
  `motion.detected` looks at binary sensors of the device class `motion`.
- `behavior` of a trigger: `each` (the default; every entity for itself), `first` (none was so before), `all` (all are so
  now). The older `any` and `last` are `each` and `all`. Of a condition: `any` (the default) or `all`.
- `for`: how long it must stay so; it outlives a restart.
- `threshold`: `{type: above, value: 20}`, `below`, `between` and `outside` with `value_min` and `value_max`; a value is a number,
  an entity, or `{number: …, unit_of_measurement: …}`. `any` only where every change is meant. A sensor whose unit is another
  one of the same quantity is converted; one of another quantity never fits.
- An entity that was `unavailable` or `unknown`, or becomes so, has changed nothing. Buttons, scenes and events count from
  `unknown` too: nothing had happened before.
- Templates see `trigger.entity_id`, `from_state`, `to_state` and `for`, as with the trigger `state`.
- `trigger: mqtt` is the plain trigger of that name.

"""


def page_text() -> str:
    """Return the page."""
    triggers, conditions = catalogue.trigger_types(), catalogue.condition_types()
    no_triggers, no_conditions = len(refused.TRIGGERS), len(refused.CONDITIONS)
    served = len(triggers) + 1  # and the plain `mqtt`
    lines = [
        HEAD,
        (
            "Of Home Assistant 2026.11's "
            f"{served + no_triggers} triggers {served} are here, of its {len(conditions) + no_conditions} conditions "
            f"{len(conditions)}. The others are refused by name, in `arvisd check` and in the log.\n\n"
        ),
        *_table("Triggers", triggers),
        *_table("Conditions", conditions),
        "## Not here\n\n",
        *_missing("trigger", refused.TRIGGERS),
        *_missing("condition", refused.CONDITIONS),
    ]
    return "".join(lines)


def _table(title: str, types: Iterable[PartType[Any, Any]]) -> Iterable[str]:
    rows: defaultdict[str, list[str]] = defaultdict(list)
    for type_ in types:
        domain, _, name = type_.name.partition(".")
        rows[domain].append(f"`{name}`{_options(type_)}")
    yield f"## {title}\n\nIn brackets: the options beside `behavior` and `for`; ° neither of these.\n\n"
    yield "| domain | |\n| --- | --- |\n"
    for domain in sorted(rows):
        yield f"| `{domain}` | {', '.join(sorted(rows[domain]))} |\n"
    yield "\n"


def _options(type_: PartType[Any, Any]) -> str:
    fields = {field.name: field for field in msgspec.structs.fields(type_.options)}
    own = [field.encode_name for field in msgspec.structs.fields(fields["options"].type)]
    others = [name for name in own if name not in ("behavior", "for", "offset_type")]
    return (f" ({', '.join(others)})" if others else "") + ("" if "for" in own else "°")


def _missing(kind: str, reasons: Mapping[str, str]) -> Iterable[str]:
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for name, reason in reasons.items():
        by_reason[reason].append(f"`{name}`")
    for reason, names in by_reason.items():
        yield f"- the {kind}{'s' if len(names) > 1 else ''} {', '.join(names)}: {reason}\n"


if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")

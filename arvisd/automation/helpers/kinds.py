"""Every kind of helper that there is; a new one is added here."""

from __future__ import annotations

from typing import Any

from arvisd.automation.helpers import (
    calendar,
    counter,
    group,
    input_boolean,
    input_button,
    input_datetime,
    input_number,
    input_select,
    input_text,
    person,
    platforms,
    scene,
    schedule,
    timer,
    zone,
)
from arvisd.automation.helpers.items import Reader
from arvisd.automation.helpers.kind import HelperKind
from arvisd.automation.helpers.template.section import read_template

KINDS: tuple[HelperKind[Any], ...] = (
    input_boolean.KIND,
    input_button.KIND,
    input_datetime.KIND,
    input_number.KIND,
    input_select.KIND,
    input_text.KIND,
    counter.KIND,
    timer.KIND,
    schedule.KIND,
    scene.KIND,
    group.KIND,
    zone.KIND,
    person.KIND,
    calendar.KIND,
)

READERS: dict[str, Reader] = {
    "scene": scene.read,
    "template": read_template,
    **{domain: platforms.reader(domain) for domain in platforms.PLURALS},
}
"""Sections that hold helpers of several kinds."""

SECTIONS: tuple[str, ...] = (*(kind.domain for kind in KINDS if kind.section), *READERS)
"""The top-level keys that helpers are written under."""

"""The house as lines of text: floor, area, device, entity with its state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from arvisd.core.states import UNAVAILABLE
from arvisd.home.keeping.listing import DeviceInfo, EntityInfo, HouseList


def house_tree(house: HouseList) -> list[str]:
    """Return the lines; what is on no floor or in no area comes last."""
    by_area: defaultdict[str | None, list[EntityInfo]] = defaultdict(list)
    known = {area.id for area in house.areas}
    for entity in house.entities:
        by_area[entity.area if entity.area in known else None].append(entity)
    devices = {device.id: device for device in house.devices}
    floors = [(floor.id, floor.name) for floor in house.floors]
    lines: list[str] = []
    for floor, title in [*floors, (None, "")]:
        inside = [area for area in house.areas if area.floor == floor and by_area[area.id]]
        if not inside:
            continue
        indent = "  " if title else ""
        if title:
            lines.append(f"{title} ({floor})")
        for area in inside:
            lines.append(f"{indent}{area.name} ({area.id})")
            lines += [f"{indent}  {line}" for line in _entities(by_area[area.id], devices)]
    if by_area[None]:
        lines.append("In no area" if lines else "In no area ('arvisd home place ID AREA' puts something somewhere)")
        lines += [f"  {line}" for line in _entities(by_area[None], devices)]
    return lines


def table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows as lines with columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _entities(entities: list[EntityInfo], devices: dict[str, DeviceInfo]) -> Iterator[str]:
    """Yield the lines of a room: a device of several entities has a line of its own."""
    by_device: defaultdict[str | None, list[EntityInfo]] = defaultdict(list)
    for entity in entities:
        by_device[entity.device if entity.device in devices else None].append(entity)
    for device_id, parts in sorted(by_device.items(), key=lambda pair: devices[pair[0]].name if pair[0] else ""):
        if device_id is None or len(parts) == 1:
            yield from table([_row(entity) for entity in parts])
            continue
        yield devices[device_id].name
        yield from (f"  {line}" for line in table([_row(entity) for entity in parts]))


def _row(entity: EntityInfo) -> tuple[str, ...]:
    state = "-" if entity.state is None else entity.state
    if state == UNAVAILABLE:
        state = "! unavailable"
    elif entity.unit:
        state = f"{state} {entity.unit}"
    marks = []
    if not entity.exposed:
        marks.append("not spoken of")
    elif entity.sites:
        marks.append(f"only at {', '.join(entity.sites)}")
    elif entity.not_at:
        marks.append(f"not at {', '.join(entity.not_at)}")
    return entity.id, entity.name, state, "; ".join(marks)

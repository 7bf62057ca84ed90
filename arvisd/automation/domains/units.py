"""Units of what sensors measure, and how one is made of another."""

from __future__ import annotations

AIR_LITRES = 24.055
"""Of a mole of a gas at 20 °C and 1,013.25 hPa: a gas of M g/mol at 1 ppm is M / 24.055 mg/m³."""


def _gas(grams_per_mole: float) -> dict[str, tuple[float, float]]:
    ppm = grams_per_mole / AIR_LITRES * 1000
    return {**_DENSITY, "ppm": (ppm, 0.0), "ppb": (ppm / 1000, 0.0)}


_DENSITY = {"μg/m³": (1.0, 0.0), "mg/m³": (1000.0, 0.0), "g/m³": (1e6, 0.0), "μg/ft³": (35.3147, 0.0)}

SCALES: dict[str, dict[str, tuple[float, float]]] = {
    "°C": {"°C": (1.0, 0.0), "°F": (5 / 9, -160 / 9), "K": (1.0, -273.15)},
    "W": {"mW": (0.001, 0.0), "W": (1.0, 0.0), "kW": (1e3, 0.0), "MW": (1e6, 0.0), "GW": (1e9, 0.0), "TW": (1e12, 0.0)},
    "%": {"%": (1.0, 0.0)},
    "lx": {"lx": (1.0, 0.0)},
    "°": {"°": (1.0, 0.0)},
    "ppm": {"ppm": (1.0, 0.0)},
    "ppb": {"ppb": (1.0, 0.0), "ppm": (1000.0, 0.0), "%": (1e7, 0.0)},
    "Bq/m³": {"Bq/m³": (1.0, 0.0), "pCi/L": (37.0, 0.0)},
    "μg/m³": dict(_DENSITY),
    "μg/m³ of CO": _gas(28.01),
    "μg/m³ of NO": _gas(30.0061),
    "μg/m³ of NO₂": _gas(46.0055),
    "μg/m³ of O₃": _gas(48.00),
    "μg/m³ of SO₂": _gas(64.066),
}
"""By the unit in which a quantity is compared: what each unit is multiplied by, and what is added then."""

_SAME = {"µg/m³": "μg/m³", "ug/m³": "μg/m³", "µg/ft³": "μg/ft³", "C": "°C", "F": "°F"}
"""Other ways to write a unit; the micro sign has two code points."""


def convert(value: float, unit: str | None, scale: str) -> float | None:
    """Return a value in the unit of a scale, None where its own unit is none of that quantity.

    A value without a unit is taken to be in the scale's own.
    """
    if not scale or unit is None or unit == "":
        return value
    found = SCALES[scale].get(_SAME.get(unit, unit))
    return None if found is None else value * found[0] + found[1]


def units_of(scale: str) -> tuple[str, ...]:
    """Return the units that a scale knows."""
    return tuple(SCALES[scale])

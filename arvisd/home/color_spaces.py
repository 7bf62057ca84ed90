"""Conversions between the ways to write a colour: RGB, hue and saturation, CIE xy, colour temperature."""

from __future__ import annotations

import colorsys
import math

RGB = tuple[int, int, int]
"""Red, green, blue, each 0–255."""
HS = tuple[float, float]
"""Hue in degrees 0–360, saturation in percent."""
XY = tuple[float, float]
"""CIE 1931 chromaticity."""


def hs_to_rgb(hs: HS) -> RGB:
    """Return hue and saturation as a colour of full brightness."""
    red, green, blue = colorsys.hsv_to_rgb(hs[0] / 360 % 1, min(hs[1], 100) / 100, 1)
    return round(red * 255), round(green * 255), round(blue * 255)


def rgb_to_hs(rgb: RGB) -> HS:
    """Return hue (degrees, 3 decimals) and saturation (percent)."""
    hue, saturation, _ = colorsys.rgb_to_hsv(*(channel / 255 for channel in rgb))
    return round(hue * 360, 3), round(saturation * 100, 3)


def rgb_to_xy(rgb: RGB) -> XY:
    """Return the chromaticity of a colour.

    The matrix is that of wide-gamut RGB with D65 white, as Philips publishes it for Hue lamps
    (https://developers.meethue.com/develop/application-design-guidance/color-conversion-formulas-rgb-to-xy-and-back/).
    """
    red, green, blue = (_linear(channel / 255) for channel in rgb)
    x = red * 0.664511 + green * 0.154324 + blue * 0.162028
    y = red * 0.283881 + green * 0.668433 + blue * 0.047685
    z = red * 0.000088 + green * 0.072310 + blue * 0.986039
    total = x + y + z
    if not total:
        return 0.3227, 0.329  # black has no colour: the white point
    return round(x / total, 4), round(y / total, 4)


def xy_to_rgb(xy: XY) -> RGB:
    """Return a chromaticity as a colour of full brightness; the inverse of `rgb_to_xy`."""
    x, y = xy
    if y <= 0:
        return 0, 0, 0
    big_x, big_z = x / y, (1 - x - y) / y
    channels = [
        big_x * 1.656492 - 0.354851 - big_z * 0.255038,
        -big_x * 0.707196 + 1.655397 + big_z * 0.036152,
        big_x * 0.051713 - 0.121364 + big_z * 1.011530,
    ]
    shown = [_gamma(max(0.0, channel)) for channel in channels]
    brightest = max(shown)
    if brightest <= 0:
        return 0, 0, 0
    red, green, blue = (round(channel / brightest * 255) for channel in shown)
    return red, green, blue


def kelvin_to_rgb(kelvin: float) -> RGB:
    """Return the colour of a temperature, 1,000 to 40,000 K.

    Tanner Helland's fit to the black-body table of Mitchell Charity
    (https://tannerhelland.com/2012/09/18/convert-temperature-rgb-algorithm-code.html).
    """
    hundreds = min(max(kelvin, 1000), 40000) / 100
    if hundreds <= 66:
        red = 255.0
        green = 99.4708025861 * math.log(hundreds) - 161.1195681661
        blue = 0.0 if hundreds <= 19 else 138.5177312231 * math.log(hundreds - 10) - 305.0447927307
    else:
        red = 329.698727446 * (hundreds - 60) ** -0.1332047592
        green = 288.1221695283 * (hundreds - 60) ** -0.0755148492
        blue = 255.0
    return _byte(red), _byte(green), _byte(blue)


def mired_to_kelvin(mired: float) -> int:
    """Return a temperature in kelvin; mireds are a million over kelvin."""
    return int(1_000_000 / mired)


def kelvin_to_mired(kelvin: float) -> int:
    """Return a temperature in mireds."""
    return int(1_000_000 / kelvin)


def _linear(channel: float) -> float:
    return float(((channel + 0.055) / 1.055) ** 2.4) if channel > 0.04045 else channel / 12.92


def _gamma(channel: float) -> float:
    return float(1.055 * channel ** (1 / 2.4) - 0.055) if channel > 0.0031308 else channel * 12.92


def _byte(value: float) -> int:
    return round(min(max(value, 0), 255))

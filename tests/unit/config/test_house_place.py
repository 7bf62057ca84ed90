"""Where the house is: under `arvisd:`, else as Home Assistant has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from arvisd.configuration import Configuration
from arvisd.home.sun import Coordinates


def read(folder: Path, text: str) -> Configuration:
    (folder / "configuration.yaml").write_text(text)
    configuration = Configuration(folder)
    configuration.read([])
    return configuration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arvisd: {latitude: 52.5, longitude: 13.4, elevation: 34}\n", Coordinates(52.5, 13.4, 34)),
        ("arvisd: {latitude: 52.5, longitude: 13.4}\n", Coordinates(52.5, 13.4)),
        ("homeassistant: {latitude: 52.5, longitude: 13.4, elevation: 34}\n", Coordinates(52.5, 13.4, 34)),
        ("arvisd: {language: ru}\nhomeassistant: {latitude: 52.5, longitude: 13.4}\n", Coordinates(52.5, 13.4)),
        (
            "arvisd: {latitude: 1, longitude: 2}\nhomeassistant: {latitude: 52.5, longitude: 13.4, elevation: 5}\n",
            Coordinates(1, 2),
        ),
        ("arvisd: {latitude: 52.5}\n", None),
        ("arvisd:\n", None),
    ],
)
def test_places(tmp_path: Path, text: str, expected: Coordinates | None) -> None:
    configuration = read(tmp_path, text)
    assert configuration.problems == []
    assert configuration.coordinates == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "homeassistant:\n  latitude: 99\n  longitude: 13.4\n",
            "configuration.yaml:2:13: arvisd.latitude: expected a number from -90 to 90, got the number 99",
        ),
        (
            "homeassistant:\n  latitude: 52.5\n  longitude: 13.4\n  name: Home\n",
            (
                "configuration.yaml:1:1: warning: 'homeassistant' of Home Assistant is ignored: only its 'packages', "
                "'latitude', 'longitude' and 'elevation' are read here: write the rest under 'arvisd:'"
            ),
        ),
    ],
)
def test_what_is_said(tmp_path: Path, text: str, expected: str) -> None:
    assert [str(problem) for problem in read(tmp_path, text).problems] == [expected]

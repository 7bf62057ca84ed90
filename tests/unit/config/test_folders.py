from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from arvisd.config.folders import config_folder, data_folder


@pytest.mark.parametrize(
    ("chosen", "environment", "expected"),
    [
        ("/a", {"ARVISD_CONFIG": "/b", "CONFIGURATION_DIRECTORY": "/c"}, "/a"),
        (None, {"ARVISD_CONFIG": "/b", "CONFIGURATION_DIRECTORY": "/c"}, "/b"),
        (None, {"CONFIGURATION_DIRECTORY": "/etc/arvisd:/etc/other"}, "/etc/arvisd"),
        (None, {"ARVISD_CONFIG": ""}, str(platformdirs.user_config_path("arvisd", appauthor=False))),
        (None, {"ARVISD_CONFIG": "~/x"}, str(Path("~/x").expanduser())),
        ("relative", {}, str(Path.cwd() / "relative")),
    ],
)
def test_the_configuration_folder(chosen: str | None, environment: dict[str, str], expected: str) -> None:
    assert config_folder(chosen, environment) == Path(expected)


@pytest.mark.parametrize(
    ("chosen", "environment", "expected"),
    [
        ("/a", {"ARVISD_DATA": "/b", "STATE_DIRECTORY": "/c"}, "/a"),
        (None, {"ARVISD_DATA": "/b", "STATE_DIRECTORY": "/c"}, "/b"),
        (None, {"STATE_DIRECTORY": "/var/lib/arvisd"}, "/var/lib/arvisd"),
        (None, {}, str(platformdirs.user_data_path("arvisd", appauthor=False))),
    ],
)
def test_the_data_folder(chosen: str | None, environment: dict[str, str], expected: str) -> None:
    assert data_folder(chosen, environment) == Path(expected)

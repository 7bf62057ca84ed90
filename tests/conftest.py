"""What every test may ask for."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from arvisd.core.hub import Hub
from tests.simulators.broker import certificates, mosquitto, start_mosquitto
from tests.simulators.clock import FakeClock

__all__ = ["certificates", "mosquitto", "start_mosquitto"]

TEST_DATA = Path(os.environ.get("ARVISD_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """A command keeps silent; the tests that follow look into the log."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


@pytest.fixture
def test_data() -> Path:
    """The folder of real recordings; the test is skipped, by name, where it is absent."""
    if not TEST_DATA.is_dir():
        pytest.skip(f"no test data at {TEST_DATA}: set ARVISD_TEST_DATA")
    return TEST_DATA


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def hub(clock: FakeClock) -> Hub:
    return Hub(clock)

"""A short fuzzing of what others write: YAML, configurations, runs, templates. `make fuzz` does the same for longer, guided."""

from __future__ import annotations

import logging
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

EXAMPLES = {"text": 300, "yaml": 400, "house": 200, "runs": 500, "template": 400}
MORE = int(os.environ.get("ARVISD_FUZZ", "1"))
"""So many times more: `ARVISD_FUZZ=100 pytest tests/unit/test_fuzz.py`."""


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_that_is_written_does_harm(target: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "arvisd")

    @given(st.binary(max_size=300))
    @settings(
        max_examples=EXAMPLES[target] * MORE,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    def tried(data: bytes) -> None:
        TARGETS[target](data)

    tried()

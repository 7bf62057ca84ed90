"""Configurations that people run, from the folder of test data."""

from __future__ import annotations

from pathlib import Path

import pytest

from arvisd.config.document import Composer
from arvisd.config.nodes import Origin


def test_real_automations_are_read_without_a_problem(test_data: Path) -> None:
    files = sorted((test_data / "ha_automations").rglob("*.yaml"))
    if not files:
        pytest.skip("no automations in the test data")
    for path in files:
        composer = Composer(path.read_text(), Origin(path.name), {"!secret": lambda tag, name, mark, depth: (name, 1)})
        assert composer.compose()
        assert [str(problem) for problem in composer.problems] == []

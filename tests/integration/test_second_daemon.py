"""A second daemon on the data folder of a running one is refused in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from arvisd.storage.lock import sole_use


def test_it_says_who_is_there(tmp_path: Path) -> None:
    configuration = tmp_path / "config"
    configuration.mkdir()
    (configuration / "configuration.yaml").write_text("automation: []\n")
    data = tmp_path / "data"
    with sole_use(data):
        second = subprocess.run(
            [sys.executable, "-m", "arvisd.cli", "run", "--config", str(configuration)],
            env={**os.environ, "ARVISD_DATA": str(data)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert second.returncode == 1
    assert second.stderr.splitlines()[-1] == (
        f"arvisd: another arvisd (process {os.getpid()}) uses {data}: stop it, or give this one a data folder of its own "
        "by ARVISD_DATA"
    )
    assert "Traceback" not in second.stderr

"""One arvisd a data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from arvisd.storage.errors import FolderInUseError
from arvisd.storage.lock import FILE, sole_use


def test_a_second_one_is_told_who_is_there(tmp_path: Path) -> None:
    with sole_use(tmp_path), pytest.raises(FolderInUseError) as refused, sole_use(tmp_path):
        pass
    assert str(refused.value) == (
        f"another arvisd (process {os.getpid()}) uses {tmp_path}: stop it, or give this one a data folder of its own "
        "by ARVISD_DATA"
    )


def test_it_is_free_when_the_first_has_ended(tmp_path: Path) -> None:
    for _ in range(2):
        with sole_use(tmp_path):
            assert (tmp_path / FILE).read_text() == f"{os.getpid()}\n"


def test_a_kill_leaves_it_free(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from arvisd.storage.lock import sole_use\n"
        "with sole_use(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(FolderInUseError, match=f"process {other.pid}"), sole_use(tmp_path):
            pass
        other.send_signal(signal.SIGKILL)
        other.wait()
    with sole_use(tmp_path):
        pass


def test_where_no_file_can_be_made_nothing_is_held(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("")
    with sole_use(folder), sole_use(folder):
        pass

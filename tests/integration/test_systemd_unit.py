"""The systemd unit is valid and hardened, as systemd itself judges it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

SYSTEMD = Path(__file__).parents[2] / "systemd"

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    unit = (SYSTEMD / "arvisd.service").read_text()
    # the program must exist to be judged: stand in for /opt/arvisd
    copy = tmp_path / "arvisd.service"
    copy.write_text(unit.replace("/opt/arvisd/bin/arvisd run", "/bin/true run"))
    done = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "arvisd.service" in line and "Documentation" not in line]
    # the manual page and the user exist on an installed system only
    assert [line for line in ours if "man arvisd" not in line] == []


def test_the_unit_is_hardened() -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(SYSTEMD / "arvisd.service")],
        capture_output=True,
        text=True,
        check=False,
        env={"SYSTEMD_PAGER": "", "PATH": "/usr/bin:/bin"},
    )
    found = re.search(r"Overall exposure level.*?: ([\d.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert float(found.group(1)) <= 2.0, done.stdout


@pytest.mark.parametrize(("tool", "name"), [("systemd-sysusers", "sysusers"), ("systemd-tmpfiles", "tmpfiles")])
def test_users_and_folders_are_made(tool: str, name: str, tmp_path: Path) -> None:
    program = shutil.which(tool)
    if program is None:
        pytest.skip(f"needs {tool}")
    (tmp_path / "etc").mkdir()
    for table in ("passwd", "group"):
        (tmp_path / "etc" / table).write_text("root:x:0:0::/:/bin/sh\n" if table == "passwd" else "root:x:0:\n")
    users = shutil.which("systemd-sysusers")
    assert users is not None
    subprocess.run([users, f"--root={tmp_path}", str(SYSTEMD / "arvisd.sysusers")], check=True, capture_output=True)
    if name == "sysusers":
        assert "arvisd:" in (tmp_path / "etc" / "passwd").read_text()
        assert re.search(r"^audio:.*arvisd", (tmp_path / "etc" / "group").read_text(), re.MULTILINE)
        return
    arguments = [program, f"--root={tmp_path}", "--create", str(SYSTEMD / "arvisd.tmpfiles")]
    subprocess.run(arguments, check=True, capture_output=True)
    assert (tmp_path / "var" / "lib" / "arvisd" / "models").is_dir()
    assert (tmp_path / "etc" / "arvisd").stat().st_mode & 0o777 == 0o750

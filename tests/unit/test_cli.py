"""How the command line ends."""

from __future__ import annotations

import importlib

import pytest

from arvisd.cli import main


def test_ctrl_c_while_it_is_imported_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(name: str) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib, "import_module", interrupted)
    assert main(["check"]) == 130

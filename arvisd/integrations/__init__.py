"""Integrations under one import name, wherever their folders stand, and their loader.

An installed arvisd holds the built-in ones inside this package; a checkout keeps them at its top, in
`integrations/`. The user's own folder (`<config>/integrations`) is put first by the loader, so that
an integration of the user takes the place of a built-in one of the same name.
"""

from __future__ import annotations

from pathlib import Path

BUILT_IN = Path(__file__).resolve().parents[2] / "integrations"
if (BUILT_IN.parent / "pyproject.toml").is_file():
    __path__.append(str(BUILT_IN))
else:
    BUILT_IN = Path(__file__).resolve().parent

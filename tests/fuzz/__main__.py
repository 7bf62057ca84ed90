"""Fuzzes one target, guided by what it covers: `python -m tests.fuzz TARGET SECONDS`. It needs atheris, Linux only.

What is found is written to `crash-*` in the working folder; `python -m tests.fuzz TARGET crash-…` runs it again.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import atheris  # type: ignore[import-not-found]  # not among the requirements: `make fuzz` brings it

with atheris.instrument_imports(include=["arvisd", "jinja2"]):
    from tests.fuzz.targets import TARGETS

SECONDS_EACH = 20
"""An input that takes longer has hung."""
MEGABYTES = 1_500
"""A process that needs more has blown up."""


def main(target: str, what: str) -> None:
    """Fuzz for some seconds, or run what was found again."""
    if Path(what).exists():
        TARGETS[target](Path(what).read_bytes())
        return
    options = [f"-max_total_time={int(what)}", f"-timeout={SECONDS_EACH}", f"-rss_limit_mb={MEGABYTES}", "-max_len=400"]
    atheris.Setup([sys.argv[0], *options], TARGETS[target])
    atheris.Fuzz()


logging.getLogger("arvisd").setLevel(logging.CRITICAL)
main(*sys.argv[1:3])

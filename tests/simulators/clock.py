"""The clock of tests: one that they turn by hand."""

from __future__ import annotations

from arvisd.core.virtual_clock import VirtualClock as FakeClock

__all__ = ["FakeClock"]

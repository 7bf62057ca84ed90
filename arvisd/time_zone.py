"""In which zone the clock of the house goes."""

from __future__ import annotations

import logging
from datetime import tzinfo
from zoneinfo import ZoneInfo

_LOGGER = logging.getLogger("arvisd.daemon")


def time_zone(name: str | None) -> tzinfo | None:
    """Return the zone of the settings, else the machine's with its daylight saving.

    None where the machine does not tell more than its offset.
    """
    if name:
        return ZoneInfo(name)
    import tzlocal

    try:
        return tzlocal.get_localzone()
    except (LookupError, OSError, ValueError) as problem:
        _LOGGER.warning("the machine's time zone is not known (%s): write 'timezone' under 'arvisd:'", problem)
        return None

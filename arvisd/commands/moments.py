"""Times as the command line prints them: the hour of today, the date of other days, lengths in the unit that reads best."""

from __future__ import annotations

from datetime import datetime


def moment(time: datetime | None, now: datetime | None = None) -> str:
    """Return a time in the zone of this machine; of another day with its date."""
    if time is None:
        return "-"
    local = time.astimezone()
    today = (now or datetime.now().astimezone()).astimezone().date()
    if local.date() == today:
        return f"{local:%H:%M:%S}"
    return f"{local:%Y-%m-%d %H:%M:%S}"


def length(milliseconds: float) -> str:
    """Return a length of time."""
    if milliseconds < 1:
        return f"{milliseconds:.2f} ms"
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1000
    if seconds < 120:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    if minutes < 120:
        return f"{minutes} min {seconds} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"

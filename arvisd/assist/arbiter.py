"""Of several sites that hear one wake word, the first one answers."""

from __future__ import annotations

from arvisd.assist.settings import WakeSettings


class WakeArbiter:
    """Knows who was woken last; shared by all sites."""

    def __init__(self) -> None:
        self._last: tuple[str, str, float] | None = None

    def claim(self, site: str, word: str, now: float, settings: WakeSettings) -> bool:
        """Tell whether this detection counts; one that counts shuts out the others for a while.

        Args:
            site: where it was heard.
            word: its name.
            now: monotonic seconds.
            settings: how long the same word counts as the same one still.
        """
        if self._last is not None:
            last_site, last_word, time = self._last
            if site == last_site and now - time < settings.refractory:
                return False
            if site != last_site and word == last_word and now - time < settings.cooldown:
                return False
        self._last = (site, word, now)
        return True

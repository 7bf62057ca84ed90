"""The phase of a site, kept on MQTT so that who comes late looks right at once."""

from __future__ import annotations

from arvisd.core.hub import Hub
from arvisd.core.sites import Phase

NEUTRAL = "neutral"


class PhaseBoard:
    """Publishes `arvis/site/<site>/phase` whenever it becomes another."""

    def __init__(self, hub: Hub, site: str, language: str) -> None:
        self._hub = hub
        self._topic = hub.topics.site(site, "phase")
        self._shown: tuple[str, str | None, str, str] | None = None
        self._language = language

    def show(self, phase: str, *, utterance: str | None = None, language: str = "", emotion: str = "") -> None:
        """Show `idle`, `listening`, `thinking`, `speaking` or `offline`."""
        self._language = language or self._language
        shown = (phase, utterance, self._language, emotion or NEUTRAL)
        if shown == self._shown:
            return
        self._shown = shown
        intensity = 0.0 if shown[3] == NEUTRAL else 1.0
        payload = Phase(phase, shown[3], intensity, utterance, self._language, self._hub.clock.now())
        self._hub.bus.publish(self._topic, payload, retain=True)

    def clear(self) -> None:
        """Forget the phase, at the broker too."""
        self._shown = None
        self._hub.bus.publish(self._topic, b"", retain=True)

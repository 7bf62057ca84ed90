"""The voice of one site: speaks one speech at a time and falls silent at once when it must."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from arvisd.assist.pacing import PacedOutput
from arvisd.assist.playback import Playback, Speech, Spoken, Synthesize
from arvisd.assist.rendering import Mouth
from arvisd.assist.site import AudioOutput, Site
from arvisd.core.hub import Hub

_LOGGER = logging.getLogger(__name__)


class Speaker:
    """Speaks at one site that has ears to hear it."""

    def __init__(self, hub: Hub, site: Site, synthesize: Synthesize) -> None:
        self.on_mouth: Callable[[Mouth], object] | None = None
        """Told of all sound, with its phonemes, just before it is sent."""
        self._hub = hub
        self._site = site
        self._output: AudioOutput = site.audio_out or PacedOutput(hub.clock)
        self._synthesize = synthesize
        self._playback: Playback | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def text(self) -> str:
        """What is being spoken; empty: nothing is."""
        return self._playback.speech.text if self._playback else ""

    async def speak(self, speech: Speech, on_begin: Callable[[str], object] = lambda utterance: None) -> Spoken:
        """Speak, and return when the device has played all of it or it was cut off.

        Args:
            speech: what to speak.
            on_begin: told the id of the utterance when its first sound is there.
        """
        if self._playback is not None:
            raise RuntimeError(f"{self._site.id} is already speaking: speeches are to be given one after the other")
        playback = Playback(self._hub, self._site.id, speech, self._output, self._synthesize, on_begin, self.on_mouth)
        task = asyncio.create_task(playback.run(), name=f"speech at {self._site.id}")
        self._playback, self._task = playback, task
        try:
            await asyncio.wait({task})
        finally:
            if not task.done():
                playback.cut_off("cancelled")
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            self._playback = self._task = None
        if not task.cancelled():
            task.result()
        return playback.spoken()

    def interrupt(self, reason: str) -> bool:
        """Fall silent now; return whether anything was being spoken. The `speak` under way returns what was heard."""
        if self._playback is None or self._task is None or self._task.done():
            return False
        self._playback.cut_off(reason)
        self._task.cancel()
        return True

    async def play(self, pcm: bytes, rate: int) -> None:
        """Play a chime, at the device only."""
        if self._site.audio_out is not None:
            await self._site.audio_out.write(pcm, rate)

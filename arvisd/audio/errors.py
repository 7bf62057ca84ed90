"""What can be wrong with sound that is read from outside.

ArvisError
└── AudioError
    └── WavError    a file is not a WAV file that can be read
"""

from __future__ import annotations

from arvisd.core.errors import ArvisError


class AudioError(ArvisError):
    """Sound that cannot be used; the text says why and what to do."""


class WavError(AudioError):
    """A file is not a WAV file that can be read."""

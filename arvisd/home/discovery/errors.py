"""Errors of discovery.

ArvisError
└── DiscoveryError  an announcement that cannot be used
"""

from __future__ import annotations

from arvisd.core.errors import ArvisError


class DiscoveryError(ArvisError):
    """An announcement cannot be used; the text says which key is wrong and what was expected."""

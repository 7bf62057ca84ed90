"""The section `web:` where the daemon listens for HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec


class WebSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`web:` the one HTTP port. It is opened when this section is there, or an automation waits for a webhook."""

    host: Annotated[str, msgspec.Meta(min_length=1)] = "127.0.0.1"
    """Address to listen on: `127.0.0.1` is this machine alone, `0.0.0.0` every network that it is in."""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8177
    """TCP port."""

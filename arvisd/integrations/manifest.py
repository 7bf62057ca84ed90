"""What an integration says of itself in its `manifest.yaml`."""

from __future__ import annotations

import msgspec


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The facts the loader needs before it imports anything."""

    name: str
    """Name of the folder; also the top-level key of its settings."""
    title: str
    """For people."""
    description: str
    """One sentence: what it adds."""
    extra: str = ""
    """The extra of `pip install arvisd[…]` that brings what it needs; empty: nothing is needed."""
    requires: list[str] = msgspec.field(default_factory=list)
    """Import names that must be there; what is missing is said with the install command."""
    packages: list[str] = msgspec.field(default_factory=list)
    """Requirements as pip takes them; for integrations of the user, which have no extra."""
    system: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """System packages by package manager (`apt: [libportaudio2]`), named in what is said when it fails."""
    after: list[str] = msgspec.field(default_factory=list)
    """Integrations that must be set up before this one, where they are there."""
    enabled: bool = True
    """Whether it runs without being named in the configuration."""
    local: bool = True
    """False: it talks with machines outside the house."""
    licence_note: str = ""
    """What the user must know of the licence of what it uses."""

"""Where the configuration and the data are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def config_folder(chosen: Path | str | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the configuration folder, which need not exist.

    The chosen one (`--config`), else `$ARVISD_CONFIG`, else systemd's `ConfigurationDirectory=`
    (`/etc/arvisd`), else the user's: `~/.config/arvisd` on Linux.
    """
    named = str(chosen or "") or environment.get("ARVISD_CONFIG") or _first(environment, "CONFIGURATION_DIRECTORY")
    if named:
        return Path(named).expanduser().absolute()
    import platformdirs  # 7 ms that a start with a folder given does not pay

    return platformdirs.user_config_path("arvisd", appauthor=False)


def data_folder(chosen: Path | str | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder for models, databases and logs, which need not exist.

    The chosen one, else `$ARVISD_DATA`, else systemd's `StateDirectory=` (`/var/lib/arvisd`), else the
    user's: `~/.local/share/arvisd` on Linux.
    """
    named = str(chosen or "") or environment.get("ARVISD_DATA") or _first(environment, "STATE_DIRECTORY")
    if named:
        return Path(named).expanduser().absolute()
    import platformdirs  # as above

    return platformdirs.user_data_path("arvisd", appauthor=False)


def _first(environment: Mapping[str, str], name: str) -> str:
    """Return the first of the folders that systemd gives, separated by colons."""
    return environment.get(name, "").partition(":")[0]

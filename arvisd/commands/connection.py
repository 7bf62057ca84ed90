"""How commands reach the running daemon: by the same configuration as the daemon itself."""

from __future__ import annotations

import sys
from typing import Any

import msgspec

from arvisd.config import load
from arvisd.config.folders import config_folder, data_folder
from arvisd.config.validate import Validated, validate
from arvisd.core.errors import ArvisError
from arvisd.mqtt.request import Remote
from arvisd.mqtt.settings import ADDRESS_FILE, MqttSettings


def remote() -> Remote:
    """Return the daemon seen from outside, to be entered; raise ArvisError when the `mqtt:` section is not valid."""
    loaded = load(config_folder())
    node = loaded.tree.get("mqtt")
    checked: Validated[MqttSettings] = validate({} if node is None else node, MqttSettings, "mqtt", loaded.tree, "mqtt")
    if checked.value is None or "mqtt" in loaded.broken:
        problems = [*loaded.errors, *checked.problems]
        raise ArvisError("the configuration of the broker cannot be read:\n" + "\n".join(map(str, problems)))
    return Remote(checked.value, address_file=data_folder() / ADDRESS_FILE)


def say(text: str) -> None:
    """Print something about the work, not its result."""
    print(text, file=sys.stderr)


def show(value: Any, *, json: bool) -> None:
    """Print a result: as JSON, or as a person reads it."""
    if json:
        print(msgspec.json.encode(value).decode())
    elif isinstance(value, str):
        print(value)
    elif value is not None:
        print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())

"""A configuration folder with sections of every shape, and what is said of what is wrong in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from arvisd.config import load
from arvisd.config.durations import Seconds
from arvisd.config.sections import check_sections
from arvisd.config.settings import ArvisdSettings, ModelsSettings
from arvisd.config.validate import ONE_OR_MANY, validate_section
from arvisd.home.settings import HomeSettings


class Call(msgspec.Struct, frozen=True, tag_field="kind", tag="call"):
    number: str


class Text(msgspec.Struct, frozen=True, tag_field="kind", tag="text"):
    text: str
    to: Annotated[list[str], ONE_OR_MANY] = []


class Tls(msgspec.Struct, frozen=True):
    ca: str = ""


class Broker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Looks like the section `mqtt:`; the real one changes for reasons of its own."""

    broker: str = ""
    port: int = 0
    username: str = ""
    password: str = ""
    root: str = ""
    client_id: str = ""
    keepalive: int = 30
    protocol: Literal["auto", "5", "3.1.1"] = "auto"
    tls: Tls | None = None


class Sms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    storage: str = ""
    pause: Seconds = 0.0


class ModemSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An integration's section with what the core's sections do not have."""

    port: Annotated[int, msgspec.Meta(gt=0, lt=65536)] | Literal["auto"] = "auto"
    retries: Annotated[int, msgspec.Meta(ge=1)] = 1
    steps: list[Call | Text] = []
    bands: Annotated[list[int], msgspec.Meta(min_length=1)] = msgspec.field(default_factory=lambda: [1])
    sms: Sms = Sms()
    greetings: dict[Literal["en", "ru"], str] = {}
    pin: Annotated[str, msgspec.Meta(max_length=4)] | None = None


SECTIONS = {
    "arvisd": ArvisdSettings,
    "home": HomeSettings,
    "models": ModelsSettings,
    "mqtt": Broker,
    "modem": ModemSettings,
}


def problems_of(folder: Path) -> list[str]:
    """Return all that is wrong with a folder, as `arvisd check` prints it."""
    loaded = load(folder, {"SHELL_PORT": "x"})
    problems = [*loaded.problems, *check_sections(loaded.tree, ["modem"])]
    for name, type_ in SECTIONS.items():
        problems += validate_section(loaded.tree, name, type_).problems
    return [str(problem) for problem in problems]


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

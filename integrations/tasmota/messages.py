"""What a Tasmota device says of itself on `tasmota/discovery/<MAC>/config` (https://tasmota.github.io/docs/MQTT/)."""

from __future__ import annotations

import re
from typing import Any

import msgspec

RELAY = 1
LIGHT = 2
SHUTTER = 3
"""Kinds of relays in `rl`."""

_TOPIC = re.compile(r"[^+#\x00]{1,200}")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """SetOptions that matter, by number."""

    responses_by_command: int = msgspec.field(default=0, name="4")
    """Answers come on `stat/…/<COMMAND>` in place of `stat/…/RESULT`."""
    swapped_buttons: int = msgspec.field(default=0, name="11")
    single_buttons: int = msgspec.field(default=0, name="13")
    relays_are_lights: int = msgspec.field(default=0, name="30")
    channels: int = msgspec.field(default=0, name="68")
    """Each PWM channel is a light of its own."""
    buttons_apart: int = msgspec.field(default=0, name="73")
    """Buttons do not switch relays: they say how they were pressed."""
    narrow_temperature: int = msgspec.field(default=0, name="82")
    switches_apart: int = msgspec.field(default=0, name="114")


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """One device; the keys are Tasmota's."""

    mac: str
    topic: str = msgspec.field(name="t")
    full_topic: str = msgspec.field(default="%prefix%/%topic%/", name="ft")
    name: str = msgspec.field(default="", name="dn")
    names: list[str | None] = msgspec.field(default_factory=list, name="fn")
    host: str = msgspec.field(default="", name="hn")
    address: str = msgspec.field(default="", name="ip")
    model: str = msgspec.field(default="", name="md")
    version: str = msgspec.field(default="", name="sw")
    online: str = msgspec.field(default="Online", name="onln")
    offline: str = msgspec.field(default="Offline", name="ofln")
    words: list[str] = msgspec.field(default_factory=lambda: ["OFF", "ON", "TOGGLE", "HOLD"], name="state")
    prefixes: list[str] = msgspec.field(default_factory=lambda: ["cmnd", "stat", "tele"], name="tp")
    relays: list[int] = msgspec.field(default_factory=list, name="rl")
    switches: list[int] = msgspec.field(default_factory=list, name="swc")
    """SwitchMode of each, -1: there is none."""
    switch_names: list[str | None] = msgspec.field(default_factory=list, name="swn")
    buttons: list[int] = msgspec.field(default_factory=list, name="btn")
    options: Options = msgspec.field(default_factory=Options, name="so")
    light: int = msgspec.field(default=0, name="lt_st")
    """0 none, 1 dimmer, 2 cold and warm, 3 RGB, 4 RGB and white, 5 RGB, cold and warm."""
    linked: int = msgspec.field(default=1, name="lk")
    """Colour and white of a light are one."""
    fan: int = msgspec.field(default=0, name="if")
    tuya: int = msgspec.field(default=0, name="ty")
    shutter_options: list[int] = msgspec.field(default_factory=list, name="sho")
    shutter_tilts: list[list[int]] = msgspec.field(default_factory=list, name="sht")
    sleeps: int = msgspec.field(default=0, name="dslp")

    def __post_init__(self) -> None:
        """Raise ValueError for what cannot be reached."""
        if len(self.words) < 2 or len(self.prefixes) != 3:
            raise ValueError("'state' and 'tp' need words for off and on, and three prefixes")
        if not self.topic or not _TOPIC.fullmatch(self.under(0)):
            raise ValueError(f"its topic {self.full_topic!r} cannot be used")

    def under(self, prefix: int) -> str:
        """Return the beginning of its topics: 0 commands, 1 answers, 2 telemetry."""
        known = {
            "%hostname%": self.host,
            "%id%": self.mac[-6:],
            "%prefix%": self.prefixes[prefix],
            "%topic%": self.topic,
        }
        topic = self.full_topic
        for word, value in known.items():
            topic = topic.replace(word, value)
        return topic if topic.endswith("/") else f"{topic}/"

    @property
    def on(self) -> str:
        """What it says when something is on."""
        return self.words[1]

    @property
    def off(self) -> str:
        """What it says when something is off."""
        return self.words[0]


class Sensors(msgspec.Struct, frozen=True, kw_only=True):
    """Its sensors: a tree with the values that they had."""

    tree: dict[str, Any] = msgspec.field(default_factory=dict, name="sn")


def read(data: bytes, kind: type[Any]) -> Any:
    """Return a message as its struct; raise ValueError with what is wrong."""
    try:
        return msgspec.json.decode(data, type=kind, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error) or "nested too deeply") from None

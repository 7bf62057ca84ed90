"""What works: lights, switches, fans, climate, media players, alarms, vacuums, mowers."""

from __future__ import annotations

from arvisd.automation.domains.comparison import Chosen, From, Is, IsNot, Muted, NumberChanges, Within
from arvisd.automation.domains.description import ConditionData, Rows, TriggerData, measured, states, switched
from arvisd.automation.domains.source import Source

_LIGHT = Source(domain="light", attribute="brightness", scale="%", factor=100 / 255, unit=None)


def _targets(domain: str, quantity: str, attribute: str, scale: str, unit: str | None = None) -> Rows:
    source = Source(domain=domain, attribute=attribute, needs=(attribute,), scale=scale, unit=unit)
    name = f"{domain}.target_{quantity}"
    return measured((source,), f"{name}_changed", f"{name}_crossed_threshold", f"{domain}.is_target_{quantity}")


_CLIMATE = (Source(domain="climate"),)
_ACTING = Source(domain="climate", attribute="hvac_action")
_HEATING = Is(("auto", "cool", "dry", "fan_only", "heat", "heat_cool"))

_HUMIDIFIER = Source(domain="humidifier", attribute="action")
_MODE = (Source(domain="humidifier", attribute="mode", needs=("mode", "available_modes")),)
_TARGET_HUMIDITY = Source(domain="humidifier", attribute="humidity", needs=("humidity",), scale="%", unit=None)

_HEATER = (Source(domain="water_heater"),)

_PLAYER = (Source(domain="media_player"),)
_VOLUMED = (Source(domain="media_player", needs=("is_volume_muted", "volume_level")),)
_VOLUME = Source(
    domain="media_player", attribute="volume_level", needs=("volume_level",), scale="%", factor=100, unit=None
)
_PLAYING = ("buffering", "playing")
_RESTING = ("idle", "off", "on")
_AWAKE = ("buffering", "idle", "on", "paused", "playing")

_ALARM = Source(domain="alarm_control_panel")
_ARMED = Is(("armed_away", "armed_custom_bypass", "armed_home", "armed_night", "armed_vacation"))

ROWS: Rows = (
    *switched("light"),
    *measured((_LIGHT,), "light.brightness_changed", "light.brightness_crossed_threshold", "light.is_brightness"),
    *switched("switch", "input_boolean"),
    *switched("fan"),
    *switched("remote"),
    *switched("siren"),
    *switched("humidifier"),
    # climate
    TriggerData("climate.turned_on", _CLIMATE, _HEATING, From(values=("off",))),
    TriggerData("climate.turned_off", _CLIMATE, Is(("off",))),
    ConditionData("climate.is_on", _CLIMATE, _HEATING),
    ConditionData("climate.is_off", _CLIMATE, Is(("off",))),
    TriggerData("climate.hvac_mode_changed", _CLIMATE, Chosen(), choice="hvac_mode"),
    ConditionData("climate.is_hvac_mode", _CLIMATE, Chosen(), choice="hvac_mode"),
    *states(
        _ACTING,
        {
            "cooling": ("climate.started_cooling", "climate.is_cooling"),
            "drying": ("climate.started_drying", "climate.is_drying"),
            "heating": ("climate.started_heating", "climate.is_heating"),
        },
    ),
    *_targets("climate", "temperature", "temperature", "°C", "temperature_unit"),
    *_targets("climate", "humidity", "humidity", "%"),
    # humidifier
    *states(
        _HUMIDIFIER,
        {
            "drying": ("humidifier.started_drying", "humidifier.is_drying"),
            "humidifying": ("humidifier.started_humidifying", "humidifier.is_humidifying"),
        },
    ),
    TriggerData("humidifier.mode_changed", _MODE, Chosen(), choice="mode"),
    ConditionData("humidifier.is_mode", _MODE, Chosen(), choice="mode"),
    ConditionData("humidifier.is_target_humidity", (_TARGET_HUMIDITY,), Within()),
    # water heater
    TriggerData("water_heater.turned_on", _HEATER, IsNot(("off",))),
    TriggerData("water_heater.turned_off", _HEATER, Is(("off",))),
    ConditionData("water_heater.is_on", _HEATER, IsNot(("off",))),
    ConditionData("water_heater.is_off", _HEATER, Is(("off",))),
    TriggerData("water_heater.operation_mode_changed", _HEATER, Chosen(), choice="operation_mode"),
    ConditionData("water_heater.is_operation_mode", _HEATER, Chosen(), choice="operation_mode"),
    *_targets("water_heater", "temperature", "temperature", "°C", "temperature_unit"),
    # media player
    TriggerData("media_player.turned_on", _PLAYER, Is(_AWAKE), From(values=("off",))),
    TriggerData("media_player.turned_off", _PLAYER, Is(("off",)), From(values=_AWAKE)),
    TriggerData("media_player.started_playing", _PLAYER, Is(_PLAYING), From(values=(*_RESTING, "paused"))),
    TriggerData("media_player.paused_playing", _PLAYER, Is(("paused",)), From(values=_PLAYING)),
    TriggerData("media_player.stopped_playing", _PLAYER, Is(_RESTING), From(values=(*_PLAYING, "paused"))),
    TriggerData("media_player.muted", _VOLUMED, Muted()),
    TriggerData("media_player.unmuted", _VOLUMED, Muted(no=True)),
    ConditionData("media_player.is_on", _PLAYER, Is(_AWAKE)),
    ConditionData("media_player.is_off", _PLAYER, Is(("off",))),
    ConditionData("media_player.is_playing", _PLAYER, Is(("playing",))),
    ConditionData("media_player.is_not_playing", _PLAYER, Is(("buffering", *_RESTING, "paused"))),
    ConditionData("media_player.is_paused", _PLAYER, Is(("paused",))),
    ConditionData("media_player.is_muted", _VOLUMED, Muted()),
    ConditionData("media_player.is_unmuted", _VOLUMED, Muted(no=True)),
    ConditionData(
        "media_player.is_current_source",
        (Source(domain="media_player", attribute="source", needs=("source",)),),
        Chosen(),
        choice="source",
    ),
    TriggerData("media_player.volume_changed", (_VOLUME,), Within(), NumberChanges(), lasting=False),
    TriggerData("media_player.volume_crossed_threshold", (_VOLUME,), Within()),
    ConditionData("media_player.is_volume", (_VOLUME,), Within()),
    # alarm
    TriggerData(
        "alarm_control_panel.armed",
        (_ALARM,),
        _ARMED,
        From(values=("arming", "disarmed", "disarming", "pending", "triggered")),
    ),
    ConditionData("alarm_control_panel.is_armed", (_ALARM,), _ARMED),
    *states(
        _ALARM,
        {
            state: (f"alarm_control_panel.{state}", f"alarm_control_panel.is_{state}")
            for state in ("armed_away", "armed_home", "armed_night", "armed_vacation", "disarmed", "triggered")
        },
    ),
    # vacuum and mower
    *states(
        Source(domain="vacuum"),
        {
            "docked": ("vacuum.returned_to_dock", "vacuum.is_docked"),
            "error": ("vacuum.errored", "vacuum.is_encountering_an_error"),
            "paused": ("vacuum.paused_cleaning", "vacuum.is_paused"),
            "cleaning": ("vacuum.started_cleaning", "vacuum.is_cleaning"),
            "returning": ("vacuum.started_returning", "vacuum.is_returning"),
        },
    ),
    *states(
        Source(domain="lawn_mower"),
        {
            "docked": ("lawn_mower.returned_to_dock", "lawn_mower.is_docked"),
            "error": ("lawn_mower.errored", "lawn_mower.is_encountering_an_error"),
            "paused": ("lawn_mower.paused_mowing", "lawn_mower.is_paused"),
            "mowing": ("lawn_mower.started_mowing", "lawn_mower.is_mowing"),
            "returning": ("lawn_mower.started_returning", "lawn_mower.is_returning"),
            "idle": ("lawn_mower.became_idle", "lawn_mower.is_idle"),
        },
    ),
    *states(
        Source(domain="assist_satellite"),
        {
            state: (f"assist_satellite.{state}", f"assist_satellite.is_{state}")
            for state in ("idle", "listening", "processing", "responding")
        },
    ),
    *states(
        Source(domain="update"),
        {"on": ("update.became_available", "update.is_available"), "off": ("", "update.is_not_available")},
    ),
)

"""Template functions `state_translated` and `state_attr_translated`: states as people say them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arvisd.automation.templates.states import StateFunctions
from arvisd.core.states import UNKNOWN

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "on": "On", "off": "Off", "unavailable": "Unavailable", "unknown": "Unknown", "home": "Home",
        "not_home": "Away", "open": "Open", "opening": "Opening", "closed": "Closed", "closing": "Closing",
        "locked": "Locked", "unlocked": "Unlocked", "jammed": "Jammed", "idle": "Idle", "playing": "Playing",
        "paused": "Paused", "active": "Active", "heat": "Heat", "cool": "Cool", "auto": "Auto", "dry": "Dry",
        "fan_only": "Fan only", "heat_cool": "Heat/cool", "cleaning": "Cleaning", "docked": "Docked",
        "returning": "Returning", "error": "Error", "mowing": "Mowing", "disarmed": "Disarmed",
        "armed_home": "Armed home", "armed_away": "Armed away", "armed_night": "Armed night", "triggered": "Triggered",
        "above_horizon": "Above horizon", "below_horizon": "Below horizon",
    },
    "ru": {
        "on": "Включено", "off": "Выключено", "unavailable": "Недоступно", "unknown": "Неизвестно", "home": "Дома",
        "not_home": "Не дома", "open": "Открыто", "opening": "Открывается", "closed": "Закрыто",
        "closing": "Закрывается", "locked": "Заперто", "unlocked": "Не заперто", "jammed": "Заклинило",
        "idle": "Бездействует", "playing": "Играет", "paused": "На паузе", "active": "Идёт", "heat": "Обогрев",
        "cool": "Охлаждение", "auto": "Авто", "dry": "Осушение", "fan_only": "Вентилятор",
        "heat_cool": "Обогрев/охлаждение", "cleaning": "Убирает", "docked": "На базе", "returning": "Возвращается",
        "error": "Ошибка", "mowing": "Косит", "disarmed": "Снято с охраны", "armed_home": "Охрана (дома)",
        "armed_away": "Охрана (не дома)", "armed_night": "Охрана (ночь)", "triggered": "Тревога",
        "above_horizon": "Над горизонтом", "below_horizon": "За горизонтом",
    },
}  # fmt: skip
"""By language and state."""
SENSED: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "door": ("Open", "Closed"), "window": ("Open", "Closed"), "garage_door": ("Open", "Closed"),
        "opening": ("Open", "Closed"), "lock": ("Unlocked", "Locked"), "motion": ("Detected", "Clear"),
        "occupancy": ("Detected", "Clear"), "smoke": ("Detected", "Clear"), "gas": ("Detected", "Clear"),
        "vibration": ("Detected", "Clear"), "moisture": ("Wet", "Dry"), "battery": ("Low", "Normal"),
        "connectivity": ("Connected", "Disconnected"), "presence": ("Home", "Away"), "problem": ("Problem", "OK"),
        "light": ("Light detected", "No light"), "battery_charging": ("Charging", "Not charging"),
    },
    "ru": {
        "door": ("Открыто", "Закрыто"), "window": ("Открыто", "Закрыто"), "garage_door": ("Открыто", "Закрыто"),
        "opening": ("Открыто", "Закрыто"), "lock": ("Не заперто", "Заперто"), "motion": ("Есть", "Нет"),
        "occupancy": ("Есть", "Нет"), "smoke": ("Есть", "Нет"), "gas": ("Есть", "Нет"), "vibration": ("Есть", "Нет"),
        "moisture": ("Мокро", "Сухо"), "battery": ("Низкий заряд", "Нормальный заряд"),
        "connectivity": ("На связи", "Нет связи"), "presence": ("Дома", "Не дома"), "problem": ("Проблема", "Всё хорошо"),
        "light": ("Светло", "Темно"), "battery_charging": ("Заряжается", "Не заряжается"),
    },
}  # fmt: skip
"""By language and device class of a binary sensor: what on and off mean."""


class WordFunctions:
    """Says states in the language of the house."""

    def __init__(self, states: StateFunctions, language: Callable[[], str]) -> None:
        self._states = states
        self._language = language

    def state_translated(self, entity_id: str) -> str:
        """Return the state as people say it; as it is, where nobody has a word for it."""
        found = self._states.find(entity_id)
        if found is None:
            return UNKNOWN
        kinds = SENSED.get(self._language(), SENSED["en"])
        kind = found.attributes.get("device_class") if found.domain == "binary_sensor" else None
        if kind in kinds and found.state in ("on", "off"):
            return kinds[kind][found.state == "off"]
        return self._word(found.state)

    def state_attr_translated(self, entity_id: str, name: str) -> Any:
        """Return an attribute as people say it."""
        found = self._states.find(entity_id)
        value = None if found is None else found.attributes.get(name)
        return self._word(value) if isinstance(value, str) else value

    def functions(self) -> dict[str, Any]:
        """Return what templates call, as filters too."""
        return {"state_translated": self.state_translated, "state_attr_translated": self.state_attr_translated}

    def _word(self, state: str) -> str:
        return WORDS.get(self._language(), WORDS["en"]).get(state, state)

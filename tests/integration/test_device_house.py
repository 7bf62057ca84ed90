"""A house of forty devices that nobody has configured, spoken with in both languages through the real daemon."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.broker import Mosquitto
from tests.simulators.daemon import DaemonProcess
from tests.simulators.mqtt_house import BASE, MqttHouse
from tests.simulators.watcher import Watcher

pytestmark = pytest.mark.integration

HOME = """
areas:
  - {id: kitchen, names: {en: Kitchen, ru: Кухня}}
  - {id: bedroom, names: {en: Bedroom, ru: Спальня}}
  - {id: living_room, names: {en: Living room, ru: Гостиная}}
  - {id: hall, names: {en: Hall, ru: Прихожая}}
  - {id: garden, names: {en: Garden, ru: Сад}}
entities:
  - {id: light.kitchen_light, names: {en: Kitchen light, ru: Кухонный свет}, area: kitchen}
  - {id: light.floor_lamp, names: {en: Floor lamp, ru: Торшер}, area: living_room}
  - {id: light.bedroom_strip_l1, names: {en: Headboard, ru: Изголовье}, area: bedroom}
  - {id: light.bedroom_strip_l2, names: {en: Shelf light, ru: Полка}, area: bedroom}
  - {id: light.hall_light, names: {en: Hall light, ru: Люстра}, area: hall}
  - {id: light.garage_light, names: {en: Garage light, ru: Лампа в гараже}}
  - {id: light.attic_light, names: {en: Attic light, ru: Лампа на чердаке}}
  - {id: switch.coffee_machine, names: {en: Coffee machine, ru: Кофеварка}, area: kitchen}
  - {id: cover.bedroom_blind, names: {en: Bedroom blind, ru: Жалюзи}, area: bedroom}
  - {id: cover.office_curtain, names: {en: Office curtain, ru: Штора}}
  - {id: lock.front_door, names: {en: Front door, ru: Входная дверь}}
  - {id: climate.living_room_radiator, names: {en: Radiator, ru: Радиатор}, area: living_room}
  - {id: fan.ceiling_fan, names: {en: Ceiling fan, ru: Вентилятор}, area: bedroom}
  - {id: sensor.kitchen_sensor_temperature, names: {en: Kitchen temperature, ru: Температура на кухне}, area: kitchen}
  - {id: switch.kettle, names: {en: Kettle, ru: Чайник}, area: kitchen}
  - {id: switch.heater, names: {en: Heater, ru: Обогреватель}}
  - {id: light.porch_light, names: {en: Porch light, ru: Фонарь}}
  - {id: light.desk_lamp, names: {en: Desk lamp, ru: Настольная лампа}}
  - {id: light.mood_light, names: {en: Mood light, ru: Ночник}}
  - {id: cover.living_room_shutter, names: {en: Shutter, ru: Ставни}, area: living_room}
  - {id: switch.garden_pump, names: {en: Garden pump, ru: Насос}, area: garden}
  - {id: switch.garden_pump_fountain, names: {en: Fountain, ru: Фонтан}, area: garden}
  - {id: light.aquarium_light, names: {en: Aquarium light, ru: Аквариум}}
  - {id: switch.boiler_relay, names: {en: Boiler, ru: Бойлер}}
  - {id: switch.sauna, names: {en: Sauna, ru: Сауна}}
  - {id: light.terrace_light, names: {en: Terrace light, ru: Терраса}}
"""

FAILED = {"en": "did not respond", "ru": "Не получилось"}
GONE = {"en": "cannot be reached", "ru": "нет связи"}
ON, OFF = "HassTurnOn", "HassTurnOff"

Z = BASE
STRIP, HALL = f"{Z}/Bedroom strip/set", f"{Z}/Hall switch/set"

TURNS: list[tuple[str, str, str, str, Any, Any]] = [
    # language, what is said, intent, topic of the command, what the device is told, what the reply holds: text, FAILED or GONE
    ("en", "turn on the kitchen light", ON, f"{Z}/Kitchen light/set", {"state": "ON"}, ""),
    ("en", "turn off the kitchen light", OFF, f"{Z}/Kitchen light/set", {"state": "OFF"}, ""),
    ("en", "set the floor lamp brightness to 50%", "HassLightSet", f"{Z}/Floor lamp/set", {"state": "ON", "brightness": 127}, ""),
    ("en", "set the floor lamp to red", "HassLightSet", f"{Z}/Floor lamp/set", {"state": "ON", "color": {}}, ""),
    ("en", "turn on the headboard", ON, STRIP, {"state_l1": "ON"}, ""),
    ("en", "turn on the shelf light", ON, STRIP, {"state_l2": "ON"}, ""),
    ("en", "turn on the hall light", ON, f"{Z}/Hall light/set", {"state": "ON"}, ""),  # answers after 1.8 s
    ("en", "turn on the garage light", ON, f"{Z}/Garage light/set", {"state": "ON"}, FAILED),
    ("en", "turn on the coffee machine", ON, f"{Z}/Coffee machine/set", {"state": "ON"}, ""),
    ("en", "open the bedroom blind", ON, f"{Z}/Bedroom blind/set", {"state": "OPEN"}, ""),
    ("en", "set the bedroom blind to 40%", "HassSetPosition", f"{Z}/Bedroom blind/set", {"position": 40}, ""),
    ("en", "open the office curtain", ON, f"{Z}/Office curtain/set", {"state": "OPEN"}, ""),
    ("en", "lock the front door", ON, "", None, ""),  # it is locked: nothing is told
    ("en", "set the radiator to 22 degrees", "HassClimateSetTemperature", f"{Z}/Living room radiator/set", {"occupied_heating_setpoint": 22}, ""),
    ("en", "turn on the ceiling fan", ON, f"{Z}/Ceiling fan/set", {"fan_state": "ON"}, ""),
    ("en", "what is the kitchen temperature", "HassGetState", "", None, "22.5"),
    ("en", "turn on the kettle", ON, "cmnd/kettle/POWER1", "ON", ""),
    ("en", "turn off the kettle", OFF, "cmnd/kettle/POWER1", "OFF", ""),
    ("en", "turn on the heater", ON, "cmnd/heater/POWER1", "ON", ""),
    ("en", "turn on the porch light", ON, "cmnd/porch/POWER1", "ON", ""),
    ("en", "set the desk lamp brightness to 70%", "HassLightSet", "cmnd/desk/Dimmer", "70", ""),
    ("en", "set the mood light to green", "HassLightSet", "cmnd/mood/Backlog", "HsbColor1 120;HsbColor2 100", ""),
    ("en", "open the shutter", ON, "cmnd/shutter/Backlog", "ShutterOpen1", ""),
    ("en", "set the shutter to 30%", "HassSetPosition", "cmnd/shutter/ShutterPosition1", "30", ""),
    ("en", "turn on the garden pump", ON, "cmnd/garden/POWER1", "ON", ""),
    ("en", "turn on the fountain", ON, "cmnd/garden/POWER2", "ON", ""),
    ("en", "turn on the aquarium light", ON, "aquarium/light/light/command", {"state": "ON"}, ""),
    ("en", "turn on the boiler", ON, "boiler/switch/relay/command", "ON", ""),
    ("en", "turn on the sauna", ON, "sauna/set", "ON", ""),
    ("en", "turn on the terrace light", ON, "terrace/set", "on,", ""),
    ("en", "is the kettle on", "HassGetState", "", None, "No"),
    ("ru", "включи кухонный свет", ON, f"{Z}/Kitchen light/set", {"state": "ON"}, ""),
    ("ru", "выключи кухонный свет", OFF, f"{Z}/Kitchen light/set", {"state": "OFF"}, ""),
    ("ru", "включи торшер", ON, f"{Z}/Floor lamp/set", {"state": "ON"}, ""),
    ("ru", "выключи торшер", OFF, f"{Z}/Floor lamp/set", {"state": "OFF"}, ""),
    ("ru", "выключи изголовье", OFF, STRIP, {"state_l1": "OFF"}, ""),
    ("ru", "выключи полку", OFF, STRIP, {"state_l2": "OFF"}, ""),
    ("ru", "выключи люстру", OFF, f"{Z}/Hall light/set", {"state": "OFF"}, ""),
    ("ru", "включи лампу в гараже", ON, f"{Z}/Garage light/set", {"state": "ON"}, FAILED),
    ("ru", "выключи кофеварку", OFF, f"{Z}/Coffee machine/set", {"state": "OFF"}, ""),
    ("ru", "закрой жалюзи", OFF, f"{Z}/Bedroom blind/set", {"state": "CLOSE"}, ""),
    ("ru", "закрой штору", OFF, f"{Z}/Office curtain/set", {"state": "CLOSE"}, ""),
    ("ru", "открой штору", ON, f"{Z}/Office curtain/set", {"state": "OPEN"}, ""),
    ("ru", "выключи вентилятор", OFF, f"{Z}/Ceiling fan/set", {"fan_state": "OFF"}, ""),
    ("ru", "включи вентилятор", ON, f"{Z}/Ceiling fan/set", {"fan_state": "ON"}, ""),
    ("ru", "включи чайник", ON, "cmnd/kettle/POWER1", "ON", ""),
    ("ru", "выключи чайник", OFF, "cmnd/kettle/POWER1", "OFF", ""),
    ("ru", "выключи обогреватель", OFF, "cmnd/heater/POWER1", "OFF", ""),
    ("ru", "включи обогреватель", ON, "cmnd/heater/POWER1", "ON", ""),
    ("ru", "выключи фонарь", OFF, "cmnd/porch/POWER1", "OFF", ""),
    ("ru", "включи фонарь", ON, "cmnd/porch/POWER1", "ON", ""),
    ("ru", "выключи настольную лампу", OFF, "cmnd/desk/POWER1", "OFF", ""),
    ("ru", "включи настольную лампу", ON, "cmnd/desk/POWER1", "ON", ""),
    ("ru", "выключи ночник", OFF, "cmnd/mood/POWER1", "OFF", ""),
    ("ru", "закрой ставни", OFF, "cmnd/shutter/Backlog", "ShutterClose1", ""),
    ("ru", "выключи насос", OFF, "cmnd/garden/POWER1", "OFF", ""),
    ("ru", "выключи фонтан", OFF, "cmnd/garden/POWER2", "OFF", ""),
    ("ru", "выключи аквариум", OFF, "aquarium/light/light/command", {"state": "OFF"}, ""),
    ("ru", "выключи бойлер", OFF, "boiler/switch/relay/command", "OFF", ""),
    ("ru", "включи бойлер", ON, "boiler/switch/relay/command", "ON", ""),
    ("ru", "выключи сауну", OFF, "sauna/set", "OFF", ""),
    ("ru", "выключи террасу", OFF, "terrace/set", "off", ""),
]  # fmt: skip


@pytest.fixture
def daemon(tmp_path: Path, mosquitto: Mosquitto) -> DaemonProcess:
    process = DaemonProcess(tmp_path, port=mosquitto.port)
    process.write(
        "configuration.yaml",
        f"mqtt: {{broker: '{mosquitto.url}'}}\nhome: !include home.yaml\nmicrophone: false\nvirtual_house: false\n",
    )
    process.write("home.yaml", HOME)
    return process


@pytest.fixture
async def house(mosquitto: Mosquitto) -> AsyncIterator[MqttHouse]:
    async with MqttHouse(mosquitto.port) as house:
        yield house


async def ids(watcher: Watcher, count: int) -> set[str]:
    """Return the entity ids that were published, once there are so many of them and no more come."""
    seen: set[str] = set()
    for _ in range(300):
        now = {".".join(m.topic.split("/")[2:]) for m in watcher.of("arvis/state/") if m.data}
        if len(now) >= count and now == seen:
            return now
        seen = now
        await asyncio.sleep(0.2)
    pytest.fail(f"only {len(seen)} of {count} entities came: {sorted(seen)}")


def fits(payload: str, wanted: Any) -> bool:
    if isinstance(wanted, str):
        return payload == wanted
    said = json.loads(payload)
    return all(key in said and (value == {} or said[key] == value) for key, value in wanted.items())


async def test_spoken_with_in_both_languages(daemon: DaemonProcess, house: MqttHouse, mosquitto: Mosquitto) -> None:
    async with Watcher(mosquitto.port, "arvis/state/#") as watcher, daemon:
        await daemon.log("ready:")
        before = await ids(watcher, 82)
        await house.measure()
        wrong = []
        for language, text, intent, topic, command, reply in TURNS:
            told = len(house.told(topic))
            turn = await house.ask(text, language)
            new = house.told(topic)[told:]
            expected = reply[language] if isinstance(reply, dict) else reply
            said = turn["reply"] or ""
            lied = isinstance(reply, str) and any(words[language] in said for words in (FAILED, GONE))
            done = command is None or any(fits(payload, command) for payload in new)
            if turn["intent"] != intent or not done or expected not in said or lied or not said:
                wrong.append((text, turn["intent"], new, said, turn["outcome"]))
        assert wrong == []
        assert {language: sum(t[0] == language for t in TURNS) for language in ("en", "ru")} == {"en": 31, "ru": 31}

        # the attic loses its network, and comes back
        await house.say(f"{BASE}/Attic light/availability", {"state": "offline"}, retain=True)
        await watcher.wait("arvis/state/light/attic_light", state="unavailable")
        for language, text in (("en", "turn on the attic light"), ("ru", "включи лампу на чердаке")):
            assert GONE[language] in (await house.ask(text, language))["reply"]
        assert house.told(f"{BASE}/Attic light/set") == []
        await house.say(f"{BASE}/Attic light/availability", {"state": "online"}, retain=True)
        await asyncio.sleep(0.3)
        turn = await house.ask("turn on the attic light", "en")
        assert turn["outcome"] == "answered"
        assert house.told(f"{BASE}/Attic light/set")

        # the bridge restarts, all is sent again, and somebody sends nonsense
        await house.say(f"{BASE}/bridge/state", {"state": "offline"}, retain=True)
        await house.say("homeassistant/switch/broken/config", '{"name": "Broken", "cmd_t"', retain=True)
        await house.say(f"{BASE}/Kitchen light", '{"state": "ON", "bri')
        await house.announce()
        await asyncio.sleep(1)
        turn = await house.ask("выключи торшер", "ru")
        assert turn["outcome"] == "answered", turn
        assert await ids(watcher, len(before)) - {"assist_satellite.desk"} == before
    problems = [line for line in daemon.lines if "Traceback" in line or "ERROR" in line]
    assert problems == []


async def test_ids_are_the_same_after_a_restart(daemon: DaemonProcess, house: MqttHouse, mosquitto: Mosquitto) -> None:
    async with Watcher(mosquitto.port, "arvis/state/#") as watcher, daemon:
        await daemon.log("ready:")
        before = await ids(watcher, 82)
    for number in range(3):  # whoever comes first now is another
        await house.say(f"homeassistant/switch/sauna{number}/config", {"name": "Sauna", "uniq_id": f"s{number}", "cmd_t": f"sauna{number}/set"}, retain=True)  # fmt: skip
    async with Watcher(mosquitto.port, "arvis/state/#") as watcher:
        await daemon.start()
        await daemon.log("ready:")
        after = await ids(watcher, len(before) + 3)
        await house.measure()
        await watcher.wait("arvis/state/sensor/kitchen_sensor_temperature", state="22.5")
        turn = await house.ask("turn on the kettle", "en")
        which = await house.ask("turn on the sauna", "en")
        await daemon.stop()
    assert after - before == {"switch.sauna_2", "switch.sauna_3", "switch.sauna_4"}
    assert before <= after
    assert house.told("cmnd/kettle/POWER1") == ["ON"], turn
    assert which["intent"] == "HassTurnOn"
    assert house.told("sauna/set") == []  # four of one name: it is asked which, not guessed

"""A house of forty devices on a real broker, as awkward as a real one.

States come late, a lamp in the garage refuses, the one in the attic loses its network, sensors are silent until they have
something to say, and wrong JSON comes now and then. What the devices were told stands in `commands`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Self

import aiomqtt

from tests.simulators import zigbee2mqtt as z
from tests.simulators.esphome import component
from tests.simulators.tasmota import ENERGY, config, sensors

BASE = "zigbee2mqtt"


def _address(number: int) -> str:
    return f"0x00158d00{number:08x}"


ZIGBEE = [
    z.device(_address(1), "Kitchen light", z.light("brightness", "color_temp")),
    z.device(_address(2), "Floor lamp", z.light("brightness", "color_xy", "color_temp"), z.enum("effect", "blink", "breathe", access=2)),
    z.device(_address(3), "Bedroom strip", z.light("brightness", endpoint="l1"), z.light("brightness", endpoint="l2")),
    z.device(_address(4), "Hall light", z.light("brightness")),
    z.device(_address(5), "Garage light", z.light()),
    z.device(_address(6), "Attic light", z.light()),
    z.device(_address(7), "Coffee machine", z.switch(), z.numeric("power", "W")),
    z.device(_address(8), "Hall switch", z.switch("left"), z.switch("right")),
    z.device(_address(9), "Bedroom blind", z.cover("position")),
    z.device(_address(10), "Office curtain", z.cover()),
    z.device(_address(11), "Front door", z.lock(), type_="EndDevice"),
    z.device(_address(12), "Living room radiator", z.climate(), type_="EndDevice"),
    z.device(_address(13), "Ceiling fan", z.fan("off", "low", "medium", "high")),
    z.device(_address(14), "Kitchen sensor", z.numeric("temperature", "°C"), z.numeric("humidity", "%"), z.numeric("battery", "%"), type_="EndDevice"),
    z.device(_address(15), "Bedroom sensor", z.numeric("temperature", "°C"), type_="EndDevice"),
    z.device(_address(16), "Balcony window", z.binary("contact", False, True), type_="EndDevice"),
    z.device(_address(17), "Hall motion", z.binary("occupancy", True, False), type_="EndDevice"),
    z.device(_address(18), "Remote", z.enum("action", "single", "double"), type_="EndDevice"),
    z.device(_address(19), "Sink", z.binary("water_leak", True, False), type_="EndDevice"),
    z.device(_address(20), "Siren", z.binary("alarm", "ON", "OFF", z.ALL), z.numeric("duration", "s", z.ALL)),
]  # fmt: skip

TASMOTA = [
    config("A4CF12000001", "kettle", "Kettle", [1]),
    config("A4CF12000002", "heater", "Heater", [1]),
    config("A4CF12000003", "porch", "Porch light", [1], so30=1),
    config("A4CF12000004", "desk", "Desk lamp", [2], lt_st=1),
    config("A4CF12000005", "mood", "Mood light", [2], lt_st=5),
    config("A4CF12000006", "shutter", "Living room shutter", [3, 3], sho=[0]),
    config("A4CF12000007", "bathfan", "Bathroom fan", [1, 1, 1, 1], **{"if": 1}),
    config("A4CF12000008", "garden", "Garden pump", [1, 1], fn=["Garden pump", "Fountain"]),
]

ESPHOME = [
    component("aquarium", "light", "light", "Light", brightness=True, sup_clrm=["brightness"]),
    component("cellar", "light", "light", "Light", sup_clrm=["onoff"]),
    component("boiler", "switch", "relay", "Relay"),
    component("greenhouse", "sensor", "temperature", "Temperature", dev_cla="temperature", unit_of_meas="°C"),
    component("mailbox", "binary_sensor", "lid", "Lid", dev_cla="door"),
    component("garage", "cover", "door", "Door", dev_cla="garage", pos_t="garage/cover/door/position/state"),
    component("printer", "switch", "power", "Power"),
    component("balcony", "light", "light", "Light", brightness=True, sup_clrm=["rgb"]),
]

RAW = [
    ("homeassistant/switch/sauna/config", {"~": "sauna", "name": "Sauna", "uniq_id": "sauna", "stat_t": "~/state", "cmd_t": "~/set"}),
    ("homeassistant/device/weather/config", {
        "dev": {"ids": ["weather1"], "name": "Weather station"},
        "o": {"name": "rtl_433"},
        "~": "weather",
        "cmps": {
            "t": {"p": "sensor", "uniq_id": "w_t", "dev_cla": "temperature", "unit_of_meas": "°C", "stat_t": "~/all", "val_tpl": "{{ value_json.temperature_C }}"},
            "h": {"p": "sensor", "uniq_id": "w_h", "dev_cla": "humidity", "unit_of_meas": "%", "stat_t": "~/all", "val_tpl": "{{ value_json.humidity }}"},
        },
    }),
    ("homeassistant/light/terrace/config", {
        "name": "Terrace light", "uniq_id": "terrace", "schema": "template", "cmd_t": "terrace/set", "stat_t": "terrace/state",
        "cmd_on_tpl": "on,{{ brightness|d }}", "cmd_off_tpl": "off", "stat_tpl": "{{ value.split(',')[0] }}", "bri_tpl": "{{ value.split(',')[1] }}",
    }),
    ("homeassistant/scene/party/config", {"name": "Party", "uniq_id": "party", "cmd_t": "scenes/party", "pl_on": "go"}),
]  # fmt: skip

LATE = {"Hall light": 1.8, "Bedroom blind": 0.6, "kettle": 0.8, "aquarium": 0.5}
"""Seconds that these take to answer; the others 0.05."""

REFUSING = {"Garage light"}
"""Devices that hear and do nothing."""


class MqttHouse:
    """The devices; entered, they are at the broker."""

    def __init__(self, port: int) -> None:
        self._client = aiomqtt.Client("127.0.0.1", port, identifier="house")
        self._states: dict[str, dict[str, Any]] = {}
        self._retained: dict[str, Any] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.commands: list[tuple[str, str]] = []
        """What the devices were told: topic and payload."""
        self.turns: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        for filter_ in (f"{BASE}/+/set", f"{BASE}/+/get", "cmnd/#", "+/+/+/command", "sauna/set", "terrace/set", "scenes/party", "arvis/site/+/turn"):  # fmt: skip
            await self._client.subscribe(filter_, qos=1)
        self._spawn(self._listen())
        await self.announce()
        await self.report()
        return self

    async def __aexit__(self, *exc: Any) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.__aexit__(*exc)

    async def announce(self) -> None:
        """Say what there is, all of it retained: what a restart of all bridges sends again."""
        await self.say(f"{BASE}/bridge/info", z.info(availability=True), retain=True)
        await self.say(f"{BASE}/bridge/state", {"state": "online"}, retain=True)
        await self.say(f"{BASE}/bridge/devices", [z.COORDINATOR, *ZIGBEE], retain=True)
        for device in ZIGBEE:
            await self.say(f"{BASE}/{device['friendly_name']}/availability", {"state": "online"}, retain=True)
        for device in TASMOTA:
            tree = {"ENERGY": ENERGY} if device["t"] == "heater" else {}
            await self.say(f"tasmota/discovery/{device['mac']}/config", device, retain=True)
            await self.say(f"tasmota/discovery/{device['mac']}/sensors", sensors(**tree), retain=True)
            await self.say(f"tele/{device['t']}/LWT", "Online", retain=True)
        for topic, payload in (*ESPHOME, *RAW):
            await self.say(topic, payload, retain=True)
            if "avty_t" in payload:
                await self.say(payload["avty_t"], "online", retain=True)

    async def report(self) -> None:
        """Say the first states: of what is retained, and of what measures."""
        for node, platform in (("aquarium", "light"), ("cellar", "light"), ("balcony", "light")):
            await self.say(f"{node}/{platform}/light/state", {"state": "OFF"}, retain=True)
        for topic in ("boiler/switch/relay", "printer/switch/power"):
            await self.say(f"{topic}/state", "OFF", retain=True)
        await self.say("greenhouse/sensor/temperature/state", "27.5", retain=True)
        await self.say("mailbox/binary_sensor/lid/state", "OFF", retain=True)
        await self.say("garage/cover/door/state", "closed", retain=True)
        await self.say("sauna/state", "OFF", retain=True)
        await self.say("terrace/state", "off,0", retain=True)
        await self.measure()

    async def measure(self) -> None:
        """Say what sensors say when something changes."""
        await self.say("weather/all", {"temperature_C": -3, "humidity": 81})
        for name, state in {
            "Kitchen sensor": {"temperature": 22.5, "humidity": 46, "battery": 88},
            "Bedroom sensor": {"temperature": 19},
            "Balcony window": {"contact": False},
            "Hall motion": {"occupancy": False},
            "Sink": {"water_leak": False},
            "Front door": {"state": "LOCK", "lock_state": "locked"},
            "Living room radiator": {"system_mode": "heat", "occupied_heating_setpoint": 20, "local_temperature": 20.5, "running_state": "idle"},
        }.items():  # fmt: skip
            await self._zigbee_says(name, state | {"linkquality": 100})

    async def say(self, topic: str, payload: Any, *, retain: bool = False) -> None:
        """Publish."""
        data = payload if isinstance(payload, str | bytes) else json.dumps(payload)
        await self._client.publish(topic, data, qos=1, retain=retain)

    async def ask(self, text: str, language: str, within: float = 30.0) -> dict[str, Any]:
        """Return the trace of a typed turn."""
        session = f"house-{len(self.commands)}-{asyncio.get_running_loop().time()}"
        await self.say("arvis/site/desk/text", {"text": text, "language": language, "session": session})
        async with asyncio.timeout(within):
            while True:
                turn = await self.turns.get()
                if turn["session"] == session:
                    return turn

    def told(self, topic: str) -> list[str]:
        """Return what a topic was told."""
        return [payload for where, payload in self.commands if where == topic]

    async def _listen(self) -> None:
        async for message in self._client.messages:
            topic, data = str(message.topic), bytes(message.payload).decode()  # type: ignore[arg-type]
            if topic.startswith("arvis/"):
                self.turns.put_nowait(json.loads(data))
                continue
            if not topic.endswith("/get") and not topic.endswith(("/STATE", "/STATUS")):
                self.commands.append((topic, data))
            self._spawn(self._obey(topic, data))

    async def _obey(self, topic: str, data: str) -> None:
        parts = topic.split("/")
        name = parts[1] if parts[0] in (BASE, "cmnd") else parts[0]
        if name in REFUSING:
            return
        await asyncio.sleep(LATE.get(name, 0.05))
        if parts[0] == BASE:
            await self._zigbee_says(name, _zigbee_after(json.loads(data)) if parts[2] == "set" else {})
        elif parts[0] == "cmnd":
            await self._tasmota(name, parts[2], data)
        elif parts[-1] == "command":
            await self._esphome(topic.removesuffix("/command"), data)
        elif parts[0] == "sauna":
            await self.say("sauna/state", data, retain=True)
        elif parts[0] == "terrace":
            await self.say("terrace/state", data if "," in data else f"{data},0", retain=True)

    async def _zigbee_says(self, name: str, change: dict[str, Any]) -> None:
        state = self._states.setdefault(name, _first_zigbee_state(name))
        state |= change
        await self.say(f"{BASE}/{name}", state)

    async def _tasmota(self, topic: str, command: str, data: str) -> None:
        state = self._states.setdefault(topic, _first_tasmota_state(topic))
        if command == "STATUS":
            tree = {key: value for key, value in state.items() if key.startswith("Shutter")}
            await self.say(
                f"stat/{topic}/STATUS10", {"StatusSNS": tree | ({"ENERGY": ENERGY} if topic == "heater" else {})}
            )
            return
        if command == "STATE":
            await self.say(f"stat/{topic}/RESULT", state)
            return
        for one in data.split(";") if command == "Backlog" else [f"{command} {data}"]:
            state |= _tasmota_after(state, *one.strip().partition(" ")[::2])
        await self.say(f"stat/{topic}/RESULT", state)

    async def _esphome(self, topic: str, data: str) -> None:
        if "/cover/" in topic:
            await self.say(f"{topic}/state", {"OPEN": "opening", "CLOSE": "closing"}.get(data, "stopped"), retain=True)
            return
        await self.say(f"{topic}/state", data, retain=True)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _first_zigbee_state(name: str) -> dict[str, Any]:
    if name == "Bedroom strip":
        return {"state_l1": "OFF", "state_l2": "OFF"}
    if name == "Hall switch":
        return {"state_left": "OFF", "state_right": "OFF"}
    if "light" in name or name in ("Floor lamp", "Coffee machine"):
        return {"state": "OFF"}
    return {"Bedroom blind": {"position": 0}, "Office curtain": {"state": "CLOSE"}, "Ceiling fan": {"fan_state": "OFF"}, "Siren": {"alarm": "OFF"}}.get(name, {})  # fmt: skip


def _zigbee_after(command: dict[str, Any]) -> dict[str, Any]:
    after = dict(command)
    if "color" in command:
        after["color_mode"] = "xy"
    if "color_temp" in command:
        after["color_mode"] = "color_temp"
    words: dict[Any, Callable[[], dict[str, Any]]] = {
        "OPEN": lambda: {"position": 100},
        "CLOSE": lambda: {"position": 0},
        "LOCK": lambda: {"lock_state": "locked"},
        "UNLOCK": lambda: {"lock_state": "unlocked"},
    }
    return after | words.get(command.get("state"), dict)()


def _first_tasmota_state(topic: str) -> dict[str, Any]:
    if topic == "shutter":
        return {"Shutter1": {"Position": 0, "Direction": 0, "Target": 0}}
    if topic == "bathfan":
        return {"POWER1": "OFF", "FanSpeed": 0}
    if topic == "garden":
        return {"POWER1": "OFF", "POWER2": "OFF"}
    return {"POWER": "OFF"} | {"desk": {"Dimmer": 10}, "mood": {"Dimmer": 10, "HSBColor": "0,0,10", "White": 10, "CT": 300}}.get(topic, {})  # fmt: skip


def _tasmota_after(state: dict[str, Any], command: str, value: str) -> dict[str, Any]:
    if command.startswith("POWER"):
        return {command if command in state else "POWER": value}
    if command.startswith("Shutter"):
        position = {"ShutterOpen1": 100, "ShutterClose1": 0}.get(command, int(value) if value else 50)
        return {"Shutter1": {"Position": position, "Direction": 0, "Target": position}}
    if command in ("HsbColor1", "HsbColor2"):
        hsb = state["HSBColor"].split(",")
        hsb[int(command[-1]) - 1] = value
        return {"HSBColor": ",".join(hsb), "White": 0}
    number = {command: int(value)}
    return number | ({"POWER": "ON"} if command == "Dimmer" else {}) | ({"White": 10} if command == "CT" else {})

"""A real Home Assistant core in a virtual environment of its own, with its MQTT integration set up and a token to ask it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import os
import signal
import subprocess
import time
from functools import cache
from pathlib import Path
from typing import Any, Self

import aiohttp
import pytest

from tests.simulators.broker import free_port

ROOT = Path(__file__).parents[2]
LAUNCHER = Path(__file__).with_name("home_assistant_launcher.py")
KEY = "k" * 64
"""Signs the token; nobody outside of the test ever sees the instance."""
CREATED = "2025-01-01T00:00:00+00:00"


def python() -> Path:
    """Return the Python of the environment that `make test-hubs` makes."""
    return Path(os.environ.get("ARVISD_HOME_ASSISTANT", ROOT / ".venv-hubs" / "bin" / "python"))


@cache
def missing() -> str:
    """Return why Home Assistant cannot be run here, with the remedy; empty when it can."""
    if not python().exists():
        return f"no Home Assistant at {python()}: 'make test-hubs' installs it where there is a Python 3.13"
    tried = subprocess.run([python(), "-c", "import homeassistant.bootstrap, paho.mqtt"], capture_output=True)
    return "" if tried.returncode == 0 else f"Home Assistant at {python()} does not import: {tried.stderr[-300:]!r}"


class HomeAssistant:
    """One instance; `async with` starts it, waits until it answers, and ends it."""

    def __init__(self, folder: Path, mqtt_port: int, automations: str = "[]", more: str = "") -> None:
        """Prepare; `more`: further sections of its configuration."""
        self.folder = folder
        self.port = free_port()
        self._log = folder / "home-assistant.out"
        storage = folder / ".storage"
        storage.mkdir(parents=True)
        for name, data, minor in (("auth", _auth(), 1), ("core.config_entries", _entries(mqtt_port), 5)):
            document = {"version": 1, "minor_version": minor, "key": name, "data": data}
            (storage / name).write_text(json.dumps(document))
        (folder / "configuration.yaml").write_text(
            f"http: {{server_host: 127.0.0.1, server_port: {self.port}}}\n"
            "api:\n"
            "homeassistant: {name: test, latitude: 0, longitude: 0, elevation: 0, unit_system: metric, time_zone: UTC}\n"
            f"automation: !include automations.yaml\n{more}"
        )
        (folder / "automations.yaml").write_text(automations)
        self._headers = {"Authorization": f"Bearer {_token()}"}

    async def __aenter__(self) -> Self:
        self._out = self._log.open("wb")
        self._process = await asyncio.create_subprocess_exec(
            str(python()), str(LAUNCHER), str(self.folder), stdout=self._out, stderr=subprocess.STDOUT
        )
        self._client = aiohttp.ClientSession(f"http://127.0.0.1:{self.port}", headers=self._headers)
        deadline = time.monotonic() + 60
        while not await self._answers():
            if self._process.returncode is not None or time.monotonic() > deadline:
                pytest.fail(f"Home Assistant does not come up:\n{self.log[-5000:]}")
            await asyncio.sleep(0.1)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._process.wait(), 15)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        self._out.close()
        print(self.log)

    @property
    def log(self) -> str:
        """What it wrote so far."""
        return self._log.read_text(errors="replace")

    async def states(self) -> dict[str, dict[str, Any]]:
        """Return every state by entity id."""
        async with self._client.get("/api/states") as answer:
            return {state["entity_id"]: state for state in await answer.json()}

    async def wait(self, entity_id: str, state: str | None, within: float = 20.0) -> dict[str, Any]:
        """Return an entity once it has that state, or {} once it is gone for `None`; fail with all states."""
        deadline = time.monotonic() + within
        while True:
            states = await self.states()
            found = states.get(entity_id, {})
            if found.get("state") == state:
                return found
            if time.monotonic() > deadline:
                shown = "\n".join(f"  {id_} {s['state']}" for id_, s in states.items())
                pytest.fail(f"{entity_id} is not {state!r} within {within} s; there are:\n{shown}\n{self.log[-3000:]}")
            await asyncio.sleep(0.1)

    async def call(self, action: str, entity_id: str | None, **data: Any) -> None:
        """Do an action as a click on the dashboard does it."""
        path = f"/api/services/{action.replace('.', '/')}"
        async with self._client.post(path, json={**data, **({"entity_id": entity_id} if entity_id else {})}) as answer:
            assert answer.status == 200, await answer.text()

    async def render(self, template: str) -> Any:
        """Return what a template gives, read as JSON."""
        async with self._client.post("/api/template", json={"template": template}) as answer:
            assert answer.status == 200, await answer.text()
            return json.loads(await answer.text())

    async def _answers(self) -> bool:
        try:
            async with self._client.get("/api/config") as answer:
                return answer.status == 200 and (await answer.json())["state"] == "RUNNING"
        except aiohttp.ClientError:
            return False


def _auth() -> dict[str, Any]:
    user = {"id": "u1", "group_ids": ["system-admin"], "is_owner": True, "is_active": True, "name": "test"}
    token = {
        "id": "r1", "user_id": "u1", "client_id": None, "client_name": "test", "client_icon": None,
        "token_type": "long_lived_access_token", "created_at": CREATED, "access_token_expiration": 315_360_000.0,
        "token": "t" * 128, "jwt_key": KEY, "last_used_at": None, "last_used_ip": None, "expire_at": None,
        "credential_id": None, "version": "2025.2.5",
    }  # fmt: skip
    return {
        "users": [user | {"system_generated": False, "local_only": False}],
        "groups": [{"id": "system-admin", "name": "Administrators"}, {"id": "system-users", "name": "Users"}],
        "credentials": [],
        "refresh_tokens": [token],
    }


def _entries(mqtt_port: int) -> dict[str, Any]:
    data = {"broker": "127.0.0.1", "port": mqtt_port, "discovery": True, "discovery_prefix": "homeassistant"}
    entry = {
        "entry_id": "mqtt1", "domain": "mqtt", "title": "mqtt", "data": data, "options": {}, "version": 1,
        "minor_version": 2, "created_at": CREATED, "modified_at": CREATED, "disabled_by": None, "discovery_keys": {},
        "pref_disable_new_entities": False, "pref_disable_polling": False, "source": "user", "unique_id": None,
    }  # fmt: skip
    return {"entries": [entry]}


def _token() -> str:
    """Return a long-lived access token: a JSON Web Token signed by HS256."""
    now = int(time.time())
    parts = ({"alg": "HS256", "typ": "JWT"}, {"iss": "r1", "iat": now - 60, "exp": now + 86_400})
    signed = b".".join(_base64(json.dumps(part).encode()) for part in parts)
    return (signed + b"." + _base64(hmac.new(KEY.encode(), signed, hashlib.sha256).digest())).decode()


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")

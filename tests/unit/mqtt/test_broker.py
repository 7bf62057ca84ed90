"""What can be told of the embedded broker without starting it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from arvisd.mqtt import broker
from arvisd.mqtt.request import embedded_settings
from arvisd.mqtt.settings import EmbeddedSettings, MqttSettings


def test_the_hint_names_the_program_and_what_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker.shutil, "which", lambda name, path=None: "/usr/sbin/mosquitto" if path else None)
    assert broker.mosquitto_hint() == (
        "mosquitto is installed (/usr/sbin/mosquitto): faster, and with MQTT 5. To use it: start it "
        "(systemctl start mosquitto) and write 'mqtt: {broker: mqtt://localhost}' in configuration.yaml"
    )
    monkeypatch.setattr(broker.shutil, "which", lambda name, path=None: None)
    assert broker.mosquitto_hint() is None


def test_clients_of_the_embedded_broker_know_its_address_and_password(tmp_path: Path) -> None:
    settings = MqttSettings(embedded=EmbeddedSettings(port=1999, username="u", password="p"))
    found = embedded_settings(settings, tmp_path / "none")
    assert (found.broker, found.username, found.password, found.protocol) == (
        "mqtt://127.0.0.1:1999",
        "u",
        "p",
        "3.1.1",
    )
    (tmp_path / "address").write_text("mqtt://127.0.0.1:2001\n")
    assert embedded_settings(settings, tmp_path / "address").broker == "mqtt://127.0.0.1:2001"


def test_amqtt_and_aiomqtt_are_imported_only_by_those_who_use_them() -> None:
    code = (
        "import sys, arvisd.mqtt.broker, arvisd.mqtt.client, arvisd.mqtt.paho_wire, arvisd.mqtt.mirror\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'amqtt', 'aiomqtt', 'websockets', 'yaml'}))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"

"""The embedded broker: what a newcomer's daemon speaks MQTT with before there is any other."""

from __future__ import annotations

import base64
import contextlib
import errno
import logging
import os
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from arvisd.core.clock import Clock, TimerHandle
from arvisd.core.errors import SetupError
from arvisd.mqtt.errors import MqttError
from arvisd.mqtt.request import Remote, embedded_settings
from arvisd.mqtt.settings import Address, MqttSettings, is_loopback

if TYPE_CHECKING:
    from arvisd.mqtt.amqtt_broker import MendedBroker

_LOGGER = logging.getLogger(__name__)

PORTS_TRIED = 20
"""How many ports above the wanted one are looked at."""
SAVE_EVERY = 60.0
"""Seconds between saving what others had kept; a clean stop saves too."""


class Kept(msgspec.Struct, frozen=True):
    """One kept message in the file."""

    topic: str
    qos: int
    payload: str
    """Base64."""


class EmbeddedBroker:
    """amqtt in the daemon's own event loop, on loopback unless configured otherwise.

    What others had kept at it (their discovery, their states) is saved, so that it is there again after a
    restart; what is below the daemon's own root is not, since the daemon sends that again itself.
    """

    def __init__(
        self,
        settings: MqttSettings,
        clock: Clock,
        *,
        address_file: Path | None = None,
        retained_file: Path | None = None,
    ) -> None:
        """Prepare a broker.

        Args:
            settings: the `mqtt:` section.
            clock: times the saving.
            address_file: gets the address, so that the command line finds it on whatever port it is.
            retained_file: keeps what others had kept.
        """
        self._settings = settings
        self._clock = clock
        self._address_file = address_file
        self._retained_file = retained_file
        self._broker: MendedBroker | None = None
        self._timer: TimerHandle | None = None
        self._saved: dict[str, tuple[bytes, int]] = {}
        self.address: Address | None = None
        """Where it listens while it runs."""

    @property
    def client_settings(self) -> MqttSettings:
        """The settings with which the daemon's own client reaches it."""
        assert self.address is not None, "the broker is not running"
        return msgspec.structs.replace(embedded_settings(self._settings, None), broker=str(self.address))

    async def start(self) -> Address:
        """Listen; raise SetupError, with the remedy, when that cannot be."""
        embedded = self._settings.embedded
        if not is_loopback(embedded.host) and not (embedded.username and embedded.password):
            raise SetupError(
                f"the embedded broker would be open to everybody at {embedded.host}: "
                "set mqtt.embedded.username and mqtt.embedded.password, or leave mqtt.embedded.host out"
            )
        port = await self._free_port()
        from arvisd.mqtt.amqtt_broker import MendedBroker  # its import is paid only by those who use it

        _quieten()
        broker = MendedBroker(embedded.host, port, embedded.username, embedded.password)
        try:
            await broker.start()
        except Exception as error:  # amqtt wraps whatever happens in errors of its own
            raise SetupError(f"the embedded broker cannot listen at {embedded.host}:{port}: {error}") from error
        self._broker = broker
        self._saved = self._read_kept()
        broker.restore(self._saved)
        self._save_later()
        reached_at = "127.0.0.1" if embedded.host in ("0.0.0.0", "") else embedded.host  # noqa: S104
        self.address = Address(reached_at, port)
        if port != embedded.port:
            _LOGGER.warning("port %d is taken: the embedded broker listens at %s", embedded.port, self.address)
        self._tell_address()
        return self.address

    def _tell_address(self) -> None:
        """Write down where it listens; the commands find it at the configured port without that."""
        if self._address_file is not None:
            try:
                _write(self._address_file, f"{self.address}\n".encode())
            except OSError as error:
                _LOGGER.warning("cannot write the broker's address to %s: %s", self._address_file, error)

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._timer is not None:
            self._timer.cancel()
        broker, self._broker = self._broker, None
        if broker is not None:
            self._save(broker)
            await broker.end(self._clock)
        if self._address_file is not None:
            with contextlib.suppress(OSError):  # a folder that cannot be written holds none
                self._address_file.unlink(missing_ok=True)

    async def _free_port(self) -> int:
        """Return the configured port or the next one that is free."""
        host, first = self._settings.embedded.host, self._settings.embedded.port
        for port in range(first, first + PORTS_TRIED) if first else [0]:
            try:
                return _probe(host, port)
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise SetupError(
                        f"the embedded broker cannot listen at {host}:{port}: {error.strerror}: check mqtt.embedded"
                    ) from error
            if port == first and await self._is_taken_by_us(port):
                raise SetupError(
                    f"another arvisd is running: its broker answers at port {port}; "
                    "stop it, or give this one another mqtt.embedded.port and another mqtt.root"
                )
        raise SetupError(f"no port from {first} to {first + PORTS_TRIED - 1} is free: set mqtt.embedded.port")

    async def _is_taken_by_us(self, port: int) -> bool:
        there = msgspec.structs.replace(
            embedded_settings(self._settings, None),
            broker=f"{self._settings.embedded.host}:{port}",
            protocol="auto",
            connect_timeout=1.0,
        )
        try:
            async with Remote(there, clock=self._clock):
                return True
        except MqttError:
            return False

    # ---- what others had kept

    def _save_later(self) -> None:
        if self._retained_file is not None:
            self._timer = self._clock.call_later(SAVE_EVERY, self._save_now)

    def _save_now(self) -> None:
        if self._broker is not None:
            self._save(self._broker)
            self._save_later()

    def _save(self, broker: MendedBroker) -> None:
        own = f"{self._settings.root}/"
        kept = {topic: entry for topic, entry in broker.kept().items() if not topic.startswith(own)}
        if self._retained_file is None or kept == self._saved:
            return
        lines = [
            msgspec.json.encode(Kept(topic, qos, base64.b64encode(payload).decode())) + b"\n"
            for topic, (payload, qos) in kept.items()
        ]
        try:
            _write(self._retained_file, b"".join(lines))
        except OSError as error:
            _LOGGER.warning("cannot save what the broker keeps to %s: %s", self._retained_file, error)
            return
        self._saved = kept

    def _read_kept(self) -> dict[str, tuple[bytes, int]]:
        kept: dict[str, tuple[bytes, int]] = {}
        if self._retained_file is None or not self._retained_file.exists():
            return kept
        decoder = msgspec.json.Decoder(Kept)
        try:
            for line in self._retained_file.read_bytes().splitlines():
                entry = decoder.decode(line)
                kept[entry.topic] = (base64.b64decode(entry.payload), entry.qos)
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            _LOGGER.warning("cannot read all that the broker kept from %s: %s", self._retained_file, error)
        return kept


def mosquitto_hint() -> str | None:
    """Return the line that tells how to use the mosquitto of this machine, None where there is none."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        return None
    return (
        f"mosquitto is installed ({program}): faster, and with MQTT 5. To use it: start it "
        "(systemctl start mosquitto) and write 'mqtt: {broker: mqtt://localhost}' in configuration.yaml"
    )


def _probe(host: str, port: int) -> int:
    """Return the port if it can be listened on (for 0: any that can); raise OSError if not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen()
        return int(probe.getsockname()[1])


def _quieten() -> None:
    """Leave only what a person can act on: amqtt tells of every connection, and of every port scan as an error.

    A message that a client went away without acknowledging it is a traceback there, each of them.
    """
    for name in ("amqtt", "transitions"):
        logging.getLogger(name).setLevel(logging.ERROR)
    scans = logging.getLogger("amqtt.broker")
    if not any(isinstance(f, _Noise) for f in scans.filters):
        scans.addFilter(_Noise())


class _Noise(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        said = str(record.msg)
        unanswered = said.startswith("Task failed") and record.exc_info and record.exc_info[0] is TimeoutError
        return not (unanswered or said.startswith("No data from"))


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise

"""A private PulseAudio with a virtual microphone and a virtual speaker, for the daemon and for tests in their own process.

`vmic` is a sink that what is said is played into; the source `mic` hears it. `vspk` is the speaker; its
monitor hears what comes out of it. ALSA, and so PortAudio, reaches both as `default`, and by the names
`Test microphone` (`arvis_mic`) and `Test speaker` (`arvis_spk`).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

PROGRAMS = ("pulseaudio", "paplay", "parec", "pactl")
NEEDED = "apt-get install -y pulseaudio pulseaudio-utils libasound2-plugins libportaudio2"
READY_SECONDS = 15.0

_SOCKET = "load-module module-native-protocol-unix socket={folder}/pulse.sock auth-anonymous=1"
_DEVICES = """\
load-module module-null-sink sink_name=vspk rate=48000 channels=2
load-module module-null-sink sink_name=vmic rate=16000 channels=1
load-module module-remap-source source_name=mic master=vmic.monitor
set-default-sink vspk
set-default-source mic
"""

_ALSA = """\
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse hint { show on description "Default" } }
ctl.!default { type pulse }
pcm.arvis_mic { type pulse device mic hint { show on description "Test microphone" } }
pcm.arvis_spk { type pulse device vspk hint { show on description "Test speaker" } }
"""


def missing() -> str | None:
    """Say what this machine lacks for a sound server; None: nothing."""
    absent = [program for program in PROGRAMS if shutil.which(program) is None]
    return f"no {', '.join(absent)}: {NEEDED}" if absent else None


class SoundServer:
    """One PulseAudio in a folder of its own; use it as a context manager."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="arvis-sound-"))
        self.folder.chmod(0o700)
        (self.folder / "server.pa").write_text(_SOCKET.format(folder=self.folder) + "\n" + _DEVICES)
        (self.folder / "asound.conf").write_text(_ALSA)
        self._process: subprocess.Popen[bytes] | None = None
        self._awake: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to reach this server, and no other."""
        return {
            "XDG_RUNTIME_DIR": str(self.folder),
            "PULSE_SERVER": f"unix:{self.folder}/pulse.sock",
            "PULSE_RUNTIME_PATH": str(self.folder / "run"),
            "PULSE_STATE_PATH": str(self.folder / "state"),
            "PULSE_COOKIE": str(self.folder / "cookie"),
            "ALSA_CONFIG_PATH": str(self.folder / "asound.conf"),
        }

    @property
    def child_environment(self) -> dict[str, str]:
        """The environment of this process with that in it."""
        return {**os.environ, **self.environment}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start the server and wait until its devices are there."""
        assert self._process is None
        log = (self.folder / "server.log").open("ab")
        self._process = subprocess.Popen(
            ["pulseaudio", "-n", "-F", str(self.folder / "server.pa"), "--daemonize=no", "--exit-idle-time=-1",
             "--use-pid-file=no", "--disallow-exit", "--log-target=stderr"],
            env=self.child_environment, stdout=log, stderr=log,
        )  # fmt: skip
        log.close()
        deadline = time.monotonic() + READY_SECONDS
        while "vmic.monitor" not in self._sources():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"PulseAudio did not start:\n{(self.folder / 'server.log').read_text()}")
            time.sleep(0.05)
        self._stay_awake()

    def _stay_awake(self) -> None:
        # A null sink that nobody hears renders 2 s at a time, and what is played next waits for that; a card does not.
        self._awake = [
            subprocess.Popen(
                ["parec", f"--device={sink}.monitor", "--rate=8000", "--channels=1", "--raw", "--latency-msec=20"],
                env=self.child_environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for sink in ("vspk", "vmic")
        ]  # fmt: skip

    def _fall_asleep(self) -> None:
        while self._awake:
            listener = self._awake.pop()
            listener.terminate()
            listener.wait()

    def unplug(self) -> None:
        """Take every device away while the server goes on; PulseAudio moves nobody to another, for there is none."""
        self._fall_asleep()
        self.pactl("unload-module", "module-remap-source")
        self.pactl("unload-module", "module-null-sink")

    def plug_in(self) -> None:
        """Put the devices back."""
        for order in _DEVICES.splitlines():
            self.pactl(*order.split())
        self._stay_awake()

    def stop(self) -> None:
        """End the server as a machine does that goes down."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server as a crash does; `start` brings it back."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        self._fall_asleep()
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            (self.folder / "pulse.sock").unlink(missing_ok=True)

    def _sources(self) -> str:
        listed = subprocess.run(
            ["pactl", "list", "short", "sources"],
            env=self.child_environment,
            capture_output=True,
            text=True,
            timeout=10,
        )
        return listed.stdout

    def pactl(self, *arguments: str) -> str:
        """Give the server an order and return its answer; raise CalledProcessError when it refuses."""
        done = subprocess.run(
            ["pactl", *arguments], env=self.child_environment, capture_output=True, text=True, timeout=10, check=True
        )
        return done.stdout.strip()

    def play(self, wav: Path, device: str = "vmic") -> None:
        """Say a WAV file into the microphone (or out of another sink), and wait until it has been said."""
        subprocess.run(
            ["paplay", f"--device={device}", str(wav)], env=self.child_environment, check=True, timeout=120
        )  # fmt: skip

    def play_in_background(self, wav: Path, device: str = "vmic") -> subprocess.Popen[bytes]:
        """Begin to say a WAV file; the caller waits for the process."""
        return subprocess.Popen(["paplay", f"--device={device}", str(wav)], env=self.child_environment)

    @contextlib.contextmanager
    def recorder(self, device: str = "vspk.monitor", rate: int = 16_000) -> Iterator[Recorder]:
        """Record what comes out of the speaker (or out of another source) while the block runs."""
        recorder = Recorder(self.child_environment, device, rate)
        try:
            recorder.wait_for_sound_server()
            yield recorder
        finally:
            recorder.stop()


class Recorder:
    """Writes what a source gives, mono s16le, to a file that can be read while it grows."""

    def __init__(self, environment: dict[str, str], device: str, rate: int) -> None:
        self.rate = rate
        """Samples a second."""
        handle, name = tempfile.mkstemp(prefix="arvis-recording-")
        self._path = Path(name)
        with os.fdopen(handle, "wb") as file:
            self._process = subprocess.Popen(
                ["parec", f"--device={device}", f"--rate={rate}", "--channels=1", "--format=s16le", "--raw",
                 "--latency-msec=20"],
                env=environment, stdout=file,
            )  # fmt: skip
        self.first_sample = 0.0
        """`time.monotonic()` at about the recording's first sample, within 50 ms; counts of samples are exact."""

    def wait_for_sound_server(self) -> None:
        """Wait until the recording runs; what is played from now on is in it."""
        deadline = time.monotonic() + READY_SECONDS
        while not (size := self._path.stat().st_size):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("parec records nothing: is the source there?")
            time.sleep(0.01)
        self.first_sample = time.monotonic() - size / 2 / self.rate

    @property
    def position(self) -> int:
        """How many samples there are by now."""
        return self._path.stat().st_size // 2 if self._path.exists() else len(self._pcm) // 2

    _pcm = b""

    @property
    def pcm(self) -> bytes:
        """What was recorded so far; stays when the recorder has stopped."""
        return self._path.read_bytes() if self._path.exists() else self._pcm

    def wait_until(self, samples: int, seconds: float = READY_SECONDS) -> None:
        """Wait until the recording is that long; a stuck sound server fails the test."""
        deadline = time.monotonic() + seconds
        while self.position < samples:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the recording has {self.position} samples, not {samples}")
            time.sleep(0.01)

    def stop(self) -> None:
        """End the recording."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(5)
        if self._path.exists():
            self._pcm = self._path.read_bytes()
            self._path.unlink()

"""Rooms with a microphone and a speaker, through PortAudio."""

from __future__ import annotations

from arvisd.api import Host, SetupError, Site

from .capture import Microphone
from .line import Line
from .playback import Speaker
from .portaudio import PortAudio
from .report import Report
from .settings import Room, Settings

__all__ = ["Settings", "setup"]


async def setup(host: Host, settings: Settings) -> None:
    """Add a site for each room; devices that are not there yet are waited for in the background."""
    try:
        rooms = settings.rooms()
    except ValueError as error:
        raise SetupError(str(error)) from error
    portaudio = PortAudio(host.clock, host.log)
    host.on_stop(portaudio.stop)
    await portaudio.load()
    lines: list[Line] = []
    for room in rooms:
        lines += _add_room(host, portaudio, room)
    host.spawn(Report(host, lines).run(), "report of devices")
    for line in lines:
        host.spawn(line.run(), f"{line.direction} of site {line.site}")


def _add_room(host: Host, portaudio: PortAudio, room: Room) -> list[Line]:
    microphone = speaker = None
    if room.input is not False:
        microphone = Microphone(portaudio, host.clock, host.log, room.site, room.input, room.input_rate)
        host.on_stop(microphone.end)
    if room.output is not False:
        speaker = Speaker(portaudio, host.clock, host.log, room.site, room.output, room.output_rate)
    host.add_site(
        Site(
            id=room.site,
            kind="room",
            language=room.language,
            area=room.area,
            audio_in=microphone,
            audio_out=speaker,
            wake_words=None if room.wake_words is None else tuple(room.wake_words),
        )
    )
    return [line for line in (microphone, speaker) if line is not None]

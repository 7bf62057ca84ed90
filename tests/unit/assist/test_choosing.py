"""Who recognises and speaks, as it is chosen at work."""

from __future__ import annotations

import pytest

from arvisd.assist.choosing import Choice, Choosing
from arvisd.assist.hub_components import choice_component
from arvisd.assist.settings import AssistSettings, OrderSettings, VoiceSettings
from arvisd.assist.wishes import Wishes
from arvisd.core.errors import ActionDataError
from arvisd.core.owner import Owner
from arvisd.core.topics import Topics
from arvisd.providers.registry import ProviderRegistry
from arvisd.storage.database import Database
from tests.simulators.providers import FakeStt, FakeTts, FakeWake


class Speaker(FakeTts):
    def __init__(self, name, clock, **voices):
        super().__init__(name, clock)
        self._by_language = voices

    def voices(self, language):
        return list(self._by_language.get(language, ()))


class Place:
    def __init__(self, hub, clock, database):
        self.hub = hub
        self.owner = Owner("test")
        self.providers = ProviderRegistry()
        self.offered = Owner("integration")
        for provider in (
            FakeStt("vosk", clock),
            FakeStt("whisper", clock),
            FakeWake(name="micro"),
            FakeWake(name="open"),
            Speaker("piper", clock, en=["amy", "ryan"], ru=["irina"]),
        ):
            self.providers.register(provider, self.owner)
        self.providers.register(Speaker("espeak", clock, en=["en-us"], ru=["ru", "ru-lv"]), self.offered)
        self.choosing = Choosing(hub, Wishes(database), self.providers)
        self.changes = 0
        self.told: list[list[Choice]] = []
        self.choosing.on_change = self._changed
        self.choosing.on_choices = self.told.append
        self.choosing.start(self.owner)
        self.choosing.applied(AssistSettings())
        self.choosing.refresh()

    def _changed(self):
        self.changes += 1

    def state(self, entity_id):
        state = self.hub.states.get(entity_id)
        return None if state is None else state.state

    def options(self, entity_id):
        return self.hub.states.get(entity_id).attributes["options"]

    async def use(self, what, **data):
        await self.hub.actions.call(f"assist.use_{what}", data)


@pytest.fixture
def database():
    opened = Database(None).open()
    yield opened
    opened.close()


@pytest.fixture
def place(hub, clock, database):
    made = Place(hub, clock, database)
    yield made
    made.offered.release()
    made.owner.release()


def test_there_is_a_choice_only_where_there_are_two(place):
    assert place.options("sensor.stt_provider") == ["auto", "vosk", "whisper"]
    assert place.options("sensor.tts_provider") == ["auto", "espeak", "piper"]
    assert place.options("sensor.voice_en") == ["auto", "amy", "ryan"]
    assert place.state("sensor.voice_ru") is None
    assert place.state("sensor.vad_provider") is None
    assert place.changes == 0


async def test_who_is_chosen_comes_first_whatever_the_settings_say(place):
    await place.use("provider", capability="stt", provider="whisper")
    await place.use("provider", capability="wake", provider="open")
    settings = AssistSettings(order=OrderSettings(stt=("vosk",)))
    applied = place.choosing.applied(settings)
    assert applied.order.stt == ("whisper", "vosk")
    assert applied.wake.engines == ("open",)
    assert place.state("sensor.stt_provider") == "whisper"
    assert place.changes == 2
    await place.use("provider", capability="stt", provider="auto")
    await place.use("provider", capability="wake", provider="auto")
    assert place.choosing.applied(settings) == settings


async def test_a_voice_keeps_the_pace_of_the_settings(place):
    settings = AssistSettings(voices={"en": VoiceSettings("amy", 1.5), "ru": VoiceSettings("irina")})
    place.choosing.applied(settings)
    await place.use("voice", language="en", voice="ryan")
    assert place.choosing.applied(settings).voices == {"en": VoiceSettings("ryan", 1.5), "ru": VoiceSettings("irina")}


async def test_a_voice_of_another_provider_waits_until_that_speaks_again(place):
    await place.use("voice", language="en", voice="ryan")
    await place.use("provider", capability="tts", provider="espeak")
    assert place.choosing.applied(AssistSettings()).voices == {}
    assert place.state("sensor.voice_en") is None
    assert place.options("sensor.voice_ru") == ["auto", "ru", "ru-lv"]
    await place.use("provider", capability="tts", provider="auto")
    assert place.choosing.applied(AssistSettings()).voices == {"en": VoiceSettings("ryan")}


async def test_it_holds_after_a_restart_and_who_is_gone_is_passed_over(place, database):
    await place.use("provider", capability="tts", provider="espeak")
    again = Choosing(place.hub, Wishes(database), place.providers)
    assert again.applied(AssistSettings()).order.tts == ("espeak",)
    place.offered.release()
    assert again.applied(AssistSettings()).order.tts == ()
    place.choosing.refresh()
    assert place.state("sensor.tts_provider") is None
    assert place.changes == 2  # chosen, and gone


@pytest.mark.parametrize(
    ("what", "data", "said"),
    [
        (
            "provider",
            {"capability": "stt", "provider": "siri"},
            "assist.use_provider: 'siri' is not there for 'stt', only auto, vosk, whisper",
        ),
        (
            "provider",
            {"capability": "vad", "provider": "x"},
            "assist.use_provider: there is nothing to choose from for 'vad'",
        ),
        ("voice", {"language": "ru", "voice": "x"}, "assist.use_voice: there is nothing to choose from for 'ru'"),
    ],
)
async def test_what_is_not_there_is_refused(place, what, data, said):
    with pytest.raises(ActionDataError) as raised:
        await place.use(what, **data)
    assert str(raised.value) == said


def test_each_choice_is_a_select_of_hubs(place):
    components = {c.id: c.config for c in (choice_component(Topics(), choice) for choice in place.told[-1])}
    assert sorted(components) == ["provider_stt", "provider_tts", "provider_wake", "voice_en"]
    assert components["provider_stt"]["options"] == ["auto", "vosk", "whisper"]
    assert components["provider_stt"]["state_topic"] == "arvis/state/sensor/stt_provider"
    assert components["provider_stt"]["command_topic"] == "arvis/action/assist/use_provider"
    assert components["voice_en"]["command_template"] == '{"data": {"language": "en", "voice": {{ value | tojson }}}}'

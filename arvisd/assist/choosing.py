"""Who recognises and speaks, and with which voice, as somebody chose it at work: it comes before what the settings say."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

import msgspec

from arvisd.assist.settings import AssistSettings, VoiceSettings
from arvisd.assist.wishes import Wishes
from arvisd.core.actions import Action, ActionCall
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.providers.base import Capability
from arvisd.providers.registry import ProviderRegistry
from arvisd.providers.selection import ordered
from arvisd.providers.tts import TtsProvider

_LOGGER = logging.getLogger(__name__)

AUTO = "auto"
"""As the settings say."""

CAPABILITIES = (Capability.STT, Capability.TTS, Capability.WAKE, Capability.VAD)
NAMES = {"stt": "Speech recognition", "tts": "Speech", "wake": "Wake word detection", "vad": "Voice detection"}


class UseProviderData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `assist.use_provider`."""

    capability: Literal["stt", "tts", "wake", "vad"]
    provider: str
    """Name of the one that is asked first (`wake`: that alone listens); `auto`: as the settings say."""


class UseVoiceData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `assist.use_voice`."""

    language: str
    """`en`, `ru`, …"""
    voice: str
    """Name of a voice of the provider that speaks now; `auto`: as the settings say."""


class Choice(msgspec.Struct, frozen=True):
    """Something that can be chosen now."""

    entity_id: str
    """Its state is what was chosen."""
    name: str
    kind: Literal["provider", "voice"]
    of: str
    """The capability, or the language."""
    options: tuple[str, ...]
    """`auto` first."""
    chosen: str


class Choosing:
    """Keeps what was chosen, lays it over the settings, and shows it as `sensor.<capability>_provider` and `sensor.voice_<language>`."""

    def __init__(self, hub: Hub, wishes: Wishes, providers: ProviderRegistry) -> None:
        self.on_change: Callable[[], object] = lambda: None
        """Called when the settings are to be laid out anew."""
        self.on_choices: Callable[[list[Choice]], object] = lambda choices: None
        """Told of all that can be chosen, when that or what is chosen became another."""
        self._hub = hub
        self._wishes = wishes
        self._providers = providers
        self._settings = AssistSettings()
        self._shown: list[Choice] = []

    def start(self, owner: Owner) -> None:
        """Offer the actions until the owner stops; look again whenever a provider came or went."""
        self._hub.bus.subscribe(self._hub.topics.info, lambda _: self.refresh(), owner)
        owner.on_stop(self._hide)

        def use_provider(call: ActionCall) -> None:
            data: UseProviderData = call.data
            self._choose(call, "provider", data.capability, data.provider)

        def use_voice(call: ActionCall) -> None:
            data: UseVoiceData = call.data
            self._choose(call, "voice", data.language, data.voice)

        for action in (
            Action(
                "assist.use_provider",
                UseProviderData,
                "Chooses who is asked first for speech, recognition or wake words, over restarts too.",
                sync_handler=use_provider,
            ),
            Action(
                "assist.use_voice",
                UseVoiceData,
                "Chooses the voice of a language, over restarts too.",
                sync_handler=use_voice,
            ),
        ):
            self._hub.actions.register(action, owner)

    def applied(self, settings: AssistSettings) -> AssistSettings:
        """Return the settings with what was chosen in its place; what is not there now is passed over."""
        self._settings = settings
        order = {}
        for capability in (Capability.STT, Capability.TTS, Capability.VAD):
            if (chosen := self._provider(capability)) != AUTO:
                order[capability.value] = (chosen, *getattr(settings.order, capability.value))
        wake = settings.wake
        if (chosen := self._provider(Capability.WAKE)) != AUTO:
            wake = msgspec.structs.replace(wake, engines=(chosen,))
        applied = msgspec.structs.replace(settings, order=msgspec.structs.replace(settings.order, **order), wake=wake)
        voices = dict(settings.voices)
        for language in self._languages():
            if (voice := self._voice(language, self._voices(language))) != AUTO:
                voices[language] = VoiceSettings(voice, settings.voice(language).speed)
        return msgspec.structs.replace(applied, voices=voices)

    def refresh(self, context: Context | None = None) -> None:
        """Show what can be chosen now; ask for the settings anew where that makes a difference."""
        choices = [*self._provider_choices(), *self._voice_choices()]
        if choices == self._shown:
            return
        gone = {choice.entity_id for choice in self._shown} - {choice.entity_id for choice in choices}
        before = _chosen(self._shown)
        self._shown = choices
        for entity_id in gone:
            self._hub.states.remove(entity_id)
        for choice in choices:
            attributes = {"friendly_name": choice.name, "options": list(choice.options)}
            self._hub.states.set(choice.entity_id, choice.chosen, attributes, context)
        self.on_choices(choices)
        if _chosen(choices) != before:
            self.on_change()

    def _choose(self, call: ActionCall, kind: str, of: str, value: str) -> None:
        self.refresh()
        choice = next((each for each in self._shown if (each.kind, each.of) == (kind, of)), None)
        if choice is None:
            raise ActionDataError(f"{call.name}: there is nothing to choose from for {of!r}")
        if value not in choice.options:
            raise ActionDataError(f"{call.name}: {value!r} is not there for {of!r}, only {', '.join(choice.options)}")
        self._wishes.put(f"{kind} {of}", "" if value == AUTO else value)
        _LOGGER.info("%s: %s", choice.name, value)
        self.refresh(call.context)

    def _provider(self, capability: Capability) -> str:
        wanted = self._wishes.get(f"provider {capability}")
        return wanted if wanted in self._names(capability) else AUTO

    def _names(self, capability: Capability) -> list[str]:
        return [p.info.name for p in self._providers if p.info.capability is capability and p.info.local]

    def _provider_choices(self) -> list[Choice]:
        choices = []
        for capability in CAPABILITIES:
            names = sorted(self._names(capability))
            if len(names) > 1:
                options = (AUTO, *names)
                entity_id = f"sensor.{capability}_provider"
                name = NAMES[capability.value]
                choices.append(
                    Choice(entity_id, name, "provider", capability.value, options, self._provider(capability))
                )
        return choices

    def _voice_choices(self) -> list[Choice]:
        choices = []
        for language in self._languages():
            voices = self._voices(language)
            if len(voices) > 1:
                chosen = self._voice(language, voices)
                choices.append(
                    Choice(f"sensor.voice_{language}", f"Voice {language}", "voice", language, (AUTO, *voices), chosen)
                )
        return choices

    def _languages(self) -> list[str]:
        return list(dict.fromkeys([self._hub.language, *self._settings.languages]))

    def _voices(self, language: str) -> list[str]:
        """Return the voices of who speaks a language first."""
        order = (self._provider(Capability.TTS), *self._settings.order.tts)
        found = ordered(self._providers.all(TtsProvider), order, language)  # type: ignore[type-abstract]
        return next((voices for provider in found if (voices := provider.voices(language))), [])

    def _voice(self, language: str, voices: list[str]) -> str:
        wanted = self._wishes.get(f"voice {language}")
        return wanted if wanted in voices else AUTO

    def _hide(self) -> None:
        for choice in self._shown:
            self._hub.states.remove(choice.entity_id)
        self._shown = []


def _chosen(choices: list[Choice]) -> dict[str, str]:
    return {choice.entity_id: choice.chosen for choice in choices if choice.chosen != AUTO}

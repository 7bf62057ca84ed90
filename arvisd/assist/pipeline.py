"""The one pipeline that serves every site: what comes in over MQTT and from devices goes to the turns of its site."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from typing import TypeVar

import msgspec

from arvisd.assist.actions import offer_actions
from arvisd.assist.answers import Answers
from arvisd.assist.arbiter import WakeArbiter
from arvisd.assist.audio_in_mqtt import MqttAudioInput
from arvisd.assist.phrases import Phrases
from arvisd.assist.playback import Spoken
from arvisd.assist.rendering import Mouth
from arvisd.assist.settings import AssistSettings
from arvisd.assist.site import Site, SiteRegistry, SiteWatcher
from arvisd.assist.site_runner import SiteRunner
from arvisd.assist.site_turns import GUEST
from arvisd.assist.worker import ThreadWorker, WorkerFactory
from arvisd.core.bus import Message, Origin
from arvisd.core.context import Context
from arvisd.core.errors import ActionFailedError
from arvisd.core.events import ProviderHealth
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.sites import ListenRequest, TextInput
from arvisd.intent.language import language_of
from arvisd.providers.chains import Chains
from arvisd.providers.registry import ProviderRegistry
from arvisd.providers.stt import Vocabulary

_LOGGER = logging.getLogger(__name__)

P = TypeVar("P", bound=msgspec.Struct)

GUESTS = 64
"""So many sites that nobody registered may be there at a time; the one that was quiet longest makes room."""
_SITE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Assist(SiteWatcher):
    """Listens, understands through `answers`, and speaks, at every site."""

    def __init__(
        self,
        hub: Hub,
        settings: AssistSettings,
        providers: ProviderRegistry,
        sites: SiteRegistry,
        answers: Answers,
        *,
        vocabulary: Vocabulary | None = None,
        workers: WorkerFactory = ThreadWorker,
    ) -> None:
        self.on_health: Callable[[], object] = lambda: None
        """Told when the health of a provider became another."""
        self.on_mouth: Callable[[Mouth], object] | None = None
        """Told of all speech, with its phonemes, just before it is sent; set before `run`."""
        self.listening = asyncio.Event()
        """Set when every topic and site is heard: what is published from then on is not lost."""
        self.ready = asyncio.Event()
        """Set when the providers of the settings are loaded and the fixed phrases rendered."""
        self.is_muted: Callable[[str], bool] = lambda site: False
        """Tells which sites must not hear; asked again and again."""
        self._hub = hub
        self._settings = settings
        self._sites = sites
        self._answers = answers
        self._workers = workers
        self._owner = Owner("assist")
        self._chains = Chains(providers, hub.clock, self._owner, settings.chains(), vocabulary)
        self._phrases = Phrases(self._chains.tts.synthesize)
        self._arbiter = WakeArbiter()
        self._running = False
        self._runners: dict[str, SiteRunner] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        """The last task of each site; the next one of that name begins when it has ended."""
        self._guests: dict[str, MqttAudioInput | None] = {}
        """Sites that nobody registered, with their sound where they send any."""

    @property
    def chains(self) -> Chains:
        """The provider chains, for whoever recognises or speaks outside of a turn."""
        return self._chains

    async def run(self) -> None:
        """Run until cancelled; turns that are under way then end, each with its trace."""
        async with self._owner as owner:
            self._chains.on_change(lambda: self.on_health())
            topics = self._hub.topics
            for what, listener in (
                ("text", self._on_text),
                ("listen", self._on_listen),
                ("stop", self._on_stop),
                ("audio/in", self._on_audio),
            ):
                self._hub.bus.subscribe(topics.site("+", what), listener, owner, remote=True)
            offer_actions(self._hub, self, owner)
            self._sites.watch(self, owner)
            owner.spawn(self._prepare(), "prepare")
            self._running = True
            self.listening.set()
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                self._running = False
                for runner in self._runners.values():
                    runner.stop()
                await asyncio.gather(*self._tasks.values(), return_exceptions=True)
                await self._chains.close()

    def use(self, settings: AssistSettings) -> None:
        """Take other settings: turns under way go on with theirs, the next ones take these."""
        self._settings = settings
        self._chains.use(settings.chains())
        for runner in self._runners.values():
            runner.use(settings)
        if self._running:
            self._owner.spawn(self._prepare(), "prepare")

    def health(self) -> list[ProviderHealth]:
        """Return how every provider is doing."""
        return self._chains.health()

    async def say(
        self, site: str, text: str, language: str = "", voice: str = "", context: Context | None = None
    ) -> Spoken | None:
        """Say something when its turn comes; return when it was spoken, None where the site has no voice.

        Raises:
            KeyError: there is no such site.
            asyncio.CancelledError: too much waits there already, or `stop` came first.
        """
        return await self.announce(site, text, language, voice, context)

    def announce(
        self, site: str, text: str, language: str = "", voice: str = "", context: Context | None = None
    ) -> asyncio.Future[Spoken | None]:
        """Say something when its turn comes, without waiting for it; raise KeyError when there is no such site."""
        runner = self._runners[site]
        language = language or language_of(text, runner.site.language or self._hub.language)
        return runner.turns.announce(text, language, voice, context or Context())

    def listen(self, site: str, context: Context | None = None) -> None:
        """Listen without a wake word; raise KeyError when there is no such site, ActionFailedError when it is muted."""
        if self.is_muted(site):
            raise ActionFailedError(f"{site} is muted: 'assist.unmute' lets it hear again")
        self._runners[site].listen(context)

    def stop(self, site: str) -> None:
        """Stop listening and speaking; raise KeyError when there is no such site."""
        self._runners[site].turns.stop()

    def sites_in(self, areas: list[str]) -> list[str]:
        """Return the sites that stand in these areas."""
        return [id_ for id_, runner in self._runners.items() if runner.site.area in areas]

    def speaking_places(self) -> list[tuple[str, str | None]]:
        """Return the sites that can speak, each with its area."""
        return [(id_, self._runners[id_].site.area) for id_ in self.speaking_sites()]

    def speaking_sites(self) -> list[str]:
        """Return the sites that can speak."""
        return [id_ for id_, runner in self._runners.items() if runner.turns.speaker is not None]

    def site_added(self, site: Site) -> None:
        """A site was registered; a guest of that name makes room for it."""
        if site.id in self._guests:
            self._dismiss(site.id)
        self._start(site)

    def site_removed(self, site: Site) -> None:
        """A site is gone: what is under way there ends."""
        runner = self._runners.pop(site.id, None)
        if runner is not None:
            runner.stop()

    def _start(self, site: Site) -> SiteRunner:
        runner = SiteRunner(
            self._hub,
            site,
            self._chains,
            self._phrases,
            self._answers,
            self._arbiter,
            self._workers,
            lambda id_: self.is_muted(id_),
        )
        runner.use(self._settings)
        if runner.turns.speaker is not None:
            runner.turns.speaker.on_mouth = self.on_mouth
        self._runners[site.id] = runner
        before = self._tasks.get(site.id)
        task = self._tasks[site.id] = self._owner.spawn(self._run(runner, before), f"site {site.id}")
        task.add_done_callback(lambda ended: self._forget(site.id, ended))
        return runner

    async def _run(self, runner: SiteRunner, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            await runner.run()
        except Exception:  # supervises the sites: one that breaks must not end the others
            _LOGGER.exception("the site %s has stopped: restart its integration", runner.site.id)
            self._hub.report("error", f"site {runner.site.id}", "it has stopped: restart its integration")

    def _forget(self, site: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(site) is task:
            del self._tasks[site]

    async def _prepare(self) -> None:
        languages = dict.fromkeys([self._hub.language, *self._settings.languages])
        await self._chains.forget_gone()
        await self._chains.preload(languages)
        await self._phrases.prepare(self._settings, languages)
        self.ready.set()
        self.on_health()  # who was loaded tells its voices only now

    def _on_text(self, message: Message) -> None:
        input_ = self._decode(message, TextInput)
        if input_ is None or not input_.text.strip():
            return
        runner = self._runner(message)
        if runner is not None and not runner.turns.text(input_):
            said = f"{input_.text[:80]!r} is refused: too many texts wait already; send it again later"
            _LOGGER.warning("%s: %s", runner.site.id, said)
            self._hub.report("warning", f"site {runner.site.id}", said)

    def _on_listen(self, message: Message) -> None:
        request = self._decode(message, ListenRequest)
        runner = self._runners.get(self._site_id(message))
        if request is not None and runner is not None:
            runner.listen(request.context)

    def _on_stop(self, message: Message) -> None:
        runner = self._runners.get(self._site_id(message))
        if runner is not None and not self._replayed(message):
            runner.turns.stop()

    def _on_audio(self, message: Message) -> None:
        id_ = self._site_id(message)
        source = self._guests.get(id_)
        if source is None:
            if self._sites.get(id_) is not None:
                return  # that site has ears of its own
            if id_ in self._guests:
                self._dismiss(id_)
            source = MqttAudioInput()
            if self._invite(Site(id_, GUEST, audio_in=source, speech=True, wake_words=None)) is None:
                return
            self._guests[id_] = source
        self._runners[id_].used = self._hub.clock.monotonic()
        source.packet(message.data)

    def _runner(self, message: Message) -> SiteRunner | None:
        """Return the runner of a message's site; one that nobody registered becomes a guest that takes text."""
        id_ = self._site_id(message)
        runner = self._runners.get(id_) or self._invite(Site(id_, GUEST))
        if runner is not None:
            runner.used = self._hub.clock.monotonic()
        return runner

    def _invite(self, site: Site) -> SiteRunner | None:
        if not _SITE_ID.fullmatch(site.id):
            _LOGGER.warning("%r is no site: use up to 64 letters, digits, '_' and '-'", site.id)
            return None
        if len(self._guests) >= GUESTS:
            quiet = [id_ for id_ in self._guests if not self._runners[id_].turns.busy]
            if not quiet:
                _LOGGER.warning(
                    "site %s is refused: %d sites that nobody registered are there already", site.id, GUESTS
                )
                return None
            self._dismiss(min(quiet, key=lambda id_: self._runners[id_].used))
        self._guests[site.id] = None
        return self._start(site)

    def _dismiss(self, id_: str) -> None:
        source = self._guests.pop(id_)
        if source is not None:
            source.close()
        self._runners.pop(id_).stop()

    def _site_id(self, message: Message) -> str:
        return message.topic[len(self._hub.topics.site("", "")) - 1 :].split("/", 1)[0]

    @staticmethod
    def _replayed(message: Message) -> bool:
        return message.retain and message.origin is Origin.REMOTE

    def _decode(self, message: Message, type_: type[P]) -> P | None:
        """Return what a message asks for; None where it is a replay of a kept one or cannot be read."""
        if self._replayed(message):
            return None
        try:
            return msgspec.json.decode(message.data or b"{}", type=type_)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            said = f"{message.topic} cannot be read: {error}"
            _LOGGER.warning("%s", said)
            self._hub.report("warning", "assist", said)
            return None

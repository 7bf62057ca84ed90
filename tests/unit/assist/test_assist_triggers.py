"""Triggers `wake`, `site`, `mode_changed` and `provider`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from arvisd.assist.phase_board import PhaseBoard
from arvisd.assist.triggers import TYPES
from arvisd.core.context import Context
from arvisd.core.events import Info, ProviderHealth
from arvisd.core.hub import Hub
from arvisd.core.sites import Wake
from tests.simulators.automation_rig import AutomationRig, automation_rig
from tests.simulators.clock import FakeClock


@pytest.fixture
async def rig(hub: Hub, clock: FakeClock, tmp_path: Path) -> AsyncIterator[AutomationRig]:
    async with automation_rig(hub, clock, tmp_path) as made:
        for type_ in TYPES:
            made.engine.library.triggers.register(type_, made.owner)
        yield made


def automation(trigger: str, said: str = "{{ trigger.description }}") -> str:
    return (
        f"- id: a\n  triggers:\n    - {trigger}\n  actions:\n    - action: test.note\n"
        f"      data:\n        message: '{said}'\n"
    )


class TestWake:
    @pytest.mark.parametrize(
        ("trigger", "notes"),
        [
            ("{trigger: wake}", ["wake word at kitchen", "wake word at hall"]),
            ("{trigger: wake, site: hall}", ["wake word at hall"]),
            ("{trigger: wake, site: [hall, kitchen], word: hey_jarvis}", ["wake word at kitchen"]),
            ("{trigger: wake, word: [Alexa, x]}", ["wake word at hall"]),
            ("{trigger: wake, site: attic}", []),
        ],
    )
    async def test_what_fires(self, rig: AutomationRig, trigger: str, notes: list[str]) -> None:
        assert await rig.load(automation(trigger)) == []
        for site, word in (("kitchen", "hey_jarvis"), ("hall", "alexa")):
            wake = Wake(word, 0.9, rig.clock.now(), Context(user="ann"))
            rig.hub.bus.publish(rig.hub.topics.site(site, "wake"), wake)
        assert rig.notes == notes
        assert {call.context.user for call in rig.calls} <= {"ann"}

    async def test_what_templates_see(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: wake}", "{{ trigger.site }} {{ trigger.word }} {{ trigger.score }}"))
        rig.hub.bus.publish("arvis/site/hall/wake", Wake("alexa", 0.5, rig.clock.now(), Context()))
        assert rig.notes == ["hall alexa 0.5"]

    async def test_errors(self, rig: AutomationRig) -> None:
        assert await rig.load(automation("{trigger: wake, site: a/b}")) == [
            "automations.yaml:3:29: the trigger 'wake': 'a/b' cannot be the id of a site, such as kitchen"
        ]


class TestSite:
    @pytest.mark.parametrize(
        ("options", "phases", "notes"),
        [
            ("", ["idle", "listening"], ["site hall idle", "site hall listening"]),
            ("to: listening", ["idle", "listening"], ["site hall listening"]),
            ("from: idle", ["idle", "listening"], ["site hall listening"]),
            ("from: [listening, thinking], to: [idle, speaking]", ["listening", "speaking"], ["site hall speaking"]),
            ("to: speaking", ["idle", "listening"], []),
            ("site: hall, to: idle", ["idle"], ["site hall idle"]),
            ("site: kitchen", ["idle"], []),
            ("to: listening", ["listening", "listening"], ["site hall listening"]),
        ],
    )
    async def test_what_fires(self, rig: AutomationRig, options: str, phases: list[str], notes: list[str]) -> None:
        trigger = "{trigger: site" + (f", {options}" if options else "") + "}"
        assert await rig.load(automation(trigger)) == []
        board = PhaseBoard(rig.hub, "hall", "en")
        for phase in phases:
            board.show(phase)
        assert rig.notes == notes

    async def test_another_feeling_is_no_other_phase(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: site}"))
        board = PhaseBoard(rig.hub, "hall", "en")
        board.show("idle")
        board.show("idle", emotion="joy")
        assert rig.notes == ["site hall idle"]

    async def test_one_that_goes_is_offline(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: site, to: offline}", "{{ trigger.from_phase }} {{ trigger.to_phase }}"))
        board = PhaseBoard(rig.hub, "hall", "en")
        board.show("idle")
        board.clear()
        assert rig.notes == ["idle offline"]

    async def test_for_a_while(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: site, to: listening, for: 5}", "{{ trigger.for.total_seconds() }}"))
        board = PhaseBoard(rig.hub, "hall", "en")
        board.show("listening")
        await rig.clock.advance(4)
        board.show("thinking")
        await rig.clock.advance(4)
        board.show("listening")
        board.show("listening", emotion="joy")
        await rig.clock.advance(4.9)
        assert rig.notes == []
        await rig.clock.advance(0.2)
        assert rig.notes == ["5.0"]

    async def test_errors(self, rig: AutomationRig) -> None:
        assert await rig.load(automation("{trigger: site, to: asleep}")) == [
            (
                "automations.yaml:3:27: the trigger 'site': to: expected one of 'idle', 'listening', 'offline', 'speaking' "
                "or 'thinking' or a list (each item one of 'idle', 'listening', 'offline', 'speaking' or 'thinking'), "
                "got the text 'asleep'"
            )
        ]


def inform(hub: Hub, mode: str = "standalone", **healthy: bool) -> None:
    """Publish what the daemon is: `piper=True` is a voice that works."""
    providers = [
        ProviderHealth("tts" if name == "piper" else "stt", name, True, [], ok, "" if ok else "broken")
        for name, ok in healthy.items()
    ]
    hub.bus.publish(hub.topics.info, Info("1", mode, "en", [], [], providers), retain=True)


class TestModeChanged:
    @pytest.mark.parametrize(
        ("options", "notes"),
        [
            ("", ["mode hybrid", "mode standalone"]),
            ("to: hybrid", ["mode hybrid"]),
            ("from: hybrid", ["mode standalone"]),
            ("from: [cloud, standalone], to: [hybrid]", ["mode hybrid"]),
            ("to: cloud", []),
        ],
    )
    async def test_what_fires(self, rig: AutomationRig, options: str, notes: list[str]) -> None:
        trigger = "{trigger: mode_changed" + (f", {options}" if options else "") + "}"
        assert await rig.load(automation(trigger)) == []
        for mode in ("standalone", "hybrid", "hybrid", "standalone"):
            inform(rig.hub, mode)
        assert rig.notes == notes


class TestProvider:
    @pytest.mark.parametrize(
        ("options", "notes"),
        [
            ("", ["tts by piper down", "stt by vosk down", "tts by piper up"]),
            ("capability: tts", ["tts by piper down", "tts by piper up"]),
            ("name: [vosk, x]", ["stt by vosk down"]),
            ("to: down", ["tts by piper down", "stt by vosk down"]),
            ("from: down", ["tts by piper up"]),
            ("capability: [tts, stt], name: piper, from: up, to: down", ["tts by piper down"]),
            ("capability: vad", []),
        ],
    )
    async def test_what_fires(self, rig: AutomationRig, options: str, notes: list[str]) -> None:
        trigger = "{trigger: provider" + (f", {options}" if options else "") + "}"
        text = automation(trigger).replace("  triggers", "  mode: parallel\n  triggers")
        assert await rig.load(text) == []
        inform(rig.hub, piper=True)
        inform(rig.hub, piper=True, vosk=True)
        inform(rig.hub, piper=False, vosk=True)
        inform(rig.hub, piper=False, vosk=False)
        inform(rig.hub, piper=True)
        assert rig.notes == notes

    async def test_what_templates_see(self, rig: AutomationRig) -> None:
        said = "{{ trigger.capability }} {{ trigger.name }} {{ trigger.from_health }} {{ trigger.to_health }} {{ trigger.detail }}"
        await rig.load(automation("{trigger: provider}", said))
        inform(rig.hub, piper=True)
        inform(rig.hub, piper=False)
        assert rig.notes == ["tts piper up down broken"]

    async def test_errors(self, rig: AutomationRig) -> None:
        assert await rig.load(automation("{trigger: provider, from: up, to: up}")) == [
            "automations.yaml:3:41: the trigger 'provider': from up to up is no change: leave one of them out"
        ]

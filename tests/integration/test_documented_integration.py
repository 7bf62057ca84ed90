"""docs/integrations.md: its example is taken from the page and run as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from ruamel.yaml import YAML

from arvisd.api import Host
from arvisd.assist.site import SiteRegistry
from arvisd.core.bus import Message, Origin
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.inspection import inspect
from arvisd.integrations.discovery import discover
from arvisd.integrations.loader import Integrations
from arvisd.providers.registry import ProviderRegistry
from tests.simulators.automation_rig import automation_rig
from tests.simulators.clock import FakeClock

PAGE = Path(__file__).parents[2] / "docs" / "integrations.md"


def documented(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


async def test_the_example_of_the_page_works(hub: Hub, tmp_path: Path) -> None:
    manifest, configuration, _ = documented("yaml")
    [code] = documented("python")
    folder = tmp_path / "integrations" / "doorbell"
    folder.mkdir(parents=True)
    (folder / "manifest.yaml").write_text(manifest)
    (folder / "__init__.py").write_text(code)
    sections = YAML(typ="safe").load(configuration)

    def host(name: str, owner: Owner) -> Host:
        return Host(name, hub, owner, ProviderRegistry(), SiteRegistry(), tmp_path, tmp_path, find_model=lambda _: None)

    found = {name: f for name, f in discover(tmp_path).items() if not f.built_in}
    rings: list[str] = []
    async with Owner("test") as owner:
        loader = Integrations(hub, host, lambda name, node, type_: msgspec.convert(node, type_))
        hub.bus.subscribe("arvis/event/doorbell_rang", lambda m: rings.append(m.payload.data["who"]), owner)
        await loader.apply(found, {}, owner)
        assert loader.health() == [], "it says enabled: false, so it runs only when it is named"
        await loader.apply(found, sections, owner)
        assert [(h.name, h.state, h.detail) for h in loader.health()] == [("doorbell", "running", "")]

        hub.bus.deliver(Message("hall/button", b"postman", origin=Origin.REMOTE))
        assert rings == ["postman", "postman"]
        await hub.actions.call("doorbell.ring", {"who": "Anna"})
        assert rings[2:] == ["Anna", "Anna"]
        state = hub.states.get("binary_sensor.doorbell")
        assert state is not None
        assert state.attributes == {"who": "Anna"}
        with pytest.raises(ActionDataError):
            await hub.actions.call("doorbell.ring", {"whom": "Anna"})

        await loader.apply(found, {"doorbell": False}, owner)
        assert hub.states.get("binary_sensor.doorbell") is None
        assert hub.actions.names() == []


async def test_the_trigger_of_the_page_works(hub: Hub, clock: FakeClock, tmp_path: Path) -> None:
    manifest, _, automation = documented("yaml")
    [code] = documented("python")
    folder = tmp_path / "integrations" / "doorbell"
    folder.mkdir(parents=True)
    (folder / "manifest.yaml").write_text(manifest)
    (folder / "__init__.py").write_text(code)
    noted = automation.replace("tts.speak", "test.note")
    async with automation_rig(hub, clock, tmp_path) as rig:
        refused = "automations.yaml:2:16: there is no trigger 'bell_button'"
        assert await rig.load(noted) == [refused]

        def host(name: str, owner: Owner) -> Host:
            triggers = rig.engine.library.triggers
            return Host(
                name, hub, owner, ProviderRegistry(), SiteRegistry(), tmp_path, tmp_path, lambda _: None, None, triggers
            )

        found = {name: f for name, f in discover(tmp_path).items() if not f.built_in}
        async with Owner("guests") as owner:
            loader = Integrations(hub, host, lambda name, node, type_: msgspec.convert(node, type_))
            await loader.apply(found, {"doorbell": {}}, owner)
            await clock.settle()
            assert rig.engine.problems == [], "what was refused is tried again when its trigger comes"
            for who in ("Anna", "postman"):
                await hub.actions.call("doorbell.ring", {"who": who})
            assert rig.notes == ["postman is at the door"]
            assert await rig.load(noted.replace("postman", "''")) == [
                "automations.yaml:3:12: the trigger 'bell_button': 'who' is empty: leave it out for anybody"
            ]
            await loader.apply(found, {"doorbell": False}, owner)
            assert await rig.load(noted.replace("postman", "Anna")) == [refused]


def test_the_trigger_of_the_page_is_known_to_the_check(tmp_path: Path) -> None:
    manifest, configuration, automation = documented("yaml")
    [code] = documented("python")
    folder = tmp_path / "integrations" / "doorbell"
    folder.mkdir(parents=True)
    (folder / "manifest.yaml").write_text(manifest)
    (folder / "__init__.py").write_text(code)
    (tmp_path / "automations.yaml").write_text(automation)
    (tmp_path / "configuration.yaml").write_text(f"automation: !include automations.yaml\n{configuration}")
    assert [str(problem) for problem in inspect(tmp_path)] == []
    (tmp_path / "configuration.yaml").write_text("automation: !include automations.yaml\n")
    assert [str(problem) for problem in inspect(tmp_path)] == [
        "automations.yaml:2:16: there is no trigger 'bell_button'"
    ]
    (folder / "__init__.py").write_text(code.replace("TRIGGERS = [", "TRIGGERS = [5, "))
    (tmp_path / "configuration.yaml").write_text(f"automation: !include automations.yaml\n{configuration}")
    assert str(inspect(tmp_path)[0]).endswith(
        "integrations/doorbell/__init__.py: TRIGGERS must be a list of TriggerType: see docs/integrations.md"
    )

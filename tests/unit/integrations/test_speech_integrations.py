"""What the integrations of wake words, voice activity and speech say of themselves and offer."""

from __future__ import annotations

import importlib
from pathlib import Path

import msgspec
import pytest

from arvisd.api import Host
from arvisd.assist.site import SiteRegistry
from arvisd.core.owner import Owner
from arvisd.integrations import BUILT_IN
from arvisd.integrations.manifest import Manifest
from arvisd.providers.registry import ProviderRegistry

NAMES = {"openwakeword": "wake", "microwakeword": "wake", "silero": "vad", "espeak": "tts", "piper": "tts"}


@pytest.mark.parametrize("name", NAMES)
def test_its_manifest_is_whole(name: str) -> None:
    from ruamel.yaml import YAML

    manifest = msgspec.convert(YAML(typ="safe").load(BUILT_IN / name / "manifest.yaml"), Manifest)
    assert (manifest.name, manifest.extra, manifest.local) == (name, name, True)
    assert manifest.requires


def test_what_restricts_the_user_is_said() -> None:
    manifest = " ".join((BUILT_IN / "openwakeword/manifest.yaml").read_text(encoding="utf-8").split())
    assert "CC BY-NC-SA 4.0: not for commercial use" in manifest


@pytest.mark.parametrize(("name", "capability"), NAMES.items())
async def test_it_offers_one_local_provider_until_it_stops(hub, tmp_path: Path, name: str, capability: str) -> None:
    module = importlib.import_module(f"arvisd.integrations.{name}")
    providers = ProviderRegistry()
    async with Owner(name) as owner:
        host = Host(name, hub, owner, providers, SiteRegistry(), tmp_path, tmp_path, lambda _: None)
        await module.setup(host, msgspec.convert({}, module.Settings))
        assert [(p.info.name, p.info.capability, p.info.local) for p in providers] == [(name, capability, True)]
    assert list(providers) == []


@pytest.mark.parametrize(
    ("name", "section", "message"),
    [
        ("espeak", {"speed": 9}, "Expected `float` <= 2.5 - at `$.speed`"),
        ("espeak", {"voice": "ru"}, "Object contains unknown field `voice`"),
        ("piper", {"voices": ["en"]}, "Expected `object`, got `array` - at `$.voices`"),
        ("openwakeword", {"thresholds": {"alexa": 0}}, "Expected `float` > 0.0 - at `$.thresholds[...]`"),
        ("microwakeword", {"models": 5}, "Expected `str`, got `int` - at `$.models`"),
        ("silero", {"threshold": 0.5}, "Object contains unknown field `threshold`"),
    ],
)
def test_wrong_settings_are_refused(name: str, section: dict[str, object], message: str) -> None:
    module = importlib.import_module(f"arvisd.integrations.{name}")
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.convert(section, module.Settings)
    assert str(error.value) == message

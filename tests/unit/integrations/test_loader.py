"""The loader: folders, settings, failures that stay alone, reload of one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from textwrap import dedent
from typing import Any

import msgspec
import pytest

from arvisd.api import Host
from arvisd.assist.site import SiteRegistry
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.integrations.discovery import discover, missing_requirements
from arvisd.integrations.loader import RESTART_SECONDS, SETUP_SECONDS, Integrations
from arvisd.providers.registry import ProviderRegistry
from tests.simulators.clock import FakeClock

GOOD = """
import msgspec
from arvisd.api import Host

class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    word: str = "hello"

async def setup(host: Host, settings: Settings) -> None:
    host.hub.states.set(f"sensor.{host.name}", settings.word)
    host.on_stop(lambda: host.hub.states.remove(f"sensor.{host.name}"))
"""


def write(folder: Path, name: str, code: str = GOOD, manifest: str = "") -> Path:
    place = folder / "integrations" / name
    place.mkdir(parents=True, exist_ok=True)
    head = f"name: {name}\ntitle: The {name}\ndescription: A test.\n"
    (place / "manifest.yaml").write_text(head + dedent(manifest))
    (place / "__init__.py").write_text(code)
    return place


class Bench:
    """The loader with a folder of its own and no built-in integrations."""

    def __init__(self, hub: Hub, folder: Path, owner: Owner) -> None:
        self.hub, self.folder, self.owner = hub, folder, owner
        self.providers = ProviderRegistry()
        self.loader = Integrations(hub, self.host, lambda name, node, type_: msgspec.convert(node, type_))

    def host(self, name: str, owner: Owner) -> Host:
        return Host(name, self.hub, owner, self.providers, SiteRegistry(), self.folder, self.folder, lambda _: None)

    async def apply(self, **sections: Any) -> None:
        found = {n: f for n, f in discover(self.folder).items() if not f.built_in}
        await self.loader.apply(found, sections, self.owner)

    def states(self) -> dict[str, str]:
        return {h.name: h.state for h in self.loader.health()}

    def word(self, name: str) -> str | None:
        state = self.hub.states.get(f"sensor.{name}")
        return state.state if state else None


@pytest.fixture
async def bench(hub: Hub, tmp_path: Path):
    async with Owner("test") as owner:
        yield Bench(hub, tmp_path, owner)


async def test_a_folder_of_the_user_is_loaded_with_its_settings(bench: Bench) -> None:
    write(bench.folder, "greeter")
    await bench.apply(greeter={"word": "привет"})
    assert bench.states() == {"greeter": "running"}
    assert bench.word("greeter") == "привет"


async def test_the_users_integration_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    built_in = discover(None)
    assert built_in, "no built-in integrations found"
    name = next(iter(built_in))
    write(tmp_path, name)
    found = discover(tmp_path)
    assert not found[name].built_in
    assert found[name].folder == tmp_path / "integrations" / name


async def test_one_that_fails_leaves_the_others_running_and_says_why(bench: Bench) -> None:
    write(bench.folder, "good")
    write(bench.folder, "broken", "import nothing_of_that_name\n")
    write(bench.folder, "empty", "")
    write(bench.folder, "odd", GOOD, "colour: red\n")
    write(bench.folder, "wanting", GOOD, "requires: [module_that_is_not_there]\npackages: [thing>=2]\n")
    await bench.apply()
    assert bench.states() == {
        "broken": "failed",
        "empty": "failed",
        "good": "running",
        "odd": "failed",
        "wanting": "failed",
    }
    detail = {h.name: h.detail.replace(str(bench.folder), "") for h in bench.loader.health()}
    assert detail["broken"] == (
        "/integrations/broken: importing it failed: ModuleNotFoundError: No module named 'nothing_of_that_name'"
    )
    assert detail["empty"] == "/integrations/empty/__init__.py has no 'setup': see docs/integrations.md"
    assert detail["odd"] == "/integrations/odd/manifest.yaml: Object contains unknown field `colour`"
    assert detail["wanting"] == "The wanting needs module_that_is_not_there: pip install 'thing>=2'"


async def test_wrong_settings_fail_that_integration_alone(bench: Bench) -> None:
    write(bench.folder, "good")
    write(bench.folder, "strict")
    await bench.apply(strict={"word": 5})
    assert bench.states() == {"good": "running", "strict": "failed"}


async def test_one_that_hangs_in_its_setup_is_stopped_and_tried_again(bench: Bench, clock: FakeClock) -> None:
    hanging = "import asyncio\n" + GOOD.replace("    host.hub", "    await asyncio.Event().wait()\n    host.hub", 1)
    write(bench.folder, "slow", hanging)
    write(bench.folder, "good")
    applied = asyncio.ensure_future(bench.apply())
    while bench.states().get("good") != "running":
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)  # the import of the slow one runs in a thread
    assert bench.states()["slow"] == "starting"
    await clock.advance(SETUP_SECONDS + 1)
    await applied
    assert bench.states() == {"good": "running", "slow": "failed"}
    write(bench.folder, "slow")
    await clock.advance(RESTART_SECONDS[0] + 1)
    while bench.states()["slow"] != "running":
        await asyncio.sleep(0.01)
    assert bench.word("slow") == "hello"


async def test_a_background_task_that_fails_restarts_its_integration_later(bench: Bench, clock: FakeClock) -> None:
    crashing = (
        GOOD + "    host.spawn(crash(), 'crash')\n\nasync def crash():\n    raise RuntimeError('out of cheese')\n"
    )
    write(bench.folder, "crashing", crashing)
    await bench.apply()
    await clock.settle()
    assert bench.states() == {"crashing": "failed"}
    assert bench.loader.health()[0].detail == "out of cheese"
    assert bench.word("crashing") is None, "what it registered must go with it"


async def test_new_settings_restart_only_the_one_they_belong_to(bench: Bench) -> None:
    counting = GOOD + "    host.hub.fire('set_up', {'name': host.name})\n"
    write(bench.folder, "one", counting)
    write(bench.folder, "two", counting)
    seen: list[str] = []
    bench.hub.bus.subscribe("arvis/event/set_up", lambda m: seen.append(m.payload.data["name"]), bench.owner)
    await bench.apply(one={"word": "a"}, two={"word": "a"})
    assert sorted(seen) == ["one", "two"]
    await bench.apply(one={"word": "b"}, two={"word": "a"})
    assert sorted(seen) == ["one", "one", "two"]
    assert (bench.word("one"), bench.word("two")) == ("b", "a")


@pytest.mark.parametrize("off", [False, {"enabled": False}])
async def test_false_switches_one_off(bench: Bench, off: Any) -> None:
    write(bench.folder, "good")
    await bench.apply()
    assert bench.word("good") == "hello"
    await bench.apply(good=off)
    assert bench.states() == {}
    assert bench.word("good") is None


async def test_after_waits_for_the_one_before(bench: Bench) -> None:
    write(bench.folder, "base")
    late = GOOD.replace("settings.word", "host.hub.states.get('sensor.base').state + '!'")
    write(bench.folder, "addon", late, "after: [base, not_there]\n")
    await bench.apply(base={"word": "first"})
    assert bench.word("addon") == "first!"


def test_every_built_in_manifest_is_whole() -> None:
    for found in discover(None).values():
        assert found.manifest is not None, found.error
        assert not missing_requirements(found.manifest, built_in=True), "the dev extra must bring it"

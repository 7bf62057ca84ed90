from contextlib import asynccontextmanager

import msgspec
import pytest

from arvisd.config import load, plain
from arvisd.home.keeping.actions import Keeping
from arvisd.home.keeping.file import house_file
from arvisd.home.settings import HomeSettings
from tests.unit.home.discovery.conftest import DiscoveryRig


class KeptHouse(DiscoveryRig):
    """A learning house with a configuration folder, as the daemon puts it together."""

    def __init__(self, folder, database=None):
        super().__init__(database)
        self.folder = folder
        self.file = folder / "home.yaml"
        if not (folder / "configuration.yaml").exists():
            (folder / "configuration.yaml").write_text("arvisd: {}\n")

    @asynccontextmanager
    async def running(self):
        async with super().running():
            await self.reload()
            Keeping(
                self.hub,
                self.home,
                self.house,
                lambda: house_file(self.folder, load(self.folder)),
                self.reload,
                lambda: ["kitchen", "guests"],
            ).offer(self.owner)
            yield self

    async def reload(self):
        loaded = load(self.folder)
        assert loaded.errors == []
        self.home.configure(msgspec.convert(plain(loaded.tree.get("home") or {}), HomeSettings))

    async def do(self, action, **data):
        return await self.hub.actions.call(f"home.{action}", data)

    async def lamp(self, name="Lamp", area="Kitchen", unique_id="lamp", **more):
        device = {"ids": [f"0x{unique_id}"], "name": name} | ({"sa": area} if area else {})
        await self.announce(
            f"light/{unique_id}",
            {
                "name": None,
                "uniq_id": unique_id,
                "cmd_t": f"{unique_id}/set",
                "stat_t": f"{unique_id}/state",
                "dev": device,
                **more,
            },
        )


@pytest.fixture
async def kept(tmp_path):
    kept = KeptHouse(tmp_path)
    async with kept.running():
        yield kept


@pytest.fixture
def make_kept(tmp_path):
    return lambda database=None: KeptHouse(tmp_path, database)

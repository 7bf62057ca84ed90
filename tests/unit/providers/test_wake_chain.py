"""Which wake word engines listen."""

from __future__ import annotations

import pytest

from arvisd.core.errors import ProviderUnavailableError
from arvisd.core.owner import Owner
from arvisd.providers.base import Capability, ProviderInfo
from arvisd.providers.chains import Chains
from arvisd.providers.errors import ChainFailedError, NoProviderError
from arvisd.providers.registry import ProviderRegistry
from tests.simulators.providers import FakeWake


class NamedWake(FakeWake):
    def __init__(self, name: str, problem: str = "") -> None:
        super().__init__()
        self.info = ProviderInfo(name, Capability.WAKE)
        self._problem = problem

    async def load(self) -> None:
        if self._problem:
            raise ProviderUnavailableError(self._problem)


@pytest.fixture
def registry():
    return ProviderRegistry()


@pytest.fixture
async def wake(registry, clock):
    async with Owner("chains") as owner:
        yield Chains(registry, clock, owner).wake


def offer(registry, *providers):
    for provider in providers:
        registry.register(provider, Owner("test"))


@pytest.mark.parametrize(("names", "expected"), [((), ["a", "c"]), (("c",), ["c"]), (("c", "x"), ["c"])])
async def test_all_that_can_be_loaded_listen_or_those_that_are_named(registry, wake, names, expected):
    offer(registry, NamedWake("a"), NamedWake("b", "no model"), NamedWake("c"))
    assert [provider.info.name for provider in await wake.all_ready(names)] == expected


async def test_when_none_can_it_is_said_why(registry, wake):
    offer(registry, NamedWake("a", "no model"), NamedWake("b", "no library"))
    with pytest.raises(ChainFailedError) as error:
        await wake.all_ready()
    assert str(error.value) == "no provider of wake could do it (a: no model; b: no library)"


async def test_a_name_that_nobody_has_is_said(registry, wake):
    offer(registry, NamedWake("a"), NamedWake("b"))
    with pytest.raises(NoProviderError) as error:
        await wake.all_ready(("x", "y"))
    assert str(error.value) == "there is no provider of wake named x or y; there are a, b"

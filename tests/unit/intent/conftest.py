"""Sentences are parsed once for all tests that change none of them."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.intent import languages
from arvisd.intent.sentences import Sentences, load
from tests.simulators.house import TestHouse, virtual_house


@functools.cache
def parsed(language: str) -> Sentences:
    return load(language)


@pytest.fixture(autouse=True)
def _parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def load_or_reuse(language: str, folder: Path | None = None, *, sensed: frozenset[str] | None = None) -> Sentences:
        return parsed(language) if folder is None else load(language, folder, sensed=sensed)

    monkeypatch.setattr(languages, "load", load_or_reuse)


@pytest.fixture
async def owner() -> AsyncIterator[Owner]:
    async with Owner("test") as owner:
        yield owner


@pytest.fixture
async def house(hub: Hub, owner: Owner) -> TestHouse:
    """The virtual house."""
    return await virtual_house(hub, owner)


@pytest.fixture
def empty_house(hub: Hub, owner: Owner) -> TestHouse:
    """A house with nothing in it."""
    return TestHouse(hub, owner)

"""Carries out a reload: builds what is new, then changes over in one go, so that no trigger is missed in between."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Sequence

from arvisd.automation.automation import Automation
from arvisd.automation.builder import Library
from arvisd.automation.definition import Built, build_definition, import_problems
from arvisd.automation.document_kind import AUTOMATIONS, DocumentKind
from arvisd.automation.entry import Entry
from arvisd.automation.parts import Parts
from arvisd.automation.reload import ReloadPlan, plan_reload
from arvisd.automation.schema import AutomationDocument, Document, RunDocument, Section
from arvisd.automation.traces.rows import key_of
from arvisd.config.problems import Problem, error

_LOGGER = logging.getLogger("arvisd.automation")

SLICE_SECONDS = 0.01
"""How long documents are read before the event loop may turn: a reload must not hold up a voice."""


class Loader:
    """Keeps the entries of one kind in step with the documents."""

    def __init__(
        self, library: Library, parts: Parts, entries: dict[str, Entry], kind: DocumentKind = AUTOMATIONS
    ) -> None:
        self._library = library
        self._parts = parts
        self._entries = entries
        self._kind = kind
        parts.revival.watch(entries)
        self._section_problems: list[Problem] = []
        self._unreadable: set[str] = set()
        """Files of which something could not be read; an empty name: any file."""

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong now."""
        found = [*self._section_problems]
        for entry in self._entries.values():
            found += entry.problems
            if entry.automation is not None and entry.automation.definition.imports and not entry.error:
                found += import_problems(entry.automation.definition, self._library.templates.macros)
        return found

    async def load(self, node: object, unreadable: Collection[str], *, keep: bool | None = None) -> list[Entry]:
        """Take the section as it is now; return the entries that are gone.

        Args:
            node: the section as it was written, or as it was read.
            unreadable: files of which it holds nothing because they could not be read.
            keep: whether the last good version of an invalid one goes on; None: as the section says.
        """
        section = node if isinstance(node, Section) else self._kind.read(node)
        self._unreadable = {*unreadable, *(mark.file for mark in section.unreadable)}
        self._library.refresh()
        await self._expand(section.documents)
        documents, doubled = unique(section.documents)
        plan = plan_reload(list(self._entries.values()), documents)
        fresh = [document for _, document in plan.changed] + plan.added
        built = await self._build(fresh)
        self._section_problems = [*section.problems, *doubled]
        if keep is None:
            keep = section.settings.on_error == "keep"
        return self._apply(plan, built, documents, keep=keep)

    async def retry(self) -> None:
        """Build again what is invalid."""
        for entry in [entry for entry in self._entries.values() if entry.error]:
            self._renew(entry, build_definition(entry.source, self._library, self._kind.define), keep=True)

    async def _expand(self, documents: Sequence[Document]) -> None:
        """Put the bodies of their blueprints into documents."""
        began = time.perf_counter()
        for document in documents:
            document.expand(self._library.blueprints)
            if time.perf_counter() - began > SLICE_SECONDS:
                await asyncio.sleep(0)
                began = time.perf_counter()

    async def _build(self, documents: Sequence[Document]) -> dict[int, Built]:
        built: dict[int, Built] = {}
        began = time.perf_counter()
        for document in documents:
            built[id(document)] = build_definition(document, self._library, self._kind.define)
            if time.perf_counter() - began > SLICE_SECONDS:
                await asyncio.sleep(0)
                began = time.perf_counter()
        return built

    def _apply(
        self, plan: ReloadPlan[Entry], built: dict[int, Built], documents: list[Document], *, keep: bool
    ) -> list[Entry]:
        order: dict[int, Entry] = {}
        gone: list[Entry] = []
        orphans: list[Entry] = []
        for entry, document in plan.kept:
            entry.source = document
            order[id(document)] = entry
            self._keep(entry, keep=keep)
        for entry in plan.removed:
            if keep and self._unread(entry):
                orphans.append(entry)
            else:
                self._remove(entry)
                gone.append(entry)
        for entry, document in plan.changed:
            renamed = entry.source.label != document.label or entry.source.id != document.id
            entry.source = document
            if renamed:
                self._rename(entry)
            order[id(document)] = entry
            self._renew(entry, built[id(document)], keep=keep)
        for document in plan.added:
            order[id(document)] = self._add(document, built[id(document)])
        self._entries.clear()
        for entry in [*(order[id(document)] for document in documents), *orphans]:
            self._entries[entry.entity_id] = entry
        return gone

    def _keep(self, entry: Entry, *, keep: bool) -> None:
        """Leave an unchanged one alone; what was only unreadable for a while is well again."""
        if entry.error and not entry.problems:
            entry.error = ""
            entry.show(self._parts.hub)
        elif entry.error and not keep:
            self._stop(entry)
            entry.show(self._parts.hub)

    def _add(self, document: Document, built: Built) -> Entry:
        name = self._kind.name_of(document, self._taken)
        entry = Entry(document, self._kind.id_of(document, name), f"{self._kind.domain}.{name}")
        definition = built.definition
        entry.on = self._begins_on(entry, None if definition is None else definition.document)
        self._entries[entry.entity_id] = entry
        self._renew(entry, built, keep=True)
        return entry

    def _begins_on(self, entry: Entry, document: RunDocument | None) -> bool:
        """Tell how a new entry begins: as its document says, else as it was left, else on."""
        if isinstance(document, AutomationDocument) and document.initial_state is not None:
            return document.initial_state
        return self._parts.traces.remembered(entry).on is not False

    def _renew(self, entry: Entry, built: Built, *, keep: bool) -> None:
        """Let an entry run what was built; where that is invalid, its last good version goes on or stops."""
        entry.problems = built.problems
        before = entry.automation
        if built.definition is None:
            entry.error = built.error
            if not keep:
                self._stop(entry)
            entry.show(self._parts.hub)
            self._kind.loaded(entry)
            return
        entry.error = ""
        history = before.history if before is not None else None
        automation = Automation(built.definition, entry.id, entry.entity_id, self._parts, history)
        if history is None:
            self._parts.traces.recall(automation.history, entry)
        if before is not None:
            before.detach()
            before.stop_runs()
        entry.automation = automation
        if entry.on:
            self._attach(entry, automation)
        entry.show(self._parts.hub)
        self._kind.loaded(entry)

    def _attach(self, entry: Entry, automation: Automation) -> None:
        """Let its triggers listen; one that cannot makes this automation invalid, and no other."""
        try:
            automation.attach()
        except Exception as failure:  # a kind of trigger may come from anybody: the reload goes on whatever it raises
            if not isinstance(failure, ValueError):
                _LOGGER.exception("%s: a trigger cannot listen", automation.label)
            automation.detach()
            entry.problems = [*entry.problems, error(entry.source.mark, str(failure) or repr(failure), entry.id)]
            entry.error = str(entry.problems[-1])

    def _rename(self, entry: Entry) -> None:
        """Give an entry the entity of its new alias."""
        self._entries.pop(entry.entity_id, None)
        name = self._kind.name_of(entry.source, self._taken)
        entity_id = f"{self._kind.domain}.{name}"
        if entity_id != entry.entity_id:
            self._parts.hub.states.remove(entry.entity_id)
            entry.entity_id = entity_id
        key = key_of(entry)
        before, entry.id = entry.id, self._kind.id_of(entry.source, name)
        self._parts.traces.rename(key, key_of(entry))
        self._parts.dwells.rename(before, entry.id)
        self._entries[entry.entity_id] = entry
        if entry.automation is not None:
            entry.automation.origin.entity_id = entry.entity_id
            entry.automation.origin.id = entry.id

    def _taken(self, name: str) -> bool:
        return f"{self._kind.domain}.{name}" in self._entries

    def _remove(self, entry: Entry) -> None:
        self._stop(entry)
        self._parts.dwells.forget(entry.id)
        self._entries.pop(entry.entity_id, None)
        self._parts.hub.states.remove(entry.entity_id)
        self._kind.removed(entry)

    def _stop(self, entry: Entry) -> None:
        if entry.automation is not None:
            entry.automation.detach()
            entry.automation.stop_runs()
            entry.automation = None

    def _unread(self, entry: Entry) -> bool:
        """Tell whether an automation that is not there any more may stand in what could not be read; then it stays."""
        file = entry.source.mark.file
        if not self._unreadable & {file, ""}:
            return False
        entry.error = entry.error or f"{file} could not be read: the last good version goes on"
        entry.show(self._parts.hub)
        return True


def unique(documents: Sequence[Document]) -> tuple[list[Document], list[Problem]]:
    """Return the documents without those whose id is taken, and the problems of these."""
    seen: dict[str, Document] = {}
    kept: list[Document] = []
    problems: list[Problem] = []
    for document in documents:
        id_ = document.id
        if id_ is not None and id_ in seen:
            text = f"the id {id_!r} is taken by {seen[id_].mark}: give this automation another"
            problems.append(error(document.mark, text, id_))
            continue
        if id_ is not None:
            seen[id_] = document
        kept.append(document)
    return kept, problems

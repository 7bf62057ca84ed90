"""Remembers which cause set the state of which entity; the last ones of each, in SQLite.

Only what has a known cause is stored: a state that comes from outside costs a look into a dictionary.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import sqlite3
from collections import deque
from datetime import datetime

import msgspec

from arvisd.core.bus import Message
from arvisd.core.causes import Cause, Request, Turn
from arvisd.core.clock import TimerHandle
from arvisd.core.hub import Hub
from arvisd.core.intents import Intent
from arvisd.core.owner import Owner
from arvisd.core.sites import TurnTrace
from arvisd.core.states import State
from arvisd.storage.database import Database
from arvisd.storage.errors import StorageError
from arvisd.why.chain import Step, chain_of, link_of, step_of
from arvisd.why.link import Change, Link

_LOGGER = logging.getLogger("arvisd.why")

MIGRATIONS = (
    """
    CREATE TABLE changes (
        number INTEGER PRIMARY KEY,
        entity TEXT NOT NULL,
        time TEXT NOT NULL,
        state TEXT NOT NULL,
        chain BLOB NOT NULL
    );
    CREATE INDEX changes_by_entity ON changes (entity, number);
    CREATE TABLE links (
        number INTEGER PRIMARY KEY,
        context TEXT NOT NULL UNIQUE,
        link BLOB NOT NULL
    );
    """,
)

KEPT = 10
"""Changes of each entity that are kept."""
MOST_CHANGES = 20_000
MOST_LINKS = 2_000
"""Turns and requests that are kept for runs that go on long after them."""
WRITE_SECONDS = 1.0
"""Between two writings: what a killed daemon may lose."""
MOST_ENTITIES = 200
"""Entities whose changes are written at once; the others wait for the next time."""
QUESTIONS = frozenset({"arvisd.why", "arvisd.actions", "automation.list", "automation.traces"})
"""Actions that only tell."""
_CHAIN = msgspec.json.Decoder(list[Link])
_LINK = msgspec.json.Decoder(Link)
_ENCODER = msgspec.json.Encoder()


class _Set:
    """A state that a known cause set."""

    __slots__ = ("cause", "chain", "context_id", "state", "step", "time")

    def __init__(
        self, state: State, time: datetime, cause: Cause | None, step: Step | None, chain: list[Link] | None
    ) -> None:
        self.state = state.state
        self.context_id = state.context.id
        self.time = time
        self.cause = cause
        self.step = step
        self.chain = chain
        """Made of cause and step when it is written or asked for."""


class CauseIndex:
    """Listens to states and turns; answers what set an entity."""

    def __init__(self, hub: Hub, database: Database, owner: Owner) -> None:
        self._hub = hub
        self._causes = hub.causes
        self._database = database
        self._owner = owner
        self._prefix = len(hub.topics.root) + len("/state/")
        self._last: dict[str, _Set] = {}
        """By topic."""
        self._waiting: dict[str, deque[_Set]] = {}
        """What is not written yet, by topic."""
        self._under_way: dict[str, deque[_Set]] = {}
        """What the worker thread is writing."""
        self._timer: TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None
        self._lasting = database.path is not None
        try:
            if self._lasting:
                database.prepare("why", MIGRATIONS)
        except StorageError as error:
            self._lasting = False
            _LOGGER.warning("what caused what is not remembered over a restart: %s", error)

    def start(self) -> None:
        """Begin to listen, until the owner stops."""
        bus, topics, owner = self._hub.bus, self._hub.topics, self._owner
        bus.subscribe(topics.state("+.+"), self._state, owner)
        bus.subscribe(topics.intent("+"), self._intent, owner)
        bus.subscribe(topics.site("+", "turn"), self._turn, owner)

    async def stop(self) -> None:
        """Write what waits."""
        if not self._lasting:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writing is not None:
            await self._writing
        while self._waiting or self._causes.changed:
            await self._write()

    def changes(self, entity_id: str) -> list[Change]:
        """Return the kept states of an entity that have a known cause, oldest first."""
        topic = self._hub.topics.state(entity_id)
        stored: list[Change] = []
        if self._lasting:
            sql = "SELECT state, time, chain FROM changes WHERE entity = ? ORDER BY number"
            for state, time, chain in self._database.read(sql, (entity_id,)):
                stored.append(Change(state, datetime.fromisoformat(time), _CHAIN.decode(chain)))
        fresh = [*self._under_way.get(topic, ()), *self._waiting.get(topic, ())]
        changes = [*stored, *(Change(each.state, each.time, self._chain(each)) for each in fresh)]
        # what is being written stands in both
        return list({(change.time, change.state): change for change in changes}.values())[-KEPT:]

    def link(self, context_id: str) -> Link | None:
        """Return a turn or a request by its context, from memory or from before."""
        cause = self._causes.get(context_id)
        if cause is not None:
            return link_of(cause)
        if not self._lasting:
            return None
        rows = self._database.read("SELECT link FROM links WHERE context = ?", (context_id,))
        return _LINK.decode(rows[0][0]) if rows else None

    def _state(self, message: Message) -> None:
        state = message.payload
        if type(state) is not State:
            return
        context = state.context
        cause = self._causes.get(context.id)
        last = self._last.get(message.topic)
        again = last is not None and last.context_id == context.id
        if last is not None and again and last.state == state.state:
            return  # an attribute more, of the same cause
        if cause is None and not again:
            cause = self._causes.get(context.parent_id)
        if cause is not None:
            step = step_of(cause, self._entity(message.topic), self._causes)
            found = _Set(state, self._hub.clock.now(), cause, step, None)
        elif last is not None and again:
            # what went on for long is forgotten; the cause is the same
            found = _Set(state, self._hub.clock.now(), last.cause, last.step, last.chain)
        else:
            return
        self._last[message.topic] = found
        waiting = self._waiting.get(message.topic)
        if waiting is None:
            waiting = self._waiting[message.topic] = deque(maxlen=KEPT)
        waiting.append(found)
        self._write_soon()

    def _intent(self, message: Message) -> None:
        intent = message.payload
        if type(intent) is not Intent:
            return
        name = message.topic.rpartition("/")[2]
        turn = Turn(
            intent.context,
            self._hub.clock.now(),
            intent.site,
            intent.text,
            intent.language,
            intent.session,
            name,
            intent.speaker,
            intent.by,
        )
        self._causes.happened(turn)
        self._write_soon()

    def _turn(self, message: Message) -> None:
        trace = message.payload
        if type(trace) is not TurnTrace:
            return
        turn = self._causes.get(trace.context.id)
        if not isinstance(turn, Turn):
            turn = Turn(trace.context, trace.time, trace.site, trace.text, trace.language, trace.session, trace.intent)
        turn.heard = any(stage.name == "stt" for stage in trace.stages)
        self._causes.happened(turn)
        self._write_soon()

    def _entity(self, topic: str) -> str:
        return topic[self._prefix :].replace("/", ".", 1)

    def _chain(self, found: _Set) -> list[Link]:
        if found.chain is None:
            assert found.cause is not None
            found.chain = chain_of(found.cause, found.step, self._causes)
        return found.chain

    def _write_soon(self) -> None:
        if self._timer is None and self._lasting:
            self._timer = self._hub.clock.call_later(WRITE_SECONDS, self._due)

    def _due(self) -> None:
        self._timer = None
        if self._writing is None or self._writing.done():
            self._writing = self._owner.spawn(self._write(), "store causes")
        else:
            self._write_soon()

    async def _write(self) -> None:
        changed, self._causes.changed = self._causes.changed, []
        links = [(cause.context.id, _ENCODER.encode(link_of(cause))) for cause in changed if not _asks(cause)]
        rows: list[tuple[str, str, str, bytes]] = []
        topics = list(self._waiting)[:MOST_ENTITIES]
        self._under_way = {topic: self._waiting.pop(topic) for topic in topics} if self._lasting else {}
        for topic, waiting in self._under_way.items():
            entity_id = self._entity(topic)
            for found in waiting:
                rows.append((entity_id, found.time.isoformat(), found.state, _ENCODER.encode(self._chain(found))))
                found.cause = None  # what ran may be forgotten
        if self._waiting:
            self._write_soon()
        if not (rows or links):
            return
        try:
            await self._database.background(functools.partial(_store, rows=rows, links=links))
        except (sqlite3.Error, StorageError) as error:
            _LOGGER.warning("what caused %d states could not be stored: %s", len(rows), error)
        finally:
            self._under_way = {}


def _asks(cause: Cause) -> bool:
    """Tell whether a cause only asks for something: it sets nothing, and need not be remembered."""
    return isinstance(cause, Request) and cause.action in QUESTIONS


def _store(
    connection: sqlite3.Connection, rows: list[tuple[str, str, str, bytes]], links: list[tuple[str, bytes]]
) -> None:
    """In the worker thread: write, and let the oldest go."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany("INSERT INTO changes (entity, time, state, chain) VALUES (?, ?, ?, ?)", rows)
        connection.executemany("INSERT OR REPLACE INTO links (context, link) VALUES (?, ?)", links)
        connection.executemany(
            "DELETE FROM changes WHERE entity = ? AND number <= ("
            "SELECT number FROM changes WHERE entity = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
            [(entity, entity, KEPT) for entity in {row[0] for row in rows}],
        )
        for table, most in (("changes", MOST_CHANGES), ("links", MOST_LINKS)):
            connection.execute(
                f"DELETE FROM {table} WHERE number <= (SELECT MAX(number) FROM {table}) - ?",  # noqa: S608  # our own names
                (most,),
            )
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")

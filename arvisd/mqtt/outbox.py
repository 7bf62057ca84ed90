"""What waits for the broker: events in order, states collapsed to the last of each topic, both bounded."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable

from arvisd.mqtt.wire import Extras

Outgoing = tuple[str, bytes, int, bool, Extras | None, float | None]
"""Topic, payload, QoS, retain, extras, and the monotonic time after which nobody wants it (None: no such time).

A tuple, since one is made for every message sent.
"""

OVERHEAD = 64
"""Bytes counted for each message beside its topic and payload, so that empty ones do not come free."""


class Outbox:
    """A queue that forgets the oldest events first; the newest state of a topic takes the older one's place.

    Answers to requests are forgotten last: somebody waits for them, be there ever so many events.
    """

    def __init__(self, messages: int, bytes_: int) -> None:
        self._max_messages = messages
        self._max_bytes = bytes_
        self._events: deque[tuple[int, Outgoing]] = deque()
        self._answers: deque[tuple[int, Outgoing]] = deque()
        self._states: OrderedDict[str, tuple[int, Outgoing]] = OrderedDict()
        self._next = 0
        self._first = 0
        self.bytes = 0
        """Bytes that wait."""
        self.dropped = 0
        """Messages given up for want of room, since the start."""

    def __len__(self) -> int:
        return len(self._events) + len(self._answers) + len(self._states)

    def add(self, message: Outgoing) -> int:
        """Put a message last and return how many were dropped to make room."""
        self._put(message, self._next)
        self._next += 1
        return self._shrink()

    def put_back(self, messages: Iterable[Outgoing]) -> int:
        """Put messages first, in their order: they were sent and perhaps not received.

        A state for which a newer one waits is not needed any more.
        """
        for message in reversed(list(messages)):
            if message[3] and message[0] in self._states:
                continue
            self._first -= 1
            if message[3]:
                self._states[message[0]] = (self._first, message)
                self._states.move_to_end(message[0], last=False)
            else:
                self._line(message).appendleft((self._first, message))
            self.bytes += _size(message)
        return self._shrink()

    def put_states_first(self, messages: Iterable[Outgoing]) -> None:
        """Replace what waits for these topics and send them, and all other states, before any event.

        They are about to go out, and push nothing out of the queue.
        """
        others = self._states
        self._states = OrderedDict()
        self.bytes -= sum(_size(entry[1]) for entry in others.values())
        fresh = {message[0]: message for message in messages}
        for _, message in others.values():
            fresh.setdefault(message[0], message)
        self._first -= len(fresh)
        for order, message in enumerate(fresh.values(), self._first):
            self._states[message[0]] = (order, message)
            self.bytes += _size(message)

    def pop(self) -> Outgoing:
        """Take the message that comes next; raise IndexError when nothing waits."""
        line = self._events
        if self._answers and (not line or self._answers[0][0] < line[0][0]):
            line = self._answers
        if self._states:
            order, message = next(iter(self._states.values()))
            if not line or order < line[0][0]:
                del self._states[message[0]]
                self.bytes -= _size(message)
                return message
        _, message = line.popleft()
        self.bytes -= _size(message)
        return message

    def drop(self, count: int = 1) -> None:
        """Count messages that were given up before they came here."""
        self.dropped += count

    def _put(self, message: Outgoing, order: int) -> None:
        if message[3]:
            before = self._states.get(message[0])
            if before is not None:
                order = before[0]
                self.bytes -= _size(before[1])
            self._states[message[0]] = (order, message)
        else:
            self._line(message).append((order, message))
        self.bytes += _size(message)

    def _line(self, message: Outgoing) -> deque[tuple[int, Outgoing]]:
        """Return the line in which a message waits that is no state."""
        extras = message[4]
        answer = (extras is not None and extras.correlation is not None) or "/result/" in message[0]
        return self._answers if answer else self._events

    def _shrink(self) -> int:
        before = len(self)
        while len(self) > self._max_messages or (self.bytes > self._max_bytes and len(self)):
            if self._events:
                _, message = self._events.popleft()
            elif self._states:
                _, (_, message) = self._states.popitem(last=False)
            else:
                _, message = self._answers.popleft()
            self.bytes -= _size(message)
        dropped = before - len(self)
        self.dropped += dropped
        return dropped


def _size(message: Outgoing) -> int:
    return len(message[0]) + len(message[1]) + OVERHEAD

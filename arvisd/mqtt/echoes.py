"""Recognises our own messages when a broker of MQTT 3.1.1 sends them back to us."""

from __future__ import annotations

from collections import OrderedDict

LIFETIME = 10.0
"""Seconds within which a message comes back; later the same bytes are somebody else's."""
CAPACITY = 10_000
"""Messages awaited at most; the oldest are forgotten."""


class Echoes:
    """A bounded table of the messages expected to come back, each as often as it was sent."""

    def __init__(self) -> None:
        self._expected: OrderedDict[tuple[str, bytes], tuple[int, float]] = OrderedDict()

    def expect(self, topic: str, payload: bytes, now: float) -> None:
        """A message was sent that one of our own subscriptions matches."""
        key = (topic, payload)
        count, deadline = self._expected.pop(key, (0, 0.0))
        self._expected[key] = ((count if deadline > now else 0) + 1, now + LIFETIME)
        if len(self._expected) > CAPACITY:
            self._expected.popitem(last=False)

    def take(self, topic: str, payload: bytes, now: float) -> bool:
        """Tell whether a received message is one of ours come back; each answers once."""
        key = (topic, payload)
        entry = self._expected.get(key)
        if entry is None:
            return False
        count, deadline = entry
        if count > 1:
            self._expected[key] = (count - 1, deadline)
        else:
            del self._expected[key]
        return deadline > now

    def extend(self, now: float) -> None:
        """After a reconnect: what was sent and not acknowledged is sent again, and comes back later."""
        for key, (count, _) in self._expected.items():
            self._expected[key] = (count, now + LIFETIME)

    def __len__(self) -> int:
        return len(self._expected)

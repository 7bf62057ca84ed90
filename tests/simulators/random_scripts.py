"""Random automations that publish what they do, each line of steps in an order of its own; made of a seed."""

from __future__ import annotations

import random
from typing import Any

Step = dict[str, Any]


class RandomScript:
    """One automation, set off by `kill/go`; what it does goes to `kill/done/<number>/<line>`.

    A line is a sequence of steps that nothing else runs beside: the automation itself, and each branch of a
    `parallel`. Within a line the order of the messages is given; beside each other lines may swap theirs.
    """

    def __init__(self, number: int, rng: random.Random, longest: float) -> None:
        self.number = number
        self._rng = rng
        self._longest = longest
        self._labels = 0
        self._lines = 0
        steps = [*self._steps(0, self._line()), self._publish("0")]
        self.document = {
            "id": f"s{number}",
            "triggers": [{"trigger": "mqtt", "topic": "kill/go"}],
            "variables": {"n": 0},
            "actions": steps,
        }

    def _line(self) -> str:
        self._lines += 1
        return str(self._lines - 1)

    def _publish(self, line: str) -> Step:
        self._labels += 1
        index = "{{ repeat.index if repeat is defined else 0 }}"
        topic = f"kill/done/{self.number}/{line}"
        return {"action": "mqtt.publish", "data": {"topic": topic, "payload": f"{self._labels} {{{{ n }}}} {index}"}}

    def _delay(self) -> Step:
        seconds = round(self._rng.uniform(0.02, self._longest), 2)
        kind = self._rng.random()
        if kind < 0.7:
            return {"delay": seconds}
        if kind < 0.85:
            return {"wait_template": "{{ false }}", "timeout": seconds}
        return {"wait_for_trigger": [{"trigger": "mqtt", "topic": "kill/never"}], "timeout": seconds}

    def _steps(self, depth: int, line: str) -> list[Step]:
        steps: list[Step] = []
        for _ in range(self._rng.randint(2, 4)):
            kind = self._rng.random()
            if kind < 0.45 or depth >= 3:
                steps += [self._publish(line), self._delay()]
            elif kind < 0.55:
                steps.append({"variables": {"n": "{{ n + 1 }}"}})
            else:
                steps.append(self._nested(depth + 1, line))
        return steps

    def _nested(self, depth: int, line: str) -> Step:
        rng = self._rng
        kind = rng.choice(["count", "for_each", "while", "until", "choose", "if", "parallel", "sequence"])
        if kind == "parallel":
            return {"parallel": [{"sequence": self._steps(depth, self._line())} for _ in range(rng.randint(2, 3))]}
        steps = self._steps(depth, line)
        times = rng.randint(1, 3)
        condition = rng.choice(["{{ n is even }}", "{{ n is odd }}", "{{ true }}"])
        kinds: dict[str, Step] = {
            "count": {"repeat": {"count": times, "sequence": steps}},
            "for_each": {"repeat": {"for_each": [f"item {i}" for i in range(times)], "sequence": steps}},
            "while": {"repeat": {"while": f"{{{{ repeat.index <= {times} }}}}", "sequence": steps}},
            "until": {"repeat": {"until": f"{{{{ repeat.index >= {times} }}}}", "sequence": steps}},
            "choose": {
                "choose": [{"conditions": condition, "sequence": steps}],
                "default": self._steps(depth, line) if rng.random() < 0.5 else [],
            },
            "if": {"if": condition, "then": steps, "else": [self._publish(line)]},
            "sequence": {"sequence": steps},
        }
        return kinds[kind]


def random_scripts(count: int, seed: int, longest: float) -> list[dict[str, Any]]:
    """Return the documents of so many automations, with waits of at most so many seconds."""
    rng = random.Random(seed)
    return [RandomScript(number, rng, longest).document for number in range(count)]

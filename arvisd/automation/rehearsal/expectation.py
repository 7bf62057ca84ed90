"""What is expected, held against what came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from arvisd.automation import outcomes
from arvisd.automation.automation import Automation
from arvisd.automation.rehearsal.document import Expected
from arvisd.automation.rehearsal.matching import NAMES, fits, fits_call, parts_of
from arvisd.automation.rehearsal.recording import Called
from arvisd.automation.rehearsal.stage import Stage, text_of
from arvisd.automation.run import Run
from arvisd.automation.trace import Trace
from arvisd.config.nodes import Mark, mark_of
from arvisd.config.problems import Problem, did_you_mean
from arvisd.config.validate import Validated, validate
from arvisd.core.bus import Message

RUNNING = "running"
NONE = "none"
OLD_OUTCOMES = {"": RUNNING}
KEYS = tuple(field.encode_name for field in msgspec.structs.fields(Expected))


class Failure(msgspec.Struct, frozen=True):
    """An expectation that was not met."""

    file: str
    line: int
    column: int
    message: str
    came: list[str] = []
    """What came instead."""


class Window:
    """What happened on a stage since the last expectation."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._seen_calls = self._seen_messages = self._seen_runs = 0
        self._refusals: set[str] = set()
        self._mismatches: dict[tuple[str, str], int] = {}
        self._going: list[tuple[Automation, Run]] = []

    @property
    def calls(self) -> list[Called]:
        """Actions that were called."""
        return self._stage.actions.calls[self._seen_calls :]

    @property
    def messages(self) -> list[Message]:
        """MQTT messages that were sent."""
        return self._stage.published[self._seen_messages :]

    @property
    def began(self) -> list[tuple[Automation, Run]]:
        """Runs that began."""
        return self._stage.runs[self._seen_runs :]

    @property
    def runs(self) -> list[tuple[Automation, Run]]:
        """Runs that began, or that went on from before."""
        return [*self._going, *self.began]

    @property
    def refused(self) -> list[tuple[Automation, Trace]]:
        """What led to no run: conditions, modes, then triggers that saw something else."""
        found = []
        missed = []
        for automation in self._automations():
            found += [(automation, t) for t in automation.history.refusals if t.run not in self._refusals]
            for number, mismatch in automation.history.mismatches.items():
                if mismatch.times > self._mismatches.get((automation.entity_id, number), 0):
                    now, monotonic = self._stage.clock.now(), self._stage.clock.monotonic()
                    missed.append((automation, mismatch.trace(number, automation.origin, now, monotonic)))
        return [*found, *missed]

    def close(self) -> None:
        """Begin anew."""
        self._going = [(automation, run) for automation, run in self.runs if run.running]
        self._seen_calls = len(self._stage.actions.calls)
        self._seen_messages = len(self._stage.published)
        self._seen_runs = len(self._stage.runs)
        for automation in self._automations():
            self._refusals |= {trace.run for trace in automation.history.refusals}
            for number, mismatch in automation.history.mismatches.items():
                self._mismatches[automation.entity_id, number] = mismatch.times

    def _automations(self) -> list[Automation]:
        engine = self._stage.engine
        entries = [*engine.entries(), *(engine.find(info.entity_id) for info in engine.list_scripts())]
        return [entry.automation for entry in entries if entry.automation is not None]

    @property
    def latest(self) -> tuple[str, str]:
        """Outcome and reason of the latest run, else of what led to none."""
        own = [run for automation, run in self.runs if automation.definition.source.triggered]
        runs = own or [run for _, run in self.runs]
        if runs:
            return OLD_OUTCOMES.get(runs[-1].outcome, runs[-1].outcome), runs[-1].trace.reason
        if self.refused:
            automation, trace = self.refused[0]
            record = trace.record(automation.id, automation.entity_id)
            return record.outcome, record.reason
        return NONE, ""


class Judge:
    """Holds the expectations of one test against what came."""

    def __init__(self, stage: Stage, mark: Mark) -> None:
        self._stage = stage
        self._mark = mark
        self.window = Window(stage)
        self.failures: list[Failure] = []

    def judge(self, node: Any, refused: Any, container: Any) -> None:
        """Look at what came since the last time.

        Args:
            node: what stands under `expect`.
            refused: what stands under `expect_not`.
            container: what holds both, for their places.
        """
        expected = self._read(node, container)
        if expected is None:
            return
        for name, value in msgspec.structs.asdict(expected).items():
            if value is not None and name in _CHECKS:
                inner = node if isinstance(node, dict) and not set(NAMES) & set(node) else container
                key = name.rstrip("_") if inner is node else "expect"
                _CHECKS[name](self, value, inner, key)
        if refused is not None:
            self._not(refused if isinstance(refused, list) else [refused], container, "expect_not")
        if expected.outcome is None:
            self.look_for_faults()
        self.window.close()

    def look_for_faults(self) -> None:
        """A run that fails is a failure of the test, unless it is expected."""
        for automation, run in self.window.runs:
            if run.outcome == outcomes.FAILED:
                self._fail(self._mark, f"{automation.entity_id} failed: {run.trace.reason}")
        if self._stage.fault and not any(run.outcome == outcomes.FAILED for _, run in self.window.runs):
            self._fail(self._mark, f"the call failed: {self._stage.fault}")
        self._stage.fault = ""

    def _read(self, node: Any, container: Any) -> Expected | None:
        if node is None:
            return Expected()
        if node == NONE:
            return Expected(exactly=[])
        if isinstance(node, list):
            return Expected(exactly=node)
        if isinstance(node, dict) and set(NAMES) & set(node):
            return Expected(exactly=[node])
        if isinstance(node, str):
            self._fail(mark_of(container, "expect"), f"expect: {node!r} is neither 'none' nor a list of actions")
            return None
        read: Validated[Expected] = validate(node, Expected, "expect", container, "expect")
        self.problems(read.problems)
        return read.value

    def problems(self, problems: Sequence[Problem]) -> None:
        """Take down what is wrong with a document."""
        self.failures += [Failure(p.file, p.line, p.column, p.message) for p in problems if p.severity == "error"]

    def _exactly(self, wanted: list[Any], container: Any, key: str) -> None:
        came = self.window.calls
        for index, each in enumerate(wanted):
            if index >= len(came) or not fits_call(each, came[index]):
                which = f"action {index + 1}" if len(wanted) > 1 else "the action"
                self._missed(f"expected {which}: {described(each)}", _item(container, key, index))
                return
        if len(came) > len(wanted):
            more = len(came) - len(wanted)
            said = "no action" if not wanted else f"no more than {len(wanted)} action{'s'[: len(wanted) - 1]}"
            self._missed(f"expected {said}, but {more} {'more ' if wanted else ''}came", mark_of(container, key))

    def _in_order(self, wanted: list[Any], container: Any, key: str) -> None:
        waiting = list(self.window.calls)
        for index, each in enumerate(wanted):
            found = next((place for place, call in enumerate(waiting) if fits_call(each, call)), None)
            if found is None:
                after = f" after {described(wanted[index - 1])}" if index else ""
                self._missed(f"expected the action {described(each)}{after}", _item(container, key, index))
                return
            del waiting[: found + 1]

    def _unordered(self, wanted: list[Any], container: Any, key: str) -> None:
        waiting = list(self.window.calls)
        for index, each in enumerate(wanted):
            found = next((place for place, call in enumerate(waiting) if fits_call(each, call)), None)
            if found is None:
                self._missed(f"expected the action {described(each)}", _item(container, key, index))
            else:
                del waiting[found]

    def _not(self, unwanted: list[Any], container: Any, key: str) -> None:
        for index, each in enumerate(unwanted):
            if any(fits_call(each, call) for call in self.window.calls):
                self._missed(f"the action was not to be called: {described(each)}", _item(container, key, index))

    def _published(self, wanted: list[Any], container: Any, key: str) -> None:
        waiting = list(self.window.messages)
        for index, each in enumerate(wanted):
            found = next((place for place, message in enumerate(waiting) if _is_message(each, message)), None)
            if found is None:
                self._fail(
                    _item(container, key, index),
                    f"expected the message {_plainly(each)}",
                    [_shown(message) for message in self.window.messages] or ["no message was sent"],
                )
                return
            del waiting[: found + 1]

    def _states(self, wanted: dict[str, Any], container: Any, key: str) -> None:
        states = self._stage.hub.states
        for name, each in wanted.items():
            mark = mark_of(wanted, name)
            shown = _plainly(text_of(each) if isinstance(each, bool) else each)
            found = states.get(name)
            if found is None:
                if each is not None:
                    self._fail(
                        mark,
                        f"expected {name} to be {shown}, but it has no state{did_you_mean(name, states.ids())}",
                    )
                continue
            whole = {"state": found.state, "attributes": found.attributes}
            asked = each if isinstance(each, dict) and {"state", "attributes"} & set(each) else {"state": each}
            if "state" in asked and not isinstance(asked["state"], dict):
                asked = {**asked, "state": text_of(asked["state"])}
            if not fits(asked, whole):
                came = found.state if set(asked) == {"state"} else f"{found.state} {_plainly(found.attributes)}"
                self._fail(mark, f"expected {name} to be {shown}", [f"it is {came}"])

    def _outcome(self, wanted: str, container: Any, key: str) -> None:
        outcome, reason = self.window.latest
        if outcome != wanted:
            self._fail(
                mark_of(container, key),
                f"expected the outcome {wanted}",
                [f"{outcome}{': ' if reason else ''}{reason}"],
            )
        self._stage.fault = ""

    def _reason(self, wanted: str, container: Any, key: str) -> None:
        outcome, reason = self.window.latest
        if wanted not in reason:
            self._fail(
                mark_of(container, key),
                f"expected the reason to say {wanted!r}",
                [f"{outcome}: {reason or 'no reason'}"],
            )

    def _runs(self, wanted: int, container: Any, key: str) -> None:
        came = sum(automation.definition.source.triggered for automation, _ in self.window.began)
        came = came or len(self.window.began)
        if came != wanted:
            self._fail(mark_of(container, key), f"expected {wanted} runs to begin", [f"{came} began"])

    def _response(self, wanted: Any, container: Any, key: str) -> None:
        said = [run.response for _, run in self.window.runs if run.response is not None]
        came = said[-1] if said else self._stage.reply
        if not fits(wanted, came):
            self._fail(
                mark_of(container, key),
                f"expected the response {_plainly(wanted)}",
                [f"it was {came!r}" if came is not None else "there was none"],
            )

    def _result(self, wanted: Any, container: Any, key: str) -> None:
        if not fits(wanted, self._stage.result):
            self._fail(
                mark_of(container, key),
                f"expected the result {_plainly(wanted)}",
                [f"it was {_plainly(self._stage.result)}"],
            )

    def _missed(self, message: str, mark: Mark) -> None:
        calls = self.window.calls
        self._fail(
            mark, message, [f"{number}. {call}" for number, call in enumerate(calls, 1)] or ["no action was called"]
        )

    def _fail(self, mark: Mark, message: str, came: list[str] | None = None) -> None:
        self.failures.append(Failure(mark.file, mark.line, mark.column, message, came or []))


_CHECKS: dict[str, Callable[[Judge, Any, Any, str], None]] = {
    "exactly": Judge._exactly,  # noqa: SLF001  # its own
    "actions": Judge._in_order,  # noqa: SLF001
    "unordered": Judge._unordered,  # noqa: SLF001
    "not_": Judge._not,  # noqa: SLF001
    "published": Judge._published,  # noqa: SLF001
    "states": Judge._states,  # noqa: SLF001
    "outcome": Judge._outcome,  # noqa: SLF001
    "reason": Judge._reason,  # noqa: SLF001
    "runs": Judge._runs,  # noqa: SLF001
    "response": Judge._response,  # noqa: SLF001
    "result": Judge._result,  # noqa: SLF001
}


def described(wanted: Any) -> str:
    """Return an action as it is expected, in one line."""
    name, target, data = parts_of(wanted)
    said = [f"{key} {ids if isinstance(ids, str) else ', '.join(map(str, ids or ()))}" for key, ids in target.items()]
    return " ".join([_plainly(name), *said, *([_plainly(data)] if data else [])])


def _item(container: Any, key: str, index: int) -> Mark:
    """Return where an item stands: in the list under a key, or under the key itself."""
    inner = container.get(key) if isinstance(container, dict) else None
    return mark_of(inner, index) if isinstance(inner, list) else mark_of(container, key)


def _is_message(wanted: Any, message: Message) -> bool:
    if not isinstance(wanted, dict):
        return fits(wanted, message.topic)
    came: dict[str, Any] = {"topic": message.topic, "retain": message.retain, "qos": message.qos}
    text = message.data.decode("utf-8", "replace")
    rest = {key: value for key, value in wanted.items() if key != "payload"}
    if not fits(rest, came):
        return False
    if "payload" not in wanted:
        return True
    payload = wanted["payload"]
    if isinstance(payload, dict | list) and set(payload) != {"matches"}:
        try:
            return fits(payload, msgspec.json.decode(message.data))
        except msgspec.DecodeError:
            return False
    return fits("" if payload is None else payload, text)


def _shown(message: Message) -> str:
    kept = " (retained)" if message.retain else ""
    return f"{message.topic}: {message.data.decode('utf-8', 'replace')}{kept}"


def _plainly(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value, enc_hook=str).decode()

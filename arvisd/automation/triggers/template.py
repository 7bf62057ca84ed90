"""Trigger `template`: a template that was false becomes true."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.durations import DurationNode
from arvisd.automation.entities import UNCERTAIN
from arvisd.automation.errors import TemplateError
from arvisd.automation.registry import TriggerOptions, TriggerType
from arvisd.automation.schedule import WHILE_OFF
from arvisd.automation.templates.native import truth
from arvisd.automation.templates.states import Reads, TemplateState
from arvisd.automation.templates.template import Template
from arvisd.automation.templates.undefined import RENDERING
from arvisd.automation.triggers.dwell import INTERRUPTED, Dwell, Seen, dwell_of
from arvisd.core.bus import Message
from arvisd.core.clock import TimerHandle
from arvisd.core.owner import Owner
from arvisd.core.states import State

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Duration, Part

SETTLING = 60.0
"""Seconds after a start within which a template that looks at whole domains may not have seen all of them."""
BREATH = 1.0
BURST = 10
"""So often in so many seconds is a template rendered that looks at a whole domain, or at all states: each is a long walk,
and in a house something changes all the time. The last change is never missed, only seen that much later."""
GATHER = 0.05
"""Changes of the house within this are looked at once."""
MINUTE = 60.0
"""Seconds after which a template that asks for the time is rendered again, at the turn of the minute."""


class TemplateOptions(TriggerOptions, frozen=True, kw_only=True):
    """A template that was false becomes true."""

    value_template: str | bool | int | float
    """A template; a bare `true` is one that is always true."""
    for_: DurationNode | None = msgspec.field(default=None, name="for")
    """How long it must stay true."""


class TemplateTrigger:
    """Renders one template whenever something that it read has changed."""

    __slots__ = ("_for", "_template")

    def __init__(self, template: Template, dwell: Duration | None) -> None:
        self._template = template
        self._for = dwell

    def holds(self, variables: Any) -> bool:
        """Tell whether it is true now."""
        return truth(self._template.native(variables))

    def attach(self, to: Attachment) -> None:
        """Render it once, to know what it reads; being true already does not count."""
        _Watch(self._template, self._for, to)


class _Watch:
    """One attached template trigger."""

    def __init__(self, template: Template, dwell: Duration | None, to: Attachment) -> None:
        self._template = template
        self._for = dwell
        self._to = to
        self._dwell = dwell_of(to) if dwell is not None else Dwell(to.hub.clock, to.owner)
        self._attached = to.hub.clock.monotonic()
        self._uncertain = False
        self._topics: frozenset[str] = frozenset()
        self._listening = Owner(f"{to.label}: template")
        self._minute: TimerHandle | None = None
        self._wide = False
        """It looks at so much that it is not rendered at every change."""
        self._began = -BREATH
        self._rendered = 0
        """How often it was rendered since `_began`."""
        self._later: TimerHandle | None = None
        self._pending: Message | None = None
        self._watching_house = False
        self._house = Owner(f"{to.label}: house")
        to.owner.on_stop(self._stop)
        self._true = self._render()
        self._resume()

    def _render(self) -> bool:
        reads = RENDERING.tracker = Reads()
        try:
            true = truth(self._template.native(self._to.variables))
        except TemplateError as error:
            self._to.skip({}, str(error))
            true = False
        finally:
            RENDERING.tracker = None
        self._listen(reads)
        if self._dwell.left:
            self._uncertain = self._reads_unknown(reads)
        return true

    def _reads_unknown(self, reads: Reads) -> bool:
        """Tell whether it read an entity that was not heard of yet since the restart."""
        if reads.everything or reads.domains:
            return self._to.hub.clock.monotonic() - self._attached < SETTLING
        states = (self._to.hub.states.get(entity_id) for entity_id in reads.entities if _valid(entity_id))
        return any(state is None or state.state in UNCERTAIN for state in states)

    def _resume(self) -> None:
        """Go on with what waited before a restart, where it is known whether the template is still true."""
        if (kept := self._dwell.left.get("")) is None or (self._uncertain and not self._true):
            return
        data = self._data(kept.entity_id, kept.old, kept.new)
        data["for"] = timedelta(seconds=kept.seconds)
        if self._true:
            self._dwell.resume("", lambda: self._to.fire(data, kept.context), lambda why: self._to.skip(data, why))
        else:
            self._dwell.drop("")
            self._to.skip(data, f"the template became false while {WHILE_OFF}")

    def _listen(self, reads: Reads) -> None:
        """Subscribe to what it read; that may change with each rendering."""
        topics = self._to.hub.topics
        if reads.everything:
            wanted = {topics.state("+.+")}
        else:
            wanted = {topics.state(f"{domain}.+") for domain in reads.domains if domain.isidentifier()}
            wanted |= {topics.state(entity_id) for entity_id in reads.entities if _valid(entity_id)}
        if wanted != self._topics:
            self._listening.release()
            self._topics = frozenset(wanted)
            for topic in sorted(wanted):
                self._to.hub.bus.subscribe(topic, self._changed, self._listening)
        self._wide = reads.everything or bool(reads.domains)
        if reads.house and not self._watching_house:
            self._watching_house = True
            self._template.environment.home.watch(self._house_changed, self._house)
        if reads.time and self._minute is None:
            now = self._to.hub.clock.now()
            self._minute = self._to.hub.clock.call_later(
                MINUTE - now.second - now.microsecond / 1e6, self._minute_passed
            )

    def _minute_passed(self) -> None:
        self._minute = None
        self._look(None)

    def _changed(self, message: Message) -> None:
        if not self._wide:
            self._look(message)
            return
        now = self._to.hub.clock.monotonic()
        if now - self._began >= BREATH:
            self._began = now
            self._rendered = 0
        self._rendered += 1
        if self._rendered <= BURST:
            self._look(message)
            return
        self._pending = message
        self._look_later(BREATH - (now - self._began))

    def _house_changed(self) -> None:
        self._look_later(GATHER)

    def _look_later(self, seconds: float) -> None:
        if self._later is None:
            self._later = self._to.hub.clock.call_later(seconds, self._look_again)

    def _look_again(self) -> None:
        self._later = None
        message, self._pending = self._pending, None
        self._look(message)

    def _look(self, message: Message | None) -> None:
        was, self._true = self._true, self._render()
        if self._dwell.left:
            self._resume()
            return
        if not self._true:
            interrupted = INTERRUPTED if self._dwell.running("") else ""
            self._dwell.cancel("")
            self._to.skip({}, f"{interrupted}the template is not true")
            return
        if was:
            self._to.skip({}, "the template was true before")
            return
        entity_id, old, new = self._to.hub.states.changes(message) if message is not None else (None, None, None)
        data = self._data(entity_id, old, new)
        context = new.context if new is not None else None
        try:
            seconds = self._for.of(self._to.variables) if self._for is not None else 0.0
        except TemplateError as error:
            self._to.skip(data, str(error))
            return
        data["for"] = timedelta(seconds=seconds) if self._for is not None else None
        self._dwell.start("", seconds, lambda: self._to.fire(data, context), Seen(entity_id, old, new, context))

    @staticmethod
    def _data(entity_id: str | None, old: State | None, new: State | None) -> dict[str, Any]:
        return {
            "entity_id": entity_id,
            "from_state": TemplateState(entity_id, old) if entity_id and old else None,
            "to_state": TemplateState(entity_id, new) if entity_id and new else None,
            "for": None,
            "description": f"template by {entity_id}" if entity_id else "template by the time",
        }

    def _stop(self) -> None:
        self._listening.release()
        self._house.release()
        for timer in (self._minute, self._later):
            if timer is not None:
                timer.cancel()


def _valid(entity_id: str) -> bool:
    return isinstance(entity_id, str) and "." in entity_id and not set(entity_id) & set("/+#\0")


def build(options: TemplateOptions, part: Part) -> TemplateTrigger:
    """Check the template."""
    return TemplateTrigger(part.template("value_template"), part.duration("for"))


TYPE = TriggerType("template", TemplateOptions, build)

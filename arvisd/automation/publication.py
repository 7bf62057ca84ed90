"""Tells the house of automations and scripts: their state, that a run began, its trace."""

from __future__ import annotations

from collections.abc import Mapping

from arvisd.automation.automation import Automation
from arvisd.automation.coalescing import Coalescer
from arvisd.automation.entry import Entry
from arvisd.automation.parts import attributes_of
from arvisd.automation.run import Run
from arvisd.core.hub import Hub


class Publication:
    """What automations do is told a moment later and at a bounded rate; that a script runs is told at once."""

    def __init__(self, hub: Hub, automations: Mapping[str, Entry], scripts: Mapping[str, Entry]) -> None:
        self._hub = hub
        self._automations = automations
        self._scripts = scripts
        self._shown: Coalescer[Entry] = Coalescer(hub.clock, self._show)
        self._untold: dict[str, tuple[Run, int]] = {}
        """For each entity id the latest run that has not been told of, and how many there were."""

    def changed(self, automation: Automation) -> None:
        """Tell of something that people may want to see."""
        if not automation.definition.source.triggered:
            self._script_changed(automation)
            return
        entry = self._automations.get(automation.entity_id)
        if entry is not None and entry.automation is not None and entry.automation.history is automation.history:
            self._shown.touch(entry)

    def _script_changed(self, script: Automation) -> None:
        """Tell of a script; whether it runs is told at once, as conditions and waits ask for it."""
        entry = self._scripts.get(script.entity_id)
        if entry is not None and entry.automation is not None and entry.automation.history is script.history:
            shown = self._hub.states.get(entry.entity_id)
            if shown is None or shown.state != entry.state:
                entry.show(self._hub)
            self._shown.touch(entry)

    def started(self, automation: Automation, run: Run) -> None:
        """Tell of a run that begins."""
        untold = self._untold.get(automation.entity_id)
        self._untold[automation.entity_id] = (run, 1 if untold is None else untold[1] + 1)
        if automation.definition.source.triggered:
            self.changed(automation)
        else:
            # seen as on by its own first step, as in Home Assistant
            attributes = {**attributes_of(automation), "current": automation.runner.current + 1}
            self._hub.states.set(automation.entity_id, "on", attributes, run.context)

    def forget(self, entry: Entry) -> None:
        """Tell no more of one that is gone."""
        self._shown.forget(entry)

    def stop(self) -> None:
        """Tell nothing more."""
        self._shown.stop()

    def _show(self, entry: Entry) -> None:
        """Publish state, event and trace of an automation that did something."""
        entry.show(self._hub)
        if (untold := self._untold.pop(entry.entity_id, None)) is not None:
            run, count = untold
            data = {
                "name": entry.source.label,
                "entity_id": entry.entity_id,
                "source": run.trace.trigger.get("description", ""),
                "item_id": entry.id,
                "run_id": run.id,
                "runs": count,
            }
            event = "automation_triggered" if entry.source.triggered else "script_started"
            self._hub.fire(event, data, run.context)
        history = entry.automation.history if entry.automation is not None else None
        if history is not None and history.untold is not None:
            record = history.untold.record(entry.id, entry.entity_id, history.skipped)
            history.untold = None
            history.skipped = 0
            self._hub.bus.publish(self._hub.topics.automation_trace(_topic_level(entry.id)), record)


def _topic_level(id_: str) -> str:
    """Return an id as one level of a topic."""
    return "".join("_" if letter in "/+#\0" else letter for letter in id_)

"""Names of the topics of the public interface; docs/asyncapi.yaml is their reference."""

from __future__ import annotations

from functools import lru_cache


class Topics:
    """Builds every topic of one daemon below its root."""

    def __init__(self, root: str = "arvis") -> None:
        self.root = root
        self.status = f"{root}/status"
        self.info = f"{root}/info"
        self.problems = f"{root}/problems"

    def state(self, entity_id: str) -> str:
        """Topic of an entity's state: `light.kitchen` is `arvis/state/light/kitchen`."""
        return f"{self.root}/state/{entity_id.replace('.', '/', 1)}"

    def event(self, type_: str) -> str:
        """Topic of an event."""
        return f"{self.root}/event/{type_}"

    def intent(self, name: str) -> str:
        """Topic of an intent, `unrecognized` when nothing fitted."""
        return f"{self.root}/intent/{name}"

    def action(self, name: str) -> str:
        """Topic on which an action is asked for: `light.turn_on` is `arvis/action/light/turn_on`."""
        return f"{self.root}/action/{name.replace('.', '/', 1)}"

    def result(self, request: str) -> str:
        """Topic of an action's result where the request named no response topic."""
        return f"{self.root}/result/{request}"

    def site(self, site: str, what: str) -> str:
        """Topic of a site: `text`, `listen`, `stop`, `phase`, `wake`, `transcript`, `reply`, `turn`, `audio/in`."""
        return f"{self.root}/site/{site}/{what}"

    def speech(self, site: str, utterance: str, what: str) -> str:
        """Topic of one utterance: `begin`, `visemes`, `cues`, `audio`, `end` or `cancel`."""
        return f"{self.root}/site/{site}/speech/{utterance}/{what}"

    def automation_trace(self, automation: str) -> str:
        """Topic of the traces of an automation's finished runs."""
        return f"{self.root}/automation/{automation}/trace"

    def log(self, level: str) -> str:
        """Topic of warnings and errors that a person should see."""
        return f"{self.root}/log/{level}"


def check_filter(filter_: str) -> None:
    """Raise ValueError, with the remedy, when an MQTT topic filter is not valid (MQTT 5, section 4.7)."""
    if not filter_:
        raise ValueError("an MQTT topic filter must not be empty")
    if "\0" in filter_:
        raise ValueError("an MQTT topic filter must not hold a null character")
    levels = filter_.split("/")
    for index, level in enumerate(levels):
        if "#" in level and (level != "#" or index != len(levels) - 1):
            raise ValueError(f"'#' in {filter_!r} must stand alone and last, as in 'a/b/#'")
        if "+" in level and level != "+":
            raise ValueError(f"'+' in {filter_!r} must stand alone between slashes, as in 'a/+/b'")


def check_topic(topic: str) -> None:
    """Raise ValueError when a topic cannot be published to."""
    if not topic:
        raise ValueError("an MQTT topic must not be empty")
    if "+" in topic or "#" in topic or "\0" in topic:
        raise ValueError(f"the topic {topic!r} holds '+', '#' or a null character: those are for subscribing only")


@lru_cache(maxsize=4096)
def topic_levels(topic: str) -> tuple[str, ...]:
    """Return the levels of a topic, remembered for the topics in use."""
    return tuple(topic.split("/"))


def filter_matches(filter_: str, topic: str) -> bool:
    """Tell whether one filter matches one topic; `#` and `+` first do not match `$` topics."""
    wanted, given = topic_levels(filter_), topic_levels(topic)
    if given[0].startswith("$") and wanted[0] in ("+", "#"):
        return False
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(given) or (level not in ("+", given[index])):
            return False
    return len(wanted) == len(given)

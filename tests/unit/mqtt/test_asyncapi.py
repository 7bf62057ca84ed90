"""docs/asyncapi.yaml: up to date, well formed, and the design's topics."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from ruamel.yaml import YAML

from arvisd.core.actions import ActionRequest
from arvisd.core.topics import Topics
from arvisd.mqtt.asyncapi import PATH, document, field_descriptions, text
from arvisd.mqtt.topic_map import PARAMETERS, TOPICS, Direction, address, parameters, topic_filter


class Ref(msgspec.Struct, forbid_unknown_fields=True):
    target: str = msgspec.field(name="$ref")


class Channel(msgspec.Struct, forbid_unknown_fields=True):
    address: str
    description: str
    messages: dict[str, Ref]
    parameters: dict[str, dict[str, str]] = {}


class Operation(msgspec.Struct, forbid_unknown_fields=True):
    action: str
    channel: Ref
    summary: str
    messages: list[Ref]
    bindings: dict[str, dict[str, Any]]
    reply: dict[str, Any] = {}


class Components(msgspec.Struct, forbid_unknown_fields=True):
    messages: dict[str, dict[str, Any]]
    schemas: dict[str, dict[str, Any]]


class Document(msgspec.Struct, forbid_unknown_fields=True):
    """The main shape of AsyncAPI 3.0, as far as it is used here."""

    asyncapi: str
    info: dict[str, Any]
    defaultContentType: str  # noqa: N815
    servers: dict[str, dict[str, str]]
    channels: dict[str, Channel]
    operations: dict[str, Operation]
    components: Components


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    return YAML(typ="safe").load(PATH.read_text(encoding="utf-8"))


def test_the_file_is_up_to_date() -> None:
    assert PATH.read_text(encoding="utf-8") == text(), "run: python -m arvisd.mqtt.asyncapi"


def test_the_file_has_the_shape_of_asyncapi_3(written: dict[str, Any]) -> None:
    document = msgspec.convert(written, Document)
    assert document.asyncapi == "3.0.0"
    for channel in document.channels.values():
        assert set(re.findall(r"{(\w+)}", channel.address)) == set(channel.parameters)
    assert {operation.action for operation in document.operations.values()} == {"send", "receive"}


def test_every_reference_leads_somewhere(written: dict[str, Any]) -> None:
    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if "$ref" in node else []
            return own + [r for child in node.values() for r in references(child)]
        if isinstance(node, list):
            return [r for child in node for r in references(child)]
        return []

    found = references(written)
    assert found
    for reference in found:
        node: Any = written
        for part in reference.removeprefix("#/").split("/"):
            assert part in node, reference
            node = node[part]


def test_the_topics_are_those_that_the_code_builds() -> None:
    topics = Topics()
    built = {
        topics.status, topics.info, topics.problems, topics.state("{domain}.{object}"), topics.event("{type}"), topics.intent("{name}"),
        topics.action("{domain}.{name}"), topics.result("{id}"), topics.automation_trace("{id}"), topics.log("{level}"),
        *(topics.site("{site}", what) for what in ("text", "listen", "stop", "audio/in", "phase", "wake", "transcript", "reply", "turn")),
        *(topics.speech("{site}", "{utterance}", what) for what in ("begin", "visemes", "cues", "audio", "end", "cancel")),
    }  # fmt: skip
    assert {address(topic) for topic in TOPICS if topic.rooted} == built


def test_only_states_are_kept_and_only_audio_is_sent_at_qos_0() -> None:
    assert {t.name for t in TOPICS if t.retained} == {
        "status", "info", "problems", "state", "phase", "discovery", "hub_device",
    }  # fmt: skip
    assert {t.name for t in TOPICS if t.qos == 0} == {"audio_in", "speech_audio"}
    assert {t.name for t in TOPICS if t.direction is Direction.IN} == {
        "action", "text", "listen", "stop", "audio_in", "discovery", "hub_status",
    }  # fmt: skip


def test_filters_and_parameters() -> None:
    by_name = {topic.name: topic for topic in TOPICS}
    assert topic_filter(by_name["state"], "home") == "home/state/+/+"
    assert topic_filter(by_name["discovery"]) == "homeassistant/+/+/config"
    assert {name for topic in TOPICS for name in parameters(topic)} == set(PARAMETERS)


def test_fields_are_described_by_what_stands_under_them() -> None:
    assert field_descriptions(ActionRequest) == {
        "id": "Names the answer's topic, `arvis/result/<id>`, where no response topic is given."
    }
    schema = document()["components"]["schemas"]["ActionRequest"]
    assert schema["properties"]["id"]["description"].startswith("Names the answer's topic")

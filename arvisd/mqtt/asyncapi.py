"""Makes docs/asyncapi.yaml, the reference of the public interface: `python -m arvisd.mqtt.asyncapi`."""

from __future__ import annotations

import ast
import inspect
import io
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML

from arvisd.mqtt.topic_map import PARAMETERS, TOPICS, Direction, Form, Topic, address, parameters, payload_type

SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"
HEADER = "# Made by `python -m arvisd.mqtt.asyncapi` from arvisd/mqtt/topic_map.py: change it there.\n"
PATH = Path(__file__).parents[2] / "docs" / "asyncapi.yaml"


def document() -> dict[str, Any]:
    """Return the AsyncAPI 3.0 document."""
    types = [struct for topic in TOPICS if (struct := payload_type(topic)) is not None]
    _, schemas = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    for struct in _structs(types):
        _describe(schemas.get(struct.__name__, {}), struct)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "arvisd over MQTT",
            "version": "1.0.0",
            "description": (
                "Everything that arvisd says and takes. JSON objects in UTF-8, times as ISO 8601 with zone, audio binary. "
                "`arvis` is the setting `mqtt.root`. Operations are seen from the daemon: it sends, and it receives."
            ),
            "license": {"name": "GPL-3.0-or-later", "url": "https://www.gnu.org/licenses/gpl-3.0.html"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "embedded": {
                "host": "localhost:1883",
                "protocol": "mqtt",
                "protocolVersion": "3.1.1",
                "description": "The broker inside the daemon, or the one of `mqtt.broker`, with MQTT 5 where it has it.",
            }
        },
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": {_operation_name(topic): _operation(topic) for topic in TOPICS},
        "components": {"messages": {topic.name: _message(topic) for topic in TOPICS}, "schemas": schemas},
    }


def text() -> str:
    """Return the document as YAML."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 120
    yaml.representer.ignore_aliases = lambda *_: True
    stream = io.StringIO()
    yaml.dump(document(), stream)
    return HEADER + stream.getvalue()


def _channel(topic: Topic) -> dict[str, Any]:
    channel: dict[str, Any] = {
        "address": address(topic),
        "description": topic.description,
        "messages": {topic.name: {"$ref": f"#/components/messages/{topic.name}"}},
    }
    if names := parameters(topic):
        channel["parameters"] = {name: {"description": PARAMETERS[name]} for name in names}
    return channel


def _operation_name(topic: Topic) -> str:
    return f"{'send' if topic.direction is Direction.OUT else 'receive'}_{topic.name}"


def _operation(topic: Topic) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "action": "send" if topic.direction is Direction.OUT else "receive",
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "summary": topic.description,
        "messages": [{"$ref": f"#/channels/{topic.name}/messages/{topic.name}"}],
        "bindings": {"mqtt": {"qos": topic.qos, "retain": topic.retained, "bindingVersion": "0.2.0"}},
    }
    if topic.name == "action":
        operation["reply"] = {
            "address": {
                "location": "$message.header#/responseTopic",
                "description": "The MQTT 5 response topic; without one `arvis/result/<id>`, and without an id no answer.",
            },
            "channel": {"$ref": "#/channels/result"},
        }
    return operation


def _message(topic: Topic) -> dict[str, Any]:
    message: dict[str, Any] = {"name": topic.name, "summary": topic.description}
    if topic.payload is Form.TEXT:
        return message | {"contentType": "text/plain", "payload": {"type": "string", "enum": ["online", "offline"]}}
    if topic.payload is Form.BINARY:
        return message | {"contentType": "application/octet-stream", "payload": {"type": "string", "format": "binary"}}
    if topic.payload is Form.JSON:
        return message | {"payload": {"type": "object"}}
    reference = {"$ref": f"#/components/schemas/{payload_type(topic).__name__}"}
    return message | {"payload": {"schemaFormat": SCHEMA_FORMAT, "schema": reference}}


def _structs(types: list[Any]) -> list[type[msgspec.Struct]]:
    """Return the structs and all that their fields hold."""
    found: dict[str, type[msgspec.Struct]] = {}

    def visit(type_: Any) -> None:
        if isinstance(type_, msgspec.inspect.StructType) and type_.cls.__name__ not in found:
            found[type_.cls.__name__] = type_.cls
            for field in type_.fields:
                visit(field.type)
        for part in ("types", "item_type", "key_type", "value_type", "item_types"):
            inner = getattr(type_, part, ())
            for one in inner if isinstance(inner, tuple) else (inner,):
                visit(one)

    for type_ in types:
        visit(msgspec.inspect.type_info(type_))
    return list(found.values())


def _describe(schema: dict[str, Any], struct: type[msgspec.Struct]) -> None:
    """Put what stands under each field in the source into the schema."""
    for name, description in field_descriptions(struct).items():
        field = schema.get("properties", {}).get(name)
        if field is not None:
            field.setdefault("description", description)


def field_descriptions(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Return the attribute docstrings of a struct's own fields."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(struct))).body[0]
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for field, after in zip(tree.body, tree.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            found[field.target.id] = re.sub(r"\s+", " ", after.value.value).strip()
    return found


def main() -> int:
    """Write the document; with `--check` only tell whether it is up to date."""
    made = text()
    if "--check" in sys.argv:
        return 0 if PATH.read_text(encoding="utf-8") == made else 1
    PATH.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

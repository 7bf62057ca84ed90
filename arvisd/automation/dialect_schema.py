"""The JSON Schema of the dialect, for completion in editors: made from the structs that read it, never at a start.

It is as lenient as the reader: a number may be text, a list may be its only item. Kinds of triggers, conditions and
steps are told by `if` and `then`, so that an editor says what is wrong with this trigger and not that it fits none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from arvisd.automation import conditions, steps, triggers
from arvisd.automation.blueprints.document import Header
from arvisd.automation.blueprints.shelf import UseBlueprint
from arvisd.automation.durations import DURATION_UNITS
from arvisd.automation.registry import PartType, TriggerType
from arvisd.automation.rehearsal.document import Given
from arvisd.automation.rehearsal.house import House
from arvisd.automation.rehearsal.stage import Stage
from arvisd.automation.schema import SPELLINGS, AutomationDocument, AutomationSettings
from arvisd.automation.scripts.document import ScriptDocument, ScriptField
from arvisd.automation.steps.choose import Branch
from arvisd.automation.steps.repeat import Loop
from arvisd.config.durations import WRITTEN_AS
from arvisd.config.struct_docs import described_fields, one_line
from arvisd.config.wording import plain_bounds
from arvisd.core.actions import Action, Target
from arvisd.core.owner import Owner

FILE = "automations.schema.json"
NUMBER_TEXT = r"^\s*[-+]?[0-9.]+\s*$"
TEMPLATE = r"\{[{%#]"
INCLUDED = r"(\.ya?ml|/)$"
"""What is left of `!include file.yaml` where tags are not read."""
BOOLEAN_WORDS = [word for pair in (("true", "false"), ("yes", "no"), ("on", "off")) for word in pair]
OF_INTEGRATIONS = ("call", "sms", "dtmf")
"""Triggers of integrations that need not run where the schema is made."""

Node = dict[str, Any]

ANYTHING: Node = {}


def ref(name: str) -> Node:
    """Return a reference to a definition."""
    return {"$ref": f"#/$defs/{name}"}


def one_or_many(node: Node) -> Node:
    """Return what takes one of something, a list of it, or nothing; an `!include` in its place is text to an editor."""
    one = _choice(({"type": "string", "pattern": INCLUDED}, ANYTHING), otherwise=node)
    return _choice(({"type": "array"}, {"items": one}), ({"type": "null"}, ANYTHING), otherwise=one)


def _choice(*cases: tuple[Node, Node], otherwise: Node) -> Node:
    """Return the first case whose test fits."""
    for test, then in reversed(cases):
        otherwise = {"if": test, "then": then, "else": otherwise}
    return otherwise


NESTED: dict[str, Node] = {
    "triggers": ref("triggers"),
    "wait_for_trigger": ref("triggers"),
    **dict.fromkeys(("conditions", "if", "while", "until", "and", "or", "not"), ref("conditions")),
    **dict.fromkeys(("actions", "sequence", "then", "else", "default"), ref("steps")),
    **dict.fromkeys(("for", "delay", "timeout", "offset", "before_offset", "after_offset"), ref("duration")),
    "choose": ref("branches"),
    "repeat": ref("loop"),
    "parallel": ref("parallel"),
    "target": ref("target"),
    "data": ref("data"),
    "data_template": ref("data"),
    "use_blueprint": ref("use_blueprint"),
    "fields": ref("fields"),
}
"""By key: what stands there wherever a struct says `Any` or a union of the forms of a duration."""


def dialect_schema(further: Iterable[TriggerType] = ()) -> Node:
    """Return the schema of a file of automations, of one automation, or of a blueprint.

    Args:
        further: triggers that other parts and integrations bring.
    """
    definitions: dict[str, Node] = {
        "duration": _duration(),
        "target": _target(),
        "data": {"anyOf": [{"type": "object"}, {"type": "string"}, {"type": "null"}]},
        "triggers": one_or_many(ref("trigger")),
        "conditions": one_or_many(ref("condition")),
        "steps": one_or_many(ref("step")),
        "branches": one_or_many(ref("branch")),
        "parallel": one_or_many(_choice(({"type": "array"}, {"items": ref("step")}), otherwise=ref("step"))),
        "fields": {"type": ["object", "null"], "additionalProperties": {"anyOf": [ref("field"), {"type": "null"}]}},
    }
    trigger_types = [*triggers.built_in().all(), *further]
    condition_types = conditions.built_in().all()
    step_types = steps.built_in().all()
    definitions["trigger"] = _trigger(trigger_types, definitions)
    definitions["condition"] = _condition(condition_types, definitions)
    definitions["step"] = _step(step_types, definitions)
    definitions["branch"] = struct_schema(Branch, {"condition": ref("conditions")}, definitions)
    definitions["branch"] |= {"required": ["sequence"], **_either("conditions", "condition")}
    definitions["loop"] = struct_schema(Loop, {}, definitions)
    definitions["loop"]["oneOf"] = [{"required": [key]} for key in ("count", "for_each", "while", "until")]
    definitions["field"] = struct_schema(
        ScriptField, dict.fromkeys(("default", "example", "selector"), ANYTHING), definitions
    )
    definitions["field"]["additionalProperties"] = True
    definitions["use_blueprint"] = struct_schema(UseBlueprint, {"input": {"type": ["object", "null"]}}, definitions)
    definitions["automation"] = _automation(definitions)
    definitions["script"] = struct_schema(ScriptDocument, {}, definitions)
    definitions["scripts"] = {
        "type": ["object", "null"],
        "description": "Scripts by name.",
        "propertyNames": {"pattern": "^[a-z0-9_]+$"},
        "additionalProperties": ref("script"),
    }
    definitions["settings"] = struct_schema(AutomationSettings, {"automations": ref("automations")}, definitions)
    definitions["blueprint"] = {
        "type": "object",
        "description": "A blueprint: holes in it are written '!input NAME'.",
        "required": ["blueprint"],
        "properties": {"blueprint": {**struct_schema(Header, {}, definitions), "additionalProperties": True}},
    }
    definitions["automations"] = one_or_many(ref("entry"))
    definitions["entry"] = _choice(
        ({"type": "array"}, {"items": ref("entry")}),
        ({"type": "null"}, {}),
        ({"required": ["blueprint"]}, ref("blueprint")),
        (_either("on_error", "automations"), ref("settings")),
        otherwise=ref("automation"),
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "arvisd automations",
        "description": "Generated by 'python -m arvisd.config.schema'; how to use it: docs/editors.md.",
        **ref("automations"),
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text(further: Iterable[TriggerType] = ()) -> str:
    """Return the schema as the file holds it."""
    encoded = msgspec.json.encode(dialect_schema(further), order="deterministic")
    return msgspec.json.format(encoded, indent=1).decode() + "\n"


def struct_schema(struct: type[msgspec.Struct], known: dict[str, Node], definitions: dict[str, Node]) -> Node:
    """Return the schema of a struct, as lenient as its reader.

    Args:
        struct: what reads it.
        known: by key what stands there, where the struct does not say.
        definitions: where the structs that it holds are put.
    """
    (own,), components = msgspec.json.schema_components(
        [struct], schema_hook=lambda _: {"type": "string"}, ref_template="#/$defs/{name}"
    )
    name = own["$ref"].rpartition("/")[2]
    schema = components.pop(name)
    for inner, component in components.items():
        if inner not in definitions:
            definitions[inner] = {}
            definitions[inner] = _lenient(component)
    # a default that is a whole struct is spelled out by msgspec and helps nobody here
    properties = {}
    docs = described_fields(struct)
    fields = {field.encode_name: field.name for field in msgspec.structs.fields(struct)}
    for key, node in schema.get("properties", {}).items():
        node.pop("default", None)
        nested = known[key] if key in known else NESTED.get(key) if _is_open(node) else None
        found = _lenient(node) if nested is None else nested
        text = one_line(docs.get(fields.get(key, key), ""))
        properties[key] = {"description": text, **found} if text else found
    result: Node = {"type": "object", "properties": properties}
    if "description" in schema:
        result["description"] = one_line(schema["description"])
    if schema.get("required"):
        result["required"] = schema["required"]
    if schema.get("additionalProperties") is False:
        result["additionalProperties"] = False
    return result


def _is_open(node: Node) -> bool:
    """Tell whether a property takes anything, or the forms of a duration."""
    if not set(node) - {"description"} or node.get("type") == "object":
        return True
    kinds = {each.get("type") for each in node.get("anyOf", ())}
    return {"string", "object"} <= kinds


def _lenient(node: Any) -> Any:
    """Return a schema that takes what the reader takes besides: numbers as text, words for true and false."""
    if isinstance(node, list):
        return [_lenient(each) for each in node]
    if not isinstance(node, dict):
        return node
    if WRITTEN_AS in node:
        return {"type": node[WRITTEN_AS]}
    plain_bounds(node)
    node = {key: value for key, value in node.items() if key not in ("title", "default")}
    if "description" in node:
        node["description"] = one_line(node["description"])
    for key in ("anyOf", "items", "additionalProperties"):
        if key in node:
            node[key] = _lenient(node[key])
    if "properties" in node:
        node["properties"] = {
            key: NESTED[key] if key in NESTED and _is_open(inner) else _lenient(inner)
            for key, inner in node["properties"].items()
        }
    kind = node.get("type")
    if kind == "string":
        return {**node, "type": ["string", "integer"]}
    if kind in ("integer", "number"):
        return {"anyOf": [node, {"type": "string", "pattern": NUMBER_TEXT}]}
    if kind == "boolean":
        return {"anyOf": [{"type": "boolean"}, {"enum": BOOLEAN_WORDS}]}
    if "enum" in node:
        words = [*node["enum"]]
        words += [value for word, value in (("on", True), ("off", False)) if word in words]
        words += [str(word) for word in words if isinstance(word, int) and not isinstance(word, bool)]
        return {**node, "enum": words}
    return node


def _duration() -> Node:
    return {
        "description": "How long: '00:05:00', seconds, {minutes: 5}, or a template that gives one of these.",
        "anyOf": [
            {"type": ["number", "string", "null"]},
            {
                "type": "object",
                "properties": {unit: {"type": ["number", "string"]} for unit in DURATION_UNITS},
                "additionalProperties": False,
            },
        ],
    }


def _target() -> Node:
    ids: Node = {"type": ["string", "array", "null"], "items": {"type": "string"}}
    return {
        "description": "What it is about: entities, or those of areas, floors, labels and devices.",
        "anyOf": [
            {
                "type": "object",
                "properties": {field.encode_name: ids for field in msgspec.structs.fields(Target)},
                "additionalProperties": False,
            },
            {"type": ["string", "null"]},
        ],
    }


def _automation(definitions: dict[str, Node]) -> Node:
    older = {"trigger": ref("triggers"), "condition": ref("conditions"), "action": ref("steps")}
    schema = struct_schema(AutomationDocument, older, definitions)
    levels = schema["properties"]["max_exceeded"]["enum"]
    levels += [written for level in levels for written in (level.upper(), level.capitalize())]
    schema["allOf"] = [{"not": {"required": [*pair]}} for pair in SPELLINGS]
    schema["anyOf"] = [{"required": [key]} for key in ("actions", "action", "use_blueprint")]
    return schema


def _trigger(types: Sequence[PartType[Any, Any]], definitions: dict[str, Node]) -> Node:
    """Return the schema of one trigger: which keys it has depends on its kind, under either spelling."""
    names = [name for type_ in types for name in type_.names] + list(OF_INTEGRATIONS)
    cases = [
        (
            {"required": ["triggers"], "not": _either("trigger", "platform")},
            {"properties": {"triggers": ref("triggers")}},
        )
    ]
    for kinds, definition in _grouped("trigger", types, definitions):
        cases += [
            ({"properties": {key: {"enum": kinds}}, "required": [key]}, definition) for key in ("trigger", "platform")
        ]
    return {
        "type": "object",
        "properties": {
            "trigger": {"enum": names, "description": "Which kind of trigger it is."},
            "platform": {"enum": names, "description": "The older spelling of 'trigger'."},
        },
        "anyOf": [{"required": [key]} for key in ("trigger", "platform", "triggers")],
        "not": {"required": ["trigger", "platform"]},
        "allOf": [{"if": test, "then": then} for test, then in cases],
    }


def _condition(types: Sequence[PartType[Any, Any]], definitions: dict[str, Node]) -> Node:
    """Return the schema of one condition: a template, or a mapping whose keys depend on its kind."""
    names = [name for type_ in types for name in type_.names]
    cases: list[tuple[Node, Node]] = []
    for kinds, definition in _grouped("condition", types, definitions):
        cases.append(({"properties": {"condition": {"enum": kinds}}, "required": ["condition"]}, definition))
    cases += [
        ({"required": [key], "not": {"required": ["condition"]}}, ref("condition_and")) for key in ("and", "or", "not")
    ]
    written = {
        "description": "Which kind of condition it is, or a template.",
        "anyOf": [{"enum": names}, {"type": "string", "pattern": TEMPLATE}, {"type": ["array", "object"]}],
    }
    mapping = {
        "type": "object",
        "properties": {"condition": written},
        "anyOf": [{"required": [key]} for key in ("condition", "and", "or", "not")],
        "allOf": [{"if": test, "then": then} for test, then in cases],
    }
    return _choice(({"type": "string"}, {"pattern": TEMPLATE}), ({"type": "null"}, {}), otherwise=mapping)


def _step(types: Sequence[PartType[Any, Any]], definitions: dict[str, Node]) -> Node:
    """Return the schema of one step: a template, or a mapping; the first key that names a kind tells which."""
    cases: list[tuple[Node, Node]] = []
    for type_ in types:
        test = _either(*type_.names)
        if "condition" in type_.names:
            cases.append((test, ref("condition")))
            continue
        name = f"step_{type_.name}"
        definitions[name] = struct_schema(type_.options, {}, definitions)
        definitions[name]["anyOf"] = [{"required": [key]} for key in type_.names]
        cases.append((test, ref(name)))
    definitions["step_action"] = _called(definitions["step_action"])
    return _choice(
        ({"type": "string"}, {"pattern": TEMPLATE}),
        ({"type": "null"}, {}),
        ({"not": {"type": "object"}}, {"type": "object"}),
        *cases,
        otherwise={"required": ["action"]},
    )


def _called(schema: Node) -> Node:
    """Return the schema of an action's step that knows the names of actions and their data, without insisting."""
    with_data = []
    names = []
    for action in sorted(_known_actions(), key=lambda action: action.name):
        names.append(action.name)
        data = _data_of(action)
        test = {"properties": {"action": {"const": action.name}}, "required": ["action"]}
        if data:
            with_data.append({"if": test, "then": {"properties": {"data": {"properties": data}}}})
    text = schema["properties"]["action"].get("description", "")
    schema["properties"]["action"] = {"description": text, "anyOf": [{"enum": names}, {"type": "string"}]}
    schema["allOf"] = with_data
    return schema


def _known_actions() -> list[Action]:
    stage = Stage(House(), Given(), owner := Owner("schema"))
    try:
        return [stage.actions.get(name) for name in stage.actions.names()]
    finally:
        owner.release()


def _data_of(action: Action) -> Node:
    """Return the properties of an action's data: what they mean, with examples of what they take."""
    (own,), components = msgspec.json.schema_components(
        [action.schema], schema_hook=lambda _: {"type": "string"}, ref_template="{name}"
    )
    properties = components[own["$ref"]].get("properties", {})
    docs = described_fields(action.schema)
    found: Node = {}
    for key, node in properties.items():
        text = one_line(docs.get(key, ""))
        choices = [value for each in (node, *node.get("anyOf", ())) for value in each.get("enum", ())]
        found[key] = {**({"description": text} if text else {}), **({"examples": choices} if choices else {})}
    return found


def _grouped(
    kind: str, types: Sequence[PartType[Any, Any]], definitions: dict[str, Node]
) -> list[tuple[list[str], Node]]:
    """Return names of kinds with their definition; those with the same options stand together."""
    groups: dict[type[msgspec.Struct], list[str]] = {}
    for type_ in types:
        groups.setdefault(type_.options, []).extend(type_.names)
    found = []
    for options, names in groups.items():
        definition = f"{kind}_{names[0].replace('.', '_')}"
        definitions[definition] = struct_schema(options, {}, definitions)
        if kind == "condition":
            definitions[definition]["properties"]["condition"] = ANYTHING
        found.append((names, ref(definition)))
    return found


def _either(*keys: str) -> Node:
    return {"required": [*keys]} if len(keys) == 1 else {"anyOf": [{"required": [key]} for key in keys]}

"""What hubs see of the daemon as a whole: each component reads arvisd's own topics through a template."""

from __future__ import annotations

from arvisd.core.intents import UNRECOGNIZED
from arvisd.core.topics import Topics
from arvisd.mqtt.hubs.component import HubComponent

MAX_STATE = 255
"""Home Assistant cuts nothing: a longer state is refused. Long text goes to the attributes."""

TYPED_AT = "hub"
"""Site at which what is typed in a hub is said."""


def daemon_components(topics: Topics) -> list[HubComponent]:
    """Return the components that every arvisd has."""
    return [
        HubComponent(
            "mode",
            "sensor",
            {
                "name": "Mode",
                "state_topic": topics.info,
                "value_template": "{{ value_json.mode }}",
                "device_class": "enum",
                "options": ["standalone", "hybrid", "cloud"],
                "icon": "mdi:home-lock",
                "entity_category": "diagnostic",
            },
        ),
        HubComponent(
            "last_utterance",
            "sensor",
            {
                "name": "Last utterance",
                "state_topic": topics.site("+", "turn"),
                "value_template": f"{{{{ value_json.text[:{MAX_STATE}] }}}}",
                "json_attributes_topic": topics.site("+", "turn"),
                "json_attributes_template": _picked(
                    "text", "reply", "intent", "slots", "language", "site", "outcome", "reason", "time"
                ),
                "icon": "mdi:comment-text",
            },
        ),
        HubComponent(
            "health",
            "binary_sensor",
            {
                "name": "Health",
                "state_topic": topics.problems,
                "value_template": "{{ 'ON' if value_json.problems | selectattr('severity', 'equalto', 'error') | list else 'OFF' }}",
                "device_class": "problem",
                "json_attributes_topic": topics.info,
                "json_attributes_template": _picked(
                    "version", "mode", "language", "sites", "integrations", "providers"
                ),
                "entity_category": "diagnostic",
            },
        ),
        HubComponent(
            "problems",
            "sensor",
            {
                "name": "Problems",
                "state_topic": topics.problems,
                "value_template": "{{ value_json.problems | length }}",
                "json_attributes_topic": topics.problems,
                "icon": "mdi:alert-circle-outline",
                "entity_category": "diagnostic",
            },
        ),
        HubComponent(
            "update",
            "update",
            {
                "name": "Version",
                "state_topic": topics.info,
                # nobody is asked for a newer one: that would be a connection to the outside
                "value_template": "{{ {'installed_version': value_json.version, 'latest_version': value_json.version, "
                "'title': 'arvisd'} | tojson }}",
                "entity_category": "diagnostic",
            },
        ),
        HubComponent(
            "intent",
            "event",
            {
                "name": "Intent",
                "state_topic": topics.intent("+"),
                "event_types": ["recognized", "unrecognized"],
                "value_template": "{{ {'event_type': 'unrecognized' if value_json.name == '"
                + UNRECOGNIZED
                + "' else 'recognized', 'intent': value_json.name, "
                + ", ".join(f"'{key}': value_json.{key}" for key in INTENT_KEYS)
                + "} | tojson }}",
                "icon": "mdi:account-voice",
            },
        ),
        HubComponent(
            "say",
            "notify",
            {
                "name": "Say",
                "command_topic": topics.action("tts.speak"),
                "command_template": '{"data": {"message": {{ value | tojson }}}}',
                "icon": "mdi:bullhorn",
            },
        ),
        HubComponent(
            "ask",
            "text",
            {
                "name": "Ask",
                "command_topic": topics.site(TYPED_AT, "text"),
                "command_template": '{"text": {{ value | tojson }}}',
                "max": MAX_STATE,
                "icon": "mdi:keyboard",
            },
        ),
    ]


INTENT_KEYS = ("id", "text", "slots", "confidence", "language", "site", "session", "speaker", "by")
"""What the event of an intent tells beside its name."""


def automation_component(topics: Topics, entity_id: str, name: str) -> HubComponent:
    """Return the switch of an automation."""
    return HubComponent(
        entity_id.replace(".", "_", 1),
        "switch",
        {
            "name": name,
            "state_topic": topics.state(entity_id),
            "value_template": "{{ value_json.state }}",
            "state_on": "on",
            "state_off": "off",
            "command_topic": topics.action("arvisd.turn"),
            "payload_on": "on",
            "payload_off": "off",
            "command_template": '{"data": {"to": "{{ value }}"}, "target": {"entity_id": "' + entity_id + '"}}',
            "icon": "mdi:robot",
            "entity_category": "config",
        },
        lasting=False,
    )


def _picked(*keys: str) -> str:
    return "{{ {" + ", ".join(f"'{key}': value_json.{key}" for key in keys) + "} | tojson }}"

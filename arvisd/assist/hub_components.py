"""What hubs see of sites and choices: listening, mute, wake word, buttons; who recognises and speaks, and the voice."""

from __future__ import annotations

from typing import Any

from arvisd.assist.choosing import Choice
from arvisd.assist.muting import muted_entity
from arvisd.assist.site import Site, SiteRegistry, SiteWatcher
from arvisd.core.owner import Owner
from arvisd.core.slug import slug
from arvisd.core.topics import Topics
from arvisd.mqtt.hubs.component import HubComponent, HubComponents


class ShownSites(SiteWatcher):
    """Offers the components of each site while it is there."""

    def __init__(self, topics: Topics, components: HubComponents, owner: Owner) -> None:
        self._topics = topics
        self._components = components
        self._owner = owner

    def start(self, sites: SiteRegistry) -> None:
        """Follow the sites until the owner stops."""
        sites.watch(self, self._owner)

    def site_added(self, site: Site) -> None:
        """Show a site."""
        for component in site_components(self._topics, site):
            self._components.offer(component, self._owner)

    def site_removed(self, site: Site) -> None:
        """Show a site no more."""
        for component in site_components(self._topics, site):
            self._components.withdraw(component.id)


class ShownChoices:
    """Offers a select for each thing that can be chosen."""

    def __init__(self, topics: Topics, components: HubComponents, owner: Owner) -> None:
        self._topics = topics
        self._components = components
        self._owner = owner
        self._shown: set[str] = set()

    def show(self, choices: list[Choice]) -> None:
        """Show what can be chosen now."""
        components = [choice_component(self._topics, choice) for choice in choices]
        now = {component.id for component in components}
        for id_ in self._shown - now:
            self._components.withdraw(id_)
        self._shown = now
        for component in components:
            self._components.offer(component, self._owner)


def site_components(topics: Topics, site: Site) -> list[HubComponent]:
    """Return what is shown of a site; one that only takes text has nothing to show but that it works."""
    key, name = f"site_{slug(site.id)}", site.id.replace("_", " ").replace("-", " ").capitalize()
    phase = topics.site(site.id, "phase")
    shared: dict[str, Any] = {
        "availability": [
            {"topic": topics.status},
            {
                "topic": phase,
                "value_template": "{{ 'online' if value and value_json.phase != 'offline' else 'offline' }}",
            },
        ],
        "availability_mode": "all",
    }
    stop = HubComponent(
        f"{key}_stop",
        "button",
        {
            "name": f"{name} stop",
            "command_topic": topics.site(site.id, "stop"),
            "payload_press": "{}",
            "icon": "mdi:stop-circle-outline",
            **shared,
        },
    )
    if site.audio_in is None:
        return [stop] if site.audio_out is not None or site.speech else []
    muted = topics.state(muted_entity(site.id))
    return [
        HubComponent(
            f"{key}_listening",
            "binary_sensor",
            {
                "name": f"{name} listening",
                "state_topic": phase,
                "value_template": "{{ 'ON' if value and value_json.phase == 'listening' else 'OFF' }}",
                "json_attributes_topic": phase,
                "icon": "mdi:microphone-message",
                **shared,
            },
        ),
        HubComponent(
            f"{key}_mute",
            "switch",
            {
                "name": f"{name} mute",
                "state_topic": muted,
                "value_template": "{{ value_json.state if value else 'None' }}",
                "state_on": "on",
                "state_off": "off",
                "command_topic": topics.action("assist.mute"),
                "payload_on": "true",
                "payload_off": "false",
                "command_template": f'{{"data": {{"site": "{site.id}", "muted": {{{{ value }}}}}}}}',
                "icon": "mdi:microphone-off",
                **shared,
            },
        ),
        HubComponent(
            f"{key}_wake",
            "event",
            {
                "name": f"{name} wake word",
                "state_topic": topics.site(site.id, "wake"),
                "event_types": ["wake"],
                "value_template": "{{ {'event_type': 'wake', 'word': value_json.word, 'score': value_json.score, "
                f"'site': '{site.id}', 'time': value_json.time}} | tojson }}}}",
                "icon": "mdi:ear-hearing",
                **shared,
            },
        ),
        HubComponent(
            f"{key}_listen",
            "button",
            {
                "name": f"{name} listen",
                "command_topic": topics.site(site.id, "listen"),
                "payload_press": "{}",
                "icon": "mdi:microphone",
                **shared,
            },
        ),
        stop,
    ]


def choice_component(topics: Topics, choice: Choice) -> HubComponent:
    """Return the select of something that can be chosen."""
    data = (
        f'"capability": "{choice.of}", "provider"'
        if choice.kind == "provider"
        else f'"language": "{choice.of}", "voice"'
    )
    return HubComponent(
        f"{choice.kind}_{slug(choice.of)}",
        "select",
        {
            "name": choice.name,
            "state_topic": topics.state(choice.entity_id),
            "value_template": "{{ value_json.state if value else 'None' }}",
            "options": list(choice.options),
            "command_topic": topics.action(f"assist.use_{choice.kind}"),
            "command_template": '{"data": {' + data + ": {{ value | tojson }}}}",
            "icon": "mdi:account-voice",
            "entity_category": "config",
        },
    )

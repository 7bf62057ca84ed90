"""Ways to tell people something, and the actions of Home Assistant that arvisd does by its own."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from arvisd.core.actions import Target
from arvisd.core.bus import Message
from arvisd.core.errors import ActionDataError, ActionFailedError, UnknownActionError
from arvisd.home.entity import Entity
from tests.simulators.command_rig import CommandRig

WAYS = """
notify:
  - {name: Phone, platform: mqtt, topic: "phone/{{ target }}/say"}
  - {name: plain, platform: mqtt, topic: plain, payload: "{{ title }}: {{ message }}", retain: true}
  - {name: aloud, platform: site, site: [hall, kitchen], language: en}
  - name: all
    platform: group
    services:
      - {service: plain, data: {title: House, data: {a: 1}}}
      - {action: notify.aloud}
"""


class TestWays:
    async def test_mqtt(self, rig: CommandRig) -> None:
        assert rig.load(WAYS) == []
        await rig.do("notify.phone", message="Hi", target="me")
        await rig.do("notify.phone", message="Hi", title="T", target="me", data={"tag": "x"})
        await rig.do("notify.plain", message="Hi", title="T")
        assert rig.calls == [
            ("mqtt.publish", {"topic": "phone/me/say", "payload": "Hi", "retain": False}),
            (
                "mqtt.publish",
                {
                    "topic": "phone/me/say",
                    "payload": '{"message":"Hi","title":"T","target":"me","data":{"tag":"x"}}',
                    "retain": False,
                },
            ),
            ("mqtt.publish", {"topic": "plain", "payload": "T: Hi", "retain": True}),
        ]

    async def test_aloud(self, rig: CommandRig) -> None:
        rig.load(WAYS)
        await rig.do("notify.aloud", message="The door is open.", title="Attention")
        said = {"message": "Attention. The door is open.", "site": ["hall", "kitchen"], "language": "en", "voice": ""}
        assert rig.calls == [("tts.speak", said)]

    async def test_group(self, rig: CommandRig) -> None:
        rig.load(WAYS)
        await rig.do("notify.all", message="Hi")
        assert sorted(name for name, _ in rig.calls) == ["mqtt.publish", "tts.speak"]
        assert ("mqtt.publish", {"topic": "plain", "payload": "House: Hi", "retain": True}) in rig.calls

    async def test_one_of_a_group_that_is_not_there(self, rig: CommandRig) -> None:
        rig.load(
            "notify: [{name: all, platform: group, services: [{service: mobile_app_x}, {service: a}]}, {name: a, platform: site}]"
        )
        with pytest.raises(ActionFailedError, match=r"^notify.all: there is no action 'notify.mobile_app_x'"):
            await rig.do("notify.all", message="Hi")
        assert [name for name, _ in rig.calls] == ["tts.speak"]

    async def test_the_general_one_takes_the_first(self, rig: CommandRig) -> None:
        rig.load(WAYS)
        await rig.do("notify.notify", message="Hi", target="me")
        assert rig.calls[0][1]["topic"] == "phone/me/say"

    async def test_or_the_one_without_a_name(self, rig: CommandRig) -> None:
        rig.load("notify: [{name: a, platform: site}, {platform: mqtt, topic: t}]")
        await rig.do("notify.notify", message="Hi")
        assert rig.calls[0][0] == "mqtt.publish"

    async def test_or_shows_it(self, rig: CommandRig) -> None:
        await rig.do("notify.notify", message="Hi", title="T", data={"notification_id": "n"})
        shown = {"message": "Hi", "title": "T", "notification_id": "n"}
        assert rig.calls == [("persistent_notification.create", shown)]

    async def test_message_to_an_entity(self, rig: CommandRig) -> None:
        rig.load(WAYS)
        await rig.do("notify.send_message", Target(entity_id=["notify.plain", "notify.aloud"]), message="Hi")
        assert [name for name, _ in rig.calls] == ["mqtt.publish", "tts.speak"]
        with pytest.raises(ActionDataError, match="needs a target"):
            await rig.do("notify.send_message", message="Hi")

    async def test_gone_with_the_section(self, rig: CommandRig) -> None:
        rig.load(WAYS)
        rig.load("{}")
        with pytest.raises(UnknownActionError):
            await rig.do("notify.phone", message="Hi")

    async def test_the_last_good_version_goes_on(self, rig: CommandRig) -> None:
        rig.load("notify: [{name: a, platform: mqtt, topic: one}]")
        assert rig.load("notify: [{name: a, platform: mqtt, topic: one, retian: true}]") != []
        await rig.do("notify.a", message="Hi")
        assert rig.calls[0][1]["topic"] == "one"


INVALID = [
    ("[{platform: smtp, name: mail, server: x}]", "1:10: warning: the notify platform 'smtp' is not supported: those there are: group, mqtt, site"),
    ("[{name: a, platform: mqtt}]", "1:10: the key 'topic' is missing in notify.a"),
    ("[{name: a, platform: mqtt, topic: a/#}]", "1:43: notify.a: the topic 'a/#' holds '+', '#' or a null character: those are for subscribing only"),
    ("[{name: a, platform: group}]", "1:10: notify.a: a group needs 'actions': the ways that are its members"),
    ("[{name: a, platform: site}, {name: A, platform: site}]", "1:37: notify.a is already in configuration.yaml:1:10"),
    ("[a]", "1:10: notify: expected a list of ways, as in '- {name: phone, platform: mqtt, topic: …}', got text"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "said"), INVALID)
async def test_said_with_its_place(rig: CommandRig, written: str, said: str) -> None:
    assert rig.load(f"notify: {written}") == [f"configuration.yaml:{said}"]


class TestSpeaking:
    @pytest.mark.parametrize("name", ["tts.google_translate_say", "tts.cloud_say"])
    async def test_where_the_player_stands(self, rig: CommandRig, name: str) -> None:
        rig.home.add_entity(Entity(id="media_player.radio", area="kitchen"), rig.owner)
        await rig.do(name, Target(entity_id="media_player.radio"), message="Hi", cache=True)
        assert rig.calls == [("tts.speak", {"message": "Hi", "language": ""})]
        assert rig.areas == [["kitchen"]]

    async def test_announced_at_a_site(self, rig: CommandRig) -> None:
        rig.home.add_entity(Entity(id="assist_satellite.box", area="kitchen"), rig.owner)
        await rig.do(
            "assist_satellite.announce",
            Target(entity_id=["assist_satellite.hall", "assist_satellite.box"]),
            message="Hi",
        )
        assert rig.calls == [("tts.speak", {"message": "Hi", "site": ["hall"]})]
        assert rig.areas == [["kitchen"]]

    async def test_not_by_a_lamp(self, rig: CommandRig) -> None:
        with pytest.raises(
            ActionDataError, match="assist_satellite.announce is not for light.a: it takes a assist_satellite"
        ):
            await rig.do("assist_satellite.announce", Target(entity_id="light.a"), message="Hi")


class TestLogging:
    async def test_a_line_in_the_log(self, rig: CommandRig, caplog: pytest.LogCaptureFixture) -> None:
        seen: list[Message] = []
        rig.hub.bus.subscribe("arvis/log/+", seen.append, rig.owner)
        await rig.do("system_log.write", message="Odd", level="warning", logger="my.house")
        assert caplog.record_tuples == [("arvisd.my.house", logging.WARNING, "Odd")]
        assert [(message.topic, message.payload.message) for message in seen] == [("arvis/log/warning", "Odd")]

    async def test_the_logbook_is_an_event(self, rig: CommandRig) -> None:
        seen: list[Any] = []
        rig.hub.bus.subscribe("arvis/event/logbook_entry", lambda message: seen.append(message.payload.data), rig.owner)
        await rig.do("logbook.log", name="Door", message="was opened", entity_id="lock.door")
        assert seen == [{"name": "Door", "message": "was opened", "entity_id": "lock.door"}]

    async def test_levels(self, rig: CommandRig) -> None:
        await rig.do("logger.set_level", **{"arvisd.test": "debug"})
        assert logging.getLogger("arvisd.test").level == logging.DEBUG
        with pytest.raises(ActionDataError, match=r"logger.set_level: arvisd.test: 'loud' is no level, which are "):
            await rig.do("logger.set_level", **{"arvisd.test": "loud"})


@pytest.mark.parametrize("name", ["homeassistant.reload_all", "scene.reload", "template.reload"])
async def test_the_one_reload_has_many_names(rig: CommandRig, name: str) -> None:
    await rig.do(name)
    assert rig.reloads == 1

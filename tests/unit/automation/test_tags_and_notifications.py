"""Tags that are scanned, and notifications that stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from arvisd.automation.persistent_notifications import MOST, PersistentNotifications
from arvisd.automation.tags import register_tag_scan
from arvisd.core.bus import Message, Origin
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.storage.database import Database
from tests.simulators.automation_rig import AutomationRig
from tests.simulators.clock import FakeClock


def automation(trigger: str, said: str = "ran") -> str:
    return (
        f"- id: a\n  mode: parallel\n  triggers:\n    - {trigger}\n  actions:\n    - action: test.note\n"
        f"      data:\n        message: '{said}'\n"
    )


class TestTag:
    @pytest.mark.parametrize(
        ("options", "scanned", "fires"),
        [
            ("tag_id: door", {"tag_id": "door"}, True),
            ("tag_id: [door, gate]", {"tag_id": "gate", "device_id": "phone"}, True),
            ("tag_id: door", {"tag_id": "gate"}, False),
            ("tag_id: door, device_id: phone", {"tag_id": "door", "device_id": "phone"}, True),
            ("tag_id: door, device_id: [phone, pad]", {"tag_id": "door", "device_id": "pad"}, True),
            ("tag_id: door, device_id: phone", {"tag_id": "door", "device_id": "pad"}, False),
            ("tag_id: door, device_id: phone", {"tag_id": "door"}, False),
        ],
    )
    async def test_what_fires(self, rig: AutomationRig, options: str, scanned: dict[str, Any], fires: bool) -> None:
        register_tag_scan(rig.hub, rig.owner)
        assert await rig.load(automation("{trigger: tag, " + options + "}")) == []
        await rig.hub.actions.call("tag.scan", scanned)
        assert rig.notes == (["ran"] if fires else [])

    async def test_what_templates_see(self, rig: AutomationRig) -> None:
        register_tag_scan(rig.hub, rig.owner)
        said = "{{ trigger.tag_id }} {{ trigger.device_id }} {{ trigger.event.data.tag_id }} {{ trigger.description }}"
        await rig.load(automation("{trigger: tag, tag_id: door}", said))
        await rig.hub.actions.call("tag.scan", {"tag_id": "door", "device_id": "pad"}, context=Context(user="ann"))
        assert rig.notes == ["door pad door tag door"]
        assert rig.calls[0].context.user == "ann"

    async def test_a_reader_publishes_the_event_itself(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: tag, tag_id: door}"))
        payload = b'{"data": {"tag_id": "door"}, "time": "2026-01-05T12:00:00Z", "context": {"id": "x"}}'
        rig.hub.bus.deliver(Message("arvis/event/tag_scanned", payload, origin=Origin.REMOTE))
        rig.hub.bus.deliver(Message("arvis/event/tag_scanned", b"door", origin=Origin.REMOTE))
        assert rig.notes == ["ran"]
        assert [trace.outcome for trace in rig.traces("a")] == ["finished", "not_triggered"]

    async def test_another_device_is_told(self, rig: AutomationRig) -> None:
        register_tag_scan(rig.hub, rig.owner)
        await rig.load(automation("{trigger: tag, tag_id: door, device_id: phone}"))
        await rig.hub.actions.call("tag.scan", {"tag_id": "door", "device_id": "pad"})
        assert [trace.reason for trace in rig.traces("a")] == ["the device pad scanned it"]

    async def test_errors(self, rig: AutomationRig) -> None:
        assert await rig.load(automation("{trigger: tag, tag_id: []}")) == [
            "automations.yaml:4:30: the trigger 'tag': 'tag_id' names none"
        ]
        register_tag_scan(rig.hub, rig.owner)
        with pytest.raises(ActionDataError, match=r"tag.scan: Expected `str` of length >= 1 - at `\$.tag_id`"):
            await rig.hub.actions.call("tag.scan", {"tag_id": ""})


@pytest.fixture
def notifications(rig: AutomationRig) -> PersistentNotifications:
    made = PersistentNotifications(rig.hub, Database(None).open())
    made.start(rig.owner)
    return made


async def do(hub: Hub, what: str, **data: Any) -> Any:
    return await hub.actions.call(f"persistent_notification.{what}", data)


class TestNotifications:
    async def test_each_is_an_entity(self, rig: AutomationRig, notifications: PersistentNotifications) -> None:
        await do(rig.hub, "create", message="The bin is full", title="Kitchen", notification_id="bin-1")
        state = rig.hub.states.get("persistent_notification.bin_1")
        assert state is not None
        assert (state.state, state.attributes) == (
            "notifying",
            {
                "notification_id": "bin-1",
                "title": "Kitchen",
                "message": "The bin is full",
                "created_at": "2026-01-05T12:00:00+00:00",
                "friendly_name": "Kitchen",
            },
        )
        await do(rig.hub, "dismiss", notification_id="bin-1")
        await do(rig.hub, "dismiss", notification_id="bin-1")
        assert rig.hub.states.ids("persistent_notification") == []

    async def test_one_without_an_id_gets_one(self, rig: AutomationRig, notifications: PersistentNotifications) -> None:
        first, second = await do(rig.hub, "create", message="a"), await do(rig.hub, "create", message="b")
        assert first["notification_id"] != second["notification_id"]
        assert len(rig.hub.states.ids("persistent_notification")) == 2
        await do(rig.hub, "dismiss_all")
        assert rig.hub.states.ids("persistent_notification") == []

    async def test_ids_that_look_alike(self, rig: AutomationRig, notifications: PersistentNotifications) -> None:
        for id_ in ("a b", "a-b", "!"):
            await do(rig.hub, "create", message="x", notification_id=id_)
        assert rig.hub.states.ids("persistent_notification") == [
            "persistent_notification.a_b",
            "persistent_notification.a_b_2",
            "persistent_notification.notification",
        ]

    async def test_the_oldest_goes_when_there_are_too_many(
        self, rig: AutomationRig, notifications: PersistentNotifications
    ) -> None:
        for number in range(MOST + 3):
            await do(rig.hub, "create", message="x", notification_id=f"n{number}")
        await do(rig.hub, "create", message="again", notification_id="n3")
        await do(rig.hub, "create", message="x", notification_id="last")
        ids = rig.hub.states.ids("persistent_notification")
        assert len(ids) == MOST
        assert "persistent_notification.n3" in ids
        assert "persistent_notification.n4" not in ids

    async def test_they_are_there_after_a_kill(self, hub: Hub, clock: FakeClock, tmp_path: Path) -> None:
        first = Database(tmp_path / "db").open()
        before = PersistentNotifications(hub, first)
        before.start(Owner("before"))
        before.create("one", None, "1")
        before.create("two", "Second", "2")
        before.create("gone", None, "3")
        before.dismiss("3")
        await clock.advance(5)
        before.create("one anew", None, "1")
        after = Hub(clock)
        second = Database(tmp_path / "db").open()  # the first one was never closed
        PersistentNotifications(after, second).start(Owner("after"))
        assert {id_: state.attributes["message"] for id_, state in after.states} == {
            "persistent_notification.1": "one anew",
            "persistent_notification.2": "two",
        }
        first.close()
        second.close()


class TestNotificationTrigger:
    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ("", ["added a", "updated a", "added b", "removed a"]),
            ("notification_id: a", ["added a", "updated a", "removed a"]),
            ("update_type: added", ["added a", "added b"]),
            ("update_type: [updated, removed]", ["updated a", "removed a"]),
            ("update_type: removed, notification_id: b", []),
        ],
    )
    async def test_what_fires(
        self, rig: AutomationRig, notifications: PersistentNotifications, options: str, told: list[str]
    ) -> None:
        said = "{{ trigger.update_type }} {{ trigger.notification.notification_id }}"
        trigger = "{trigger: persistent_notification" + (f", {options}" if options else "") + "}"
        assert await rig.load(automation(trigger, said)) == []
        notifications.create("x", None, "a")
        notifications.create("y", None, "a")
        notifications.create("z", None, "b")
        notifications.dismiss("a")
        assert rig.notes == told

    async def test_those_that_are_there_are_told_at_the_start(
        self, rig: AutomationRig, notifications: PersistentNotifications
    ) -> None:
        notifications.create("x", None, "a")
        said = "{{ trigger.update_type }} {{ trigger.notification.message }}"
        await rig.load(automation("{trigger: persistent_notification, update_type: current}", said))
        assert rig.notes == []
        rig.engine.started()
        notifications.create("y", None, "b")
        assert rig.notes == ["current x"]

    async def test_errors(self, rig: AutomationRig) -> None:
        assert await rig.load(automation("{trigger: persistent_notification, update_type: gone}")) == [
            (
                "automations.yaml:4:55: the trigger 'persistent_notification': update_type: expected one of 'added', "
                "'current', 'removed' or 'updated' or a list (each item one of 'added', 'current', 'removed' or 'updated'), got the text 'gone'"
            )
        ]

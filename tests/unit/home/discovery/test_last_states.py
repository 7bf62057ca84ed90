"""After a restart a device is as it was until it speaks: nothing seems to have changed that has not."""

from contextlib import asynccontextmanager

import pytest

from arvisd.home.discovery.last_states import LastStates

PLUG = {"name": "Plug", "uniq_id": "p", "stat_t": "p/s", "cmd_t": "p/set", "avty_t": "p/online"}


@asynccontextmanager
async def again(make_rig, first_says="ON"):
    """A house that ran before, and runs again; gives it with all changes of the plug's state since."""
    first = make_rig()
    async with first.running():
        await first.announce("switch/p", PLUG)
        first.hear("p/online", "online", retain=True)
        first.hear("p/s", first_says, retain=True)
    second = make_rig(first.database)
    second.restored = LastStates(second.database).restore(second.hub.states)
    changes = []
    second.hub.bus.subscribe(
        "arvis/state/switch/plug", lambda m: changes.append(m.payload.state if m.payload else None), second.owner
    )
    async with second.running():
        await second.announce("switch/p", PLUG)
        yield second, changes


async def test_one_that_says_the_same_has_not_changed(make_rig):
    async with again(make_rig) as (rig, changes):
        assert rig.state("switch.plug") == "on"
        rig.hear("p/online", "online", retain=True)
        rig.hear("p/s", "ON", retain=True)
        await rig.clock.advance(60)
        assert changes == []
        rig.hear("p/s", "OFF")
        assert changes == ["off"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("p/online", "online"), ("p/s", "OFF")], ["off"]),
        ([("p/s", "OFF"), ("p/online", "online")], ["off"]),
        ([("p/online", "offline"), ("p/s", "ON")], ["unavailable"]),
        ([("p/online", "online")], ["unknown"]),
        ([], ["unavailable"]),
    ],
)
async def test_what_has_changed_meanwhile_is_seen_once(make_rig, said, expected):
    async with again(make_rig) as (rig, changes):
        for topic, payload in said:
            rig.hear(topic, payload, retain=True)
        await rig.clock.advance(60)
        assert changes == expected


async def test_one_that_is_gone_for_good_is_forgotten(make_rig):
    async with again(make_rig) as (rig, changes):
        assert rig.restored == ["switch.plug"]
        await rig.announce("switch/p", b"")
        assert changes == [None]
    third = make_rig(rig.database)
    states = third.hub.states
    last = LastStates(third.database)
    last.forget_absent(states, last.restore(states), lambda _: False)
    assert states.get("switch.plug") is None
    assert last.restore(states) == []


async def test_what_was_not_known_is_not_restored(make_rig):
    async with again(make_rig, first_says="None") as (rig, changes):
        assert rig.restored == []
        assert changes == ["unavailable"]

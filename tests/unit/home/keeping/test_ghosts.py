"""Devices that never answer: which they are, over restarts too, and what clearing them does."""

DAY = 86400


async def topics(kept, **data):
    return [ghost.topic for ghost in await kept.do("ghosts", **data)]


async def test_one_that_never_answers_is_a_ghost(kept):
    await kept.lamp()
    assert await topics(kept) == ["homeassistant/light/lamp/config"]
    kept.hear("lamp/state", "ON", retain=True)  # of somebody who is long gone
    assert await topics(kept) == ["homeassistant/light/lamp/config"]
    kept.hear("lamp/state", "ON")
    assert await topics(kept) == []


async def test_one_that_says_it_is_there_is_none(kept):
    await kept.lamp(avty_t="lamp/online")
    kept.hear("lamp/online", "offline", retain=True)
    assert len(await topics(kept)) == 1
    kept.hear("lamp/online", "online", retain=True)
    assert await topics(kept) == []


async def test_one_part_of_a_device_that_answers_is_enough(kept):
    device = {"dev": {"ids": ["d"], "name": "D"}}
    await kept.announce("sensor/a", {"name": "A", "uniq_id": "a", "stat_t": "a", **device})
    await kept.announce("switch/b", {"name": "B", "uniq_id": "b", "cmd_t": "b", "stat_t": "bs", **device})
    assert len(await topics(kept)) == 2
    kept.hear("a", "1")
    assert await topics(kept) == []


async def test_one_that_has_nothing_to_say_is_none(kept):
    await kept.announce("button/b", {"name": "B", "cmd_t": "b"})
    assert await topics(kept) == []


async def test_silence_is_counted_over_restarts(make_kept):
    first = make_kept()
    async with first.running():
        await first.lamp()
        await first.lamp("Other", None, "other")
        first.hear("lamp/state", "ON")
    second = make_kept(first.database)
    await second.clock.advance(3 * DAY)
    async with second.running():
        await second.lamp()
        await second.lamp("Other", None, "other")
        (ghost,) = await second.do("ghosts")
        assert (ghost.name, ghost.entities, ghost.known_days, ghost.silent_days) == ("Other", ["light.other"], 3, None)
        found = await second.do("ghosts", days=2)
        assert [(g.name, g.silent_days) for g in found] == [("Lamp", 3), ("Other", None)]


async def test_clearing_lets_the_broker_forget_and_frees_the_id(kept):
    await kept.lamp()
    await kept.lamp("Lamp", None, "second")
    assert [entity.id for entity in kept.home.entities()] == ["light.lamp", "light.lamp_2"]
    kept.hear("second/state", "ON")
    cleared = await kept.do("clear_ghosts", ids=["light.lamp"])
    assert [ghost.topic for ghost in cleared] == ["homeassistant/light/lamp/config"]
    assert kept.take_sent() == [("homeassistant/light/lamp/config", "")]
    assert [entity.id for entity in kept.home.entities()] == ["light.lamp_2"]
    await kept.lamp("Lamp", None, "third")
    assert [entity.id for entity in kept.home.entities()] == ["light.lamp", "light.lamp_2"]


async def test_clearing_all_takes_ghosts_only(kept):
    await kept.lamp()
    await kept.lamp("Other", None, "other")
    kept.hear("other/state", "ON")
    await kept.do("clear_ghosts", all=True)
    assert [entity.id for entity in kept.home.entities()] == ["light.other"]
    assert kept.problems == []

"""Why something is as it is: the chain from a state to what began it, from outside too, and over a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from arvisd.core.actions import Action, ActionCall, Target
from arvisd.core.bus import Message, Origin
from arvisd.core.causes import Request
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError, ActionFailedError
from arvisd.core.intents import Intent
from arvisd.core.owner import Owner
from arvisd.core.sites import Stage, TurnTrace
from arvisd.home.actions import register_home_actions
from arvisd.home.entity import Entity
from arvisd.why import index as index_module
from arvisd.why.chain import LONGEST
from arvisd.why.explanation import Explainer, Why
from arvisd.why.index import CauseIndex
from arvisd.why.link import Link
from tests.simulators.automation_rig import AutomationRig, NoteData
from tests.simulators.house import ObedientController
from tests.simulators.lives import Lives, lives_in

AUTOMATIONS = """
- id: hall
  alias: Hall light
  triggers: [{trigger: intent, intent: EveningComes}]
  actions:
    - alias: Light it
      action: light.turn_on
      target: {entity_id: light.hall}
    - delay: 10
    - action: light.turn_off
      target: {entity_id: light.hall}
- id: follow
  triggers: [{trigger: state, entity_id: light.hall, to: "on"}]
  actions: [{action: light.turn_on, target: {entity_id: light.lamp}}]
"""


class House:
    """An engine, lights, and the one who says why."""

    def __init__(self, lives: Lives) -> None:
        self.lives = lives
        self.controllers: dict[str, ObedientController] = {}

    async def begin(self, off: float = 0.0, text: str | None = None, settled: float = 40.0) -> None:
        self.rig: AutomationRig = await self.lives.begin(text, off=off, started=False)
        hub, owner = self.rig.hub, self.rig.owner
        self.stack = AsyncExitStack()
        self.index = CauseIndex(hub, self.lives.database, await self.stack.enter_async_context(Owner("why")))
        self.index.start()
        home = self.rig.home
        register_home_actions(hub, home, owner)
        for name in ("light.hall", "light.lamp"):
            self.controllers[name] = controller = ObedientController(hub)
            controller.entity_id = name
            home.add_entity(Entity(id=name, controller=controller), owner)
            hub.states.set(name, "off", {"friendly_name": name.partition(".")[2].title()})
        self.explainer = Explainer(hub, self.index, self.rig.engine, home.owner_of)
        self.explainer.offer(owner)
        self.rig.engine.started()
        await self.rig.clock.advance(settled)

    async def written(self) -> None:
        await self.rig.clock.advance(1.5)
        await self.lives.database.background(lambda connection: None)
        await self.rig.clock.settle()

    async def restart(self) -> None:
        await self.written()
        await self.lives.kill()
        await self.stack.aclose()
        await self.begin(off=60)

    def say(self, text: str = "good evening", *, heard: bool | None = None) -> Context:
        """A turn that is understood as EveningComes; `heard` where its end is told as well."""
        hub = self.rig.hub
        context = Context(user="ann")
        intent = Intent("u1", text, {}, 1.0, "en", "kitchen", "s1", "ann", "sentences", context)
        hub.bus.publish(hub.topics.intent("EveningComes"), intent)
        if heard is not None:
            stages = [Stage("stt" if heard else "intent", 5.0)]
            now = hub.clock.now()
            turn = TurnTrace(
                "t",
                "s1",
                "kitchen",
                text,
                "en",
                "EveningComes",
                {},
                "sentences",
                [],
                "",
                "answered",
                "",
                stages,
                {},
                now,
                context,
            )
            hub.bus.publish(hub.topics.site("kitchen", "turn"), turn)
        return context

    def why(self, name: str) -> Why:
        return self.explainer.explain(name)

    def kinds(self, name: str) -> list[tuple[str, str]]:
        return [(link.kind, link.text) for link in self.why(name).chain]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with lives_in(tmp_path) as lives:
        made = House(lives)
        await made.begin(text=AUTOMATIONS)
        yield made
        await made.stack.aclose()


async def test_the_whole_chain(house: House) -> None:
    turn = house.say(heard=True)
    await house.rig.clock.settle()
    why = house.why("light.hall")
    assert (why.state, why.cause, why.by, why.name) == ("on", "known", "automations", "Hall")
    action, run, said = why.chain
    assert action == Link(
        "action",
        run.context,
        turn.id,
        None,
        "light.turn_on",
        "automations.yaml:5:7",
        {"action": "light.turn_on", "path": "action/0", "step": "Light it"},
    )
    assert (run.kind, run.text, run.place, run.parent) == ("run", "Hall light", "automations.yaml:3:14", turn.id)
    assert run.data["automation"] == "automation.hall_light"
    assert (run.data["file"], run.data["line"], run.data["trigger"]) == (
        "automations.yaml",
        1,
        "intent EveningComes",
    )
    assert (said.kind, said.context, said.text) == ("turn", turn.id, "good evening")
    assert said.data == {
        "site": "kitchen",
        "session": "s1",
        "language": "en",
        "intent": "EveningComes",
        "speaker": "ann",
        "by": "sentences",
        "heard": True,
    }


async def test_through_two_automations(house: House) -> None:
    house.say(heard=False)
    await house.rig.clock.settle()
    assert house.kinds("light.lamp") == [
        ("action", "light.turn_on"),
        ("run", "follow"),
        ("run", "Hall light"),
        ("turn", "good evening"),
    ]


async def test_after_a_wait_the_later_step_is_named(house: House) -> None:
    house.say()
    await house.rig.clock.advance(11)
    why = house.why("light.hall")
    assert (why.state, why.chain[0].text, why.chain[0].place) == ("off", "light.turn_off", "automations.yaml:9:7")
    assert [(change.state, change.chain[0].text) for change in why.before] == [("on", "light.turn_on")]


async def test_over_a_restart(house: House) -> None:
    house.say(heard=True)
    await house.rig.clock.settle()
    before = house.why("light.hall").chain
    await house.restart()
    why = house.why("light.hall")
    assert (why.state, why.cause, why.chain) == ("off", "start", [])
    assert [(change.state, change.chain) for change in why.before] == [("on", before)]


async def test_what_a_device_reports_again_after_a_restart_has_its_old_cause(house: House) -> None:
    house.say(heard=True)
    await house.rig.clock.settle()
    await house.written()
    await house.lives.kill()
    await house.stack.aclose()
    rig = house.rig = await house.lives.begin(off=60, started=False)
    owner = await house.stack.enter_async_context(Owner("why"))
    index = CauseIndex(rig.hub, house.lives.database, owner)
    index.start()
    explainer = Explainer(rig.hub, index, rig.engine, lambda _: "integration zigbee")
    await rig.clock.advance(5)
    rig.hub.states.set("light.hall", "on")
    why = explainer.explain("light.hall")
    assert (why.cause, why.by, why.chain[-1].text) == ("restart", "zigbee", "good evening")
    await rig.clock.advance(60)
    rig.hub.states.set("light.hall", "off")
    rig.hub.states.set("light.hall", "on")
    assert explainer.explain("light.hall").cause == "outside"


async def test_from_outside_with_its_topic(house: House) -> None:
    hub = house.rig.hub
    hub.bus.subscribe("zigbee/#", lambda message: hub.states.set("sensor.door", message.data.decode()), house.rig.owner)
    hub.bus.deliver(Message("zigbee/door", b"open", origin=Origin.REMOTE))
    why = house.why("sensor.door")
    assert (why.state, why.cause, why.by) == ("open", "outside", "")
    assert [(link.kind, link.text) for link in why.chain] == [("outside", "zigbee/door")]


async def test_an_attribute_from_outside_leaves_the_cause(house: House) -> None:
    house.say()
    await house.rig.clock.settle()
    house.rig.hub.states.set("light.hall", "on", {"brightness": 7})
    assert house.why("light.hall").cause == "known"
    house.rig.hub.states.set("light.hall", "off")
    assert house.why("light.hall").cause == "outside"


async def test_a_request_over_mqtt(house: House) -> None:
    hub = house.rig.hub
    context = Context()
    target = Target(entity_id="light.lamp")
    hub.causes.happened(Request(context, hub.clock.now(), "light.turn_on", target))
    await hub.actions.call("light.turn_on", None, target, context)
    assert house.kinds("light.lamp") == [("action", "light.turn_on"), ("request", "light.turn_on")]
    assert house.why("light.lamp").chain[1].data["target"] == {"entity_id": "light.lamp"}


async def test_a_state_that_confirms_an_order_is_caused_by_who_asked(house: House) -> None:
    controller = house.controllers["light.lamp"]
    controller.silent = True
    hub = house.rig.hub
    context = house.say()
    call = asyncio.ensure_future(hub.actions.call("light.turn_on", None, Target(entity_id="light.lamp"), context))
    await house.rig.clock.settle()
    hub.states.set("light.lamp", "unknown")  # not what was asked for
    assert house.why("light.lamp").cause == "outside"
    hub.states.set("light.lamp", "on")  # comes back from the device, which knows of no context
    await call
    assert house.kinds("light.lamp") == [("action", "light.turn_on"), ("turn", "good evening")]
    state = hub.states.get("light.lamp")
    assert state is not None
    assert state.context == context


async def test_a_turn_is_remembered_for_a_run_that_goes_on_long_after_it(house: House) -> None:
    house.say()
    await house.written()
    await house.lives.kill()
    await house.stack.aclose()
    await house.begin(off=1, settled=1)
    house.rig.hub.states.set("light.hall", "on")
    await house.rig.clock.advance(10)
    assert [(link.kind, link.text) for link in house.why("light.hall").chain][-1:] == [("turn", "good evening")]
    assert house.why("light.hall").state == "off"


async def test_an_automation_tells_of_its_runs(house: House) -> None:
    house.rig.hub.states.set("light.hall", "unknown")
    house.say()
    await house.rig.clock.advance(12)
    for name in ("hall", "automation.hall", "Hall light", "automation.hall_light"):
        why = house.why(name)
        assert why.entity_id == "automation.hall_light"
        assert why.automation is not None
        assert why.automation.run is not None
        assert why.automation.run.outcome == "finished"
        assert [link.kind for link in why.automation.chain] == ["turn"]
    follow = house.why("follow").automation
    assert follow is not None
    assert [record.reason for record in follow.refusals] == ["it became 'off'"]


async def test_who_switched_an_automation_off(house: House) -> None:
    context = house.say()
    await house.rig.hub.actions.call(
        "automation.turn_off", {"stop_actions": False}, Target(entity_id="automation.hall_light"), context
    )
    assert house.kinds("automation.hall_light") == [("action", "automation.turn_off"), ("turn", "good evening")]


async def test_what_is_not_there(house: House) -> None:
    with pytest.raises(ActionFailedError) as error:
        house.why("light.hal")
    assert str(error.value) == "there is no entity 'light.hal' (did you mean 'light.hall'?)"
    with pytest.raises(ActionDataError, match="arvisd.why needs one entity: entity_id names it"):
        await house.rig.hub.actions.call("arvisd.why")
    answer = await house.rig.hub.actions.call("arvisd.why", None, Target(entity_id="light.hall"))
    assert answer == house.why("light.hall")


async def test_an_entity_that_is_gone_still_has_its_past(house: House) -> None:
    house.say()
    await house.rig.clock.settle()
    house.rig.hub.states.remove("light.lamp")
    why = house.why("light.lamp")
    assert (why.state, why.chain) == (None, [])
    assert [change.state for change in why.before] == ["on"]


async def test_each_entity_keeps_a_few_changes(house: House) -> None:
    hub = house.rig.hub
    for number in range(50):
        context = house.say(str(number))
        await house.rig.clock.settle()
        hub.states.set("sensor.n", str(number), None, context)
        if number % 7 == 0:
            await house.written()
    await house.written()
    (kept,) = house.lives.database.read("SELECT COUNT(*) FROM changes WHERE entity = 'sensor.n'")[0]
    assert kept == index_module.KEPT
    changes = house.index.changes("sensor.n")
    assert [change.state for change in changes] == [str(number) for number in range(40, 50)]


async def test_states_without_a_cause_are_not_stored(house: House) -> None:
    for number in range(100):
        house.rig.hub.states.set("sensor.n", str(number))
    await house.written()
    assert house.lives.database.read("SELECT COUNT(*) FROM changes") == [(0,)]


async def test_a_stop_writes_what_waits(house: House) -> None:
    house.say()
    await house.rig.clock.settle()
    stopping = asyncio.ensure_future(house.index.stop())
    await house.rig.clock.settle()
    await stopping
    assert house.lives.database.read("SELECT entity FROM changes") == [("light.hall",), ("light.lamp",)]


async def test_circles_end(house: House) -> None:
    await house.rig.load(
        """
        - id: a
          mode: queued
          triggers: [{trigger: state, entity_id: sensor.b}]
          actions: [{action: test.set, data: {message: sensor.a}}]
        - id: b
          mode: queued
          triggers: [{trigger: state, entity_id: sensor.a}]
          actions: [{action: test.set, data: {message: sensor.b}}]
        """
    )
    count = 0

    def set_(call: ActionCall) -> None:
        nonlocal count
        count += 1
        if count < 50:
            house.rig.hub.states.set(call.data.message, str(count), None, call.context)

    house.rig.hub.actions.register(Action("test.set", NoteData, "Sets.", sync_handler=set_), house.rig.owner)
    house.rig.hub.states.set("sensor.a", "0")
    await house.rig.clock.settle()
    assert len(house.why("sensor.a").chain) == LONGEST

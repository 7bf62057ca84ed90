"""Whole turns in the virtual house: what is said, what happens, what is answered."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from tests.simulators.clock import FakeClock
from tests.simulators.house import TestHouse

DONE = [
    # said, answered, entity, its state afterwards
    ("turn on the kitchen light", "Turned on the kitchen light", "light.kitchen", "on"),
    ("Turn on the kitchen light, please.", "Turned on the kitchen light", "light.kitchen", "on"),
    ("включи свет на кухне", "Свет на кухне включён", "light.kitchen", "on"),
    ("Включи, пожалуйста, свет на кухне!", "Свет на кухне включён", "light.kitchen", "on"),
    ("зажги лампу", "Лампа включена", "light.lamp", "on"),
    ("включите торшер", "Лампа включена", "light.lamp", "on"),
    ("turn on the lamp", "Turned on the lamp", "light.lamp", "on"),
    ("switch on the floor lamp", "Turned on the lamp", "light.lamp", "on"),
    ("включи свет в гостиной", "Свет в гостиной включён", "light.living_room", "on"),
    ("включи чайник", "Чайник включён", "switch.kettle", "on"),
    ("переключи чайник", "Готово", "switch.kettle", "on"),
    ("toggle the kettle", "Done", "switch.kettle", "on"),
    ("close the blind", "Closing the blind", "cover.blind", "closing"),
    ("опусти жалюзи", "Жалюзи закрываются", "cover.blind", "closing"),
    ("закрой жалюзи на 50 процентов", "Жалюзи: 50 процентов", "cover.blind", "closing"),
    ("turn on the fan", "Turned on the fan", "fan.bedroom", "on"),
    ("set the fan speed to thirty percent", "Fan at 30 percent", "fan.bedroom", "on"),
    ("выключи термостат", "Термостат выключен", "climate.thermostat", "off"),
    ("set the lamp to twenty one percent", "Lamp at 21 percent", "light.lamp", "on"),
    ("установи яркость лампы на двадцать один процент", "Яркость 21 процент", "light.lamp", "on"),
    ("сделай лампу красной", "Цвет установлен", "light.lamp", "on"),
    ("hey jarvis turn on the kettle", "Turned on the kettle", "switch.kettle", "on"),
    ("Джарвис, включи чайник", "Чайник включён", "switch.kettle", "on"),
    ("будь добра, включи чайник", "Чайник включён", "switch.kettle", "on"),
    ("dim the lamp to ten percent", "Lamp at 10 percent", "light.lamp", "on"),
    ("поставь температуру двадцать один с половиной градус", "Установлено 21,5 градуса", "climate.thermostat", "heat"),
]

ASKED = [
    ("is the lamp on", "No, lamp is off"),
    ("лампа включена?", "Нет, выключена"),
    ("what time is it", "It is 12:00 PM"),
    ("который час", "Двенадцать часов ровно"),
    ("скажи который час", "Двенадцать часов ровно"),
    ("what's the date today", "Today is Monday, January 5, 2026"),
    ("какое сегодня число", "Сегодня пятое января, понедельник"),
    ("what is the temperature in the living room", "20.5 degrees"),
    ("какая температура в гостиной", "20,5 градуса"),
    ("какая температура на улице", "Температура на улице 8,5 градуса"),
    ("what is the kitchen humidity", "Kitchen humidity is 46 percent"),
    ("какая влажность на кухне", "Влажность на кухне 46 процентов"),
    ("что с термостатом", "Термостат греет"),
    ("how many lights are on", "0"),
    ("какие лампы включены", "Никакие"),
    ("are all the lights off", "Yes"),
    ("hello", "Hello"),
    ("привет", "Здравствуйте"),
    ("never mind", ""),
    ("отмена", ""),
]

REFUSED = [
    # said, answered, topic of the intent
    ("turn on the lights in the kitchan", "I know no room called kitchan. Did you mean the kitchen?", "unrecognized"),
    ("включи свет на куфне", "Мне не известна комната «куфне». Может быть, кухня?", "unrecognized"),
    ("turn on the flux capacitor", "I know nothing called flux capacitor", "unrecognized"),
    ("выключи самовар", "У меня нет ничего с названием «самовар»", "unrecognized"),
    ("turn on the lamp in the bedroom", "There is no lamp in the bedroom", "HassTurnOn"),
    ("включи лампу в спальне", "В спальне нет: лампа", "HassTurnOn"),
    ("turn on the fans in the kitchen", "There is no fan in the kitchen", "HassTurnOn"),
    ("включи вентиляторы на кухне", "На кухне нет вентилятора", "HassTurnOn"),
    ("set the kettle to 50 percent", "The kettle cannot do that", "HassSetPosition"),
    ("set the thermostat to 50 degrees", "The thermostat takes 7 to 30 degrees", "HassClimateSetTemperature"),
    ("установи термостат на 50 градусов", "Термостат: можно от 7 до 30 градусов", "HassClimateSetTemperature"),
    ("set a timer for five minutes", "I can't set timers yet", "HassStartTimer"),
    ("поставь таймер на пять минут", "Таймеры я пока не умею ставить", "HassStartTimer"),
    ("play yesterday by the beatles", "I can't play or control media yet", "HassMediaSearchAndPlay"),
    ("сыграй битлз", "Музыкой и видео я пока не умею управлять", "HassMediaSearchAndPlay"),
    ("добавь молоко в список покупок", "Списки я пока не умею вести", "HassShoppingListAddItem"),
    ("what is the meaning of life", "Sorry, I did not understand", "unrecognized"),
    ("расскажи анекдот", "Извините, мне это непонятно", "unrecognized"),
    ("turn off everything", "Sorry, I did not understand", "unrecognized"),
    ("turn on the lamp and dance", "I did not understand “dance”, so I did nothing", "unrecognized"),
    ("включи лампу и станцуй", "Мне непонятно «станцуй», поэтому ничего не сделано", "unrecognized"),
    ("lamp", "Sorry, I did not understand", "unrecognized"),
    ("", "Sorry, I did not understand", "unrecognized"),
    ("?!…", "Sorry, I did not understand", "unrecognized"),
]


@pytest.mark.parametrize(("text", "reply", "entity", "state"), DONE)
async def test_what_can_be_done_is_done_and_said(
    house: TestHouse, text: str, reply: str, entity: str, state: str
) -> None:
    answer = await house.say(text)
    assert (answer.reply, house.state(entity), answer.ok) == (reply, state, True)
    assert answer.actions


@pytest.mark.parametrize(("text", "reply"), ASKED)
async def test_what_is_asked_is_told(house: TestHouse, text: str, reply: str) -> None:
    answer = await house.say(text)
    assert (answer.reply, answer.ok, answer.actions) == (reply, True, [])


@pytest.mark.parametrize(("text", "reply", "topic"), REFUSED)
async def test_what_cannot_be_done_is_said_and_nothing_happens(
    house: TestHouse, text: str, reply: str, topic: str
) -> None:
    before = {id_: state.state for id_, state in house.hub.states}
    answer = await house.say(text)
    assert (answer.reply, answer.ok) == (reply, False)
    assert [name for name, _ in house.intents] == [topic]
    assert {id_: state.state for id_, state in house.hub.states} == before


async def test_the_intent_is_published_before_the_action_and_says_what_was_meant(house: TestHouse) -> None:
    order: list[str] = []
    house.hub.bus.subscribe("arvis/intent/+", lambda m: order.append(m.topic), house.owner)
    house.hub.bus.subscribe("arvis/state/light/kitchen", lambda m: order.append(m.topic), house.owner)
    answer = await house.say("включи свет на кухне")
    assert order == ["arvis/intent/HassTurnOn", "arvis/state/light/kitchen"]
    name, intent = house.intents[0]
    assert (name, intent.by, intent.language, intent.text) == ("HassTurnOn", "sentences", "ru", "включи свет на кухне")
    assert intent.slots["name"].value == "light.kitchen"
    state = house.hub.states.get("light.kitchen")
    assert state is not None
    assert state.context.id == intent.context.id
    assert answer.intent == "HassTurnOn"


async def test_the_area_of_the_site_stands_in_for_one_that_was_not_said(house: TestHouse) -> None:
    answer = await house.say("turn on the lights", area="bedroom")
    assert (answer.reply, house.state("light.bedroom"), house.state("light.kitchen")) == (
        "Turned on the lights",
        "on",
        "off",
    )


async def test_without_any_area_it_is_asked_for_and_the_answer_completes_the_command(house: TestHouse) -> None:
    asked = await house.say("включи свет")
    assert (asked.reply, asked.ok, asked.expects_answer) == ("В какой комнате?", False, True)
    assert "area" not in house.intents[0][1].slots
    done = await house.say("в спальне")
    assert (done.reply, house.state("light.bedroom"), house.state("light.kitchen")) == (
        "Свет в спальне включён",
        "on",
        "off",
    )


async def test_an_answer_is_not_waited_for_longer_than_half_a_minute(house: TestHouse, clock: FakeClock) -> None:
    await house.say("turn on the lights")
    await clock.advance(31)
    assert (await house.say("kitchen")).reply == "Sorry, I did not understand"
    assert house.state("light.kitchen") == "off"


async def test_another_session_does_not_answer(house: TestHouse) -> None:
    await house.say("turn on the lights")
    assert not (await house.say("kitchen", session="other")).ok
    assert house.state("light.kitchen") == "off"


async def test_something_else_than_an_answer_is_a_command_of_its_own(house: TestHouse) -> None:
    await house.say("turn on the lights")
    assert (await house.say("turn on the kettle")).reply == "Turned on the kettle"
    assert not (await house.say("kitchen")).ok


async def test_the_whole_house_only_when_it_is_said(house: TestHouse) -> None:
    answer = await house.say("turn on all the lights everywhere")
    assert (answer.reply, answer.expects_answer) == ("Turn on all 4 lights in the whole house?", True)
    assert {house.state(id_) for id_ in house.hub.states.ids("light")} == {"off"}
    assert (await house.say("yes")).reply == "Turned on all of the lights"
    assert {house.state(id_) for id_ in house.hub.states.ids("light")} == {"on"}
    await house.say("выключи весь свет дома")
    await house.say("да")
    assert {house.state(id_) for id_ in house.hub.states.ids("light")} == {"off"}


async def test_the_only_thermostat_is_meant_wherever_it_is(house: TestHouse) -> None:
    for area in (None, "kitchen"):
        answer = await house.say("set the temperature to 19 degrees", area=area)
        assert answer.reply == "Thermostat set to 19 degrees"


@pytest.fixture
def two_lamps(empty_house: TestHouse) -> TestHouse:
    empty_house.areas(
        kitchen={"en": "Kitchen", "ru": "Кухня"},
        living_room={"en": "Living room", "ru": "Гостиная"},
        garden={"en": "Garden", "ru": "Сад"},
    )
    empty_house.add("light.a", "Lamp", "Лампа", area="kitchen")
    empty_house.add("light.b", "Lamp", "Лампа", area="living_room")
    return empty_house


async def test_of_two_of_a_name_the_one_where_it_was_said(two_lamps: TestHouse) -> None:
    await two_lamps.say("turn on the lamp", area="living_room")
    assert (two_lamps.state("light.a"), two_lamps.state("light.b")) == ("off", "on")


async def test_of_two_of_a_name_the_one_in_the_area_that_was_said(two_lamps: TestHouse) -> None:
    await two_lamps.say("включи лампу на кухне", area="living_room")
    assert (two_lamps.state("light.a"), two_lamps.state("light.b")) == ("on", "off")


@pytest.mark.parametrize("area", [None, "garden"])
async def test_of_two_of_a_name_elsewhere_it_is_asked_which(two_lamps: TestHouse, area: str | None) -> None:
    asked = await two_lamps.say("включи лампу", area=area)
    assert (asked.reply, asked.expects_answer) == ("Лампа — на кухне или в гостиной?", True)
    assert (two_lamps.state("light.a"), two_lamps.state("light.b")) == ("off", "off")
    done = await two_lamps.say("в гостиной", area=area)
    assert (done.reply, two_lamps.state("light.a"), two_lamps.state("light.b")) == ("Лампа включена", "off", "on")


async def test_of_two_of_a_name_in_one_room_it_is_asked_which_by_name(empty_house: TestHouse) -> None:
    empty_house.areas(kitchen={"en": "Kitchen"})
    empty_house.add("light.a", "Big lamp", area="kitchen", aliases=["lamp"])
    empty_house.add("light.b", "Small lamp", area="kitchen", aliases=["lamp"])
    asked = await empty_house.say("turn on the lamp", area="kitchen")
    assert asked.reply == "Which one: big lamp or small lamp?"
    await empty_house.say("the small lamp", area="kitchen")
    assert (empty_house.state("light.a"), empty_house.state("light.b")) == ("off", "on")


async def test_a_failed_action_is_never_a_success(empty_house: TestHouse, clock: FakeClock) -> None:
    empty_house.add("light.a", "Lamp", "Лампа").failure = "light.a: the bridge is gone"
    answer = await empty_house.say("turn on the lamp")
    assert (answer.reply, answer.ok) == ("Sorry, the lamp did not respond", False)
    assert answer.data == {"reason": "light.a: the bridge is gone"}
    assert (await empty_house.say("включи лампу")).reply == "Не получилось: лампа не отвечает"


async def test_one_that_is_unavailable_is_said_to_be(empty_house: TestHouse) -> None:
    empty_house.add("light.a", "Lamp", "Лампа", state="unavailable")
    assert (await empty_house.say("turn on the lamp")).reply == "The lamp cannot be reached right now"
    assert (await empty_house.say("включи лампу")).reply == "Сейчас нет связи: лампа"
    assert (await empty_house.say("is the lamp on")).reply == "The lamp cannot be reached right now"


async def test_what_is_not_exposed_cannot_be_spoken_of(empty_house: TestHouse) -> None:
    empty_house.add("light.a", "Lamp", area="kitchen", expose=False)
    empty_house.areas(kitchen={"en": "Kitchen"})
    assert not (await empty_house.say("turn on the lamp")).ok
    assert not (await empty_house.say("turn on the lights in the kitchen")).ok
    assert empty_house.state("light.a") == "off"


async def test_names_change_while_it_runs(empty_house: TestHouse) -> None:
    empty_house.add("light.a", "Lamp", "Лампа")
    assert (await empty_house.say("включи лампу")).ok
    empty_house.configure(entities=[{"id": "light.a", "names": {"en": "Moon", "ru": "Луна"}}])
    assert not (await empty_house.say("выключи лампу")).ok
    assert (await empty_house.say("выключи луну")).reply == "Луна выключена"
    assert (await empty_house.say("turn on the moon")).reply == "Turned on the moon"


async def test_floors(empty_house: TestHouse) -> None:
    empty_house.configure(
        floors=[{"id": "up", "names": {"en": "Upstairs", "ru": "Второй"}}],
        areas=[{"id": "attic", "name": "Attic", "floor": "up"}, {"id": "hall", "name": "Hall"}],
    )
    empty_house.add("light.a", "A", area="attic")
    empty_house.add("light.b", "B", area="hall")
    assert (await empty_house.say("turn on the lights upstairs")).reply == "Turned on the lights"
    assert (empty_house.state("light.a"), empty_house.state("light.b")) == ("on", "off")
    assert (await empty_house.say("выключи свет на втором этаже")).reply == "Свет выключен"
    assert empty_house.state("light.a") == "off"


async def test_locks_and_yes_or_no(empty_house: TestHouse) -> None:
    empty_house.add("lock.door", "Front door", "Входная дверь", state="locked")
    assert (await empty_house.say("is the front door locked")).reply == "Yes"
    assert (await empty_house.say("unlock the front door")).reply == "Unlock the front door?"
    assert (await empty_house.say("yes")).reply == "Unlocked the front door"
    assert (await empty_house.say("входная дверь заперта?")).reply == "Нет, отперта"


async def test_a_handler_may_be_given_for_what_is_not_served(house: TestHouse) -> None:
    from arvisd.intent.handlers import Command, Done

    async def timer(command: Command) -> Done:
        return Done("default", {"minutes": command.recognition.value("minutes")}, ["timer.start"])

    with_timers = Owner("timers")
    house.understanding.handlers.register("HassStartTimer", timer, with_timers)
    answer = await house.say("set a timer for five minutes")
    assert (answer.ok, answer.actions, answer.slots["minutes"].value) == (True, ["timer.start"], 5)
    with_timers.release()
    assert not (await house.say("set a timer for five minutes")).ok


async def test_speaks_the_language_of_the_words_whatever_the_site_says(house: TestHouse) -> None:
    assert (await house.say("включи чайник", language="en")).reply == "Чайник включён"
    assert (await house.say("turn off the kettle", language="ru")).reply == "Turned off the kettle"


def test_hub_language_is_the_default(hub: Hub) -> None:
    from arvisd.intent.language import language_of

    cases: list[tuple[str, str, str]] = [
        ("включи TV", "en", "ru"),
        ("turn on the lamp", "ru", "en"),
        ("12", "ru", "ru"),
        ("schalte das licht ein", "de", "de"),
        ("увімкни світло", "uk", "uk"),
    ]
    got: list[Any] = [(text, default, language_of(text, default)) for text, default, _ in cases]
    assert got == cases

"""The order of answerers, what they may break, and how it ends."""

from __future__ import annotations

import pytest

from arvisd.core.errors import ProviderUnavailableError
from arvisd.core.owner import Owner
from arvisd.intent.answer import Answer, Answerer, Utterance
from arvisd.intent.sentence_triggers import SentenceMatch
from tests.simulators.house import TestHouse


class Scripted(Answerer):
    """Answers what it is told to, or fails."""

    name = "scripted"

    def __init__(self, reply: str | Exception | None) -> None:
        self.reply = reply
        self.heard: list[str] = []

    async def answer(self, utterance: Utterance) -> Answer | None:
        self.heard.append(utterance.text)
        if isinstance(self.reply, Exception):
            raise self.reply
        return Answer(self.reply, self.name, utterance.language) if self.reply is not None else None


async def test_another_answerer_gets_what_no_sentence_covers(house: TestHouse) -> None:
    other = Scripted("forty-two")
    with_other = Owner("other")
    house.understanding.chain.register(other, with_other)
    assert (await house.say("what is the meaning of life")).reply == "forty-two"
    assert (await house.say("turn on the flux capacitor")).by == "scripted"
    assert (await house.say("set a timer for five minutes")).by == "scripted"
    assert (await house.say("turn on the lamp")).by == "sentences"
    assert other.heard == ["what is the meaning of life", "turn on the flux capacitor", "set a timer for five minutes"]
    with_other.release()
    assert (await house.say("what is the meaning of life")).reply == "Sorry, I did not understand"


async def test_one_that_cannot_answer_is_passed_over(house: TestHouse, owner: Owner) -> None:
    house.understanding.chain.register(Scripted(ProviderUnavailableError("no model")), owner)
    house.understanding.chain.register(Scripted("forty-two"), owner)
    assert (await house.say("what is the meaning of life")).reply == "forty-two"


async def test_one_that_breaks_ends_in_a_spoken_apology(house: TestHouse, owner: Owner) -> None:
    house.understanding.chain.register(Scripted(ZeroDivisionError()), owner)
    answer = await house.say("what is the meaning of life")
    assert (answer.reply, answer.ok) == ("Sorry, something went wrong", False)
    assert (await house.say("расскажи анекдот")).reply == "Извините, что-то пошло не так"


async def test_nobody_understands(house: TestHouse) -> None:
    answer = await house.say("расскажи анекдот")
    assert (answer.ok, answer.intent, answer.confidence) == (False, None, 0.0)
    name, intent = house.intents[0]
    assert (name, intent.by, intent.text, intent.language) == ("unrecognized", "", "расскажи анекдот", "ru")


class Listener:
    """An automation that notes what it was told."""

    def __init__(self, reply: str | None = None) -> None:
        self.reply = reply
        self.matches: list[SentenceMatch] = []

    async def __call__(self, match: SentenceMatch) -> str | None:
        self.matches.append(match)
        return self.reply


TRIGGERS = [
    # sentence, said, slots
    ("good night", "Good night!", {}),
    ("[please] (good night|sleep well)", "sleep well", {}),
    ("party at {place}", "party at my place", {"place": "my place"}),
    ("play {album} by {artist}", "play yesterday by the beatles", {"album": "yesterday", "artist": "the beatles"}),
    ("remind me to {what} [now]", "remind me to call mum now", {"what": "call mum"}),
    ("wake me at seven", "wake me at 7", {}),
    ("wake me at 7", "wake me at seven", {}),
    ("ещё раз", "еще раз", {}),
    ("(спокойной ночи|доброй ночи)", "Доброй ночи", {}),
    ("напомни {what}", "напомни купить хлеб", {"what": "купить хлеб"}),
    ("turn on the kitchen light", "turn on the kitchen light", {}),
    ("It's party time!", "it’s party time", {}),
]


@pytest.mark.parametrize(("sentence", "said", "slots"), TRIGGERS)
async def test_automations_come_first(
    house: TestHouse, owner: Owner, sentence: str, said: str, slots: dict[str, str]
) -> None:
    listener = Listener("yes")
    house.understanding.triggers.register([sentence], listener, owner)
    answer = await house.say(said)
    assert (answer.reply, answer.by) == ("yes", "automation")
    match = listener.matches[0]
    assert (match.slots, match.sentence, match.site, match.session) == (slots, said, "room", "session")
    assert [name for name, _ in house.intents] == ["Sentence"]
    assert match.context.id == house.intents[0][1].context.id
    assert house.state("light.kitchen") == "off"


async def test_without_a_reply_it_says_done(house: TestHouse, owner: Owner) -> None:
    house.understanding.triggers.register(["good night", "спокойной ночи"], Listener(), owner)
    assert (await house.say("good night")).reply == "Done"
    assert (await house.say("спокойной ночи")).reply == "Готово"


async def test_an_empty_reply_is_silence(house: TestHouse, owner: Owner) -> None:
    house.understanding.triggers.register(["good night"], Listener(""), owner)
    assert (await house.say("good night")).reply == ""


async def test_all_that_listen_are_told_and_the_first_reply_is_said(house: TestHouse, owner: Owner) -> None:
    listeners = [Listener(), Listener("one"), Listener("two")]
    for listener in listeners:
        house.understanding.triggers.register(["good night"], listener, owner)
    assert (await house.say("good night")).reply == "one"
    assert [len(listener.matches) for listener in listeners] == [1, 1, 1]


async def test_it_ends_with_its_owner(house: TestHouse) -> None:
    automation = Owner("automation")
    house.understanding.triggers.register(["good night"], Listener("yes"), automation)
    automation.release()
    assert (await house.say("good night")).by == ""


async def test_only_in_its_language(house: TestHouse, owner: Owner) -> None:
    house.understanding.triggers.register(["OK"], Listener("yes"), owner, language="ru")
    assert (await house.say("ok", language="en")).by == ""


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("turn (on", "the sentence 'turn (on' cannot be read: "),
        ("", "a sentence must not be empty"),
        ("go <fast>", "the sentence 'go <fast>' names a rule in <…>: there are none here, write it out"),
    ],
)
def test_what_is_no_sentence_is_refused(empty_house: TestHouse, owner: Owner, sentence: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        empty_house.understanding.triggers.register([sentence], Listener(), owner)
    assert str(caught.value).startswith(message)

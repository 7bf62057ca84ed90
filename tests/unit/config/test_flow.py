"""Colons and question marks in braces and brackets, as Home Assistant's parser takes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arvisd.config.document import Composer, TextError
from arvisd.config.flow import parser_text
from arvisd.config.nodes import Origin

READINGS = {
    "{broker: mqtt://hub:1883, port: 1}": {"broker": "mqtt://hub:1883", "port": 1},
    "{at: 07:30:00}": {"at": "07:30:00"},
    "[a:b, c::d, 00:11:22]": ["a:b", "c::d", "00:11:22"],
    "[ready?, a?b, http://x?y=1&z=?]": ["ready?", "a?b", "http://x?y=1&z=?"],
    "{a: b?}": {"a": "b?"},
    "{?x: 1}": {"x": 1},
    '{"a":1, "b:c":d:e}': {"a": 1, "b:c": "d:e"},
    "a: {b: c:d}\ne: &x f:g\nh: *x\n": {"a": {"b": "c:d"}, "e": "f:g", "h": "f:g"},
    "[!!str 1:2, 'a?b', \"c:d\", e:f] # g:h?": ["1:2", "a?b", "c:d", "e:f"],
    "[wow!see:that]": ["wow!see:that"],
    "- {a: b:c}\n- ? d:e\n  : f\n": [{"a": "b:c"}, {"d:e": "f"}],
    "{a: b:c, d: |}": None,
}


@pytest.mark.parametrize("text", READINGS)
def test_reading(text: str) -> None:
    composer = Composer(text, Origin("f"), {})
    if READINGS[text] is None:
        with pytest.raises(TextError) as caught:
            composer.compose()
        assert caught.value.problem.column == 13
    else:
        assert composer.compose() == READINGS[text]
        assert composer.problems == []


def test_places_stay() -> None:
    node = Composer("{a: b:c:d, e: f}\n", Origin("f"), {}).compose()
    assert node.places["e"][1:5] == (1, 12, 1, 15)


@pytest.mark.parametrize(
    "text",
    ["a: 07:30\n", "{a:}", "[a:]", "{a: b}", "'a:b'", "[\ue03a, a:b]", "{a: b:c" + "[" * 200, "{a: b:\x00c}"],
)
def test_what_needs_no_help_or_has_none_is_left_alone(text: str) -> None:
    assert parser_text(text) is text


@given(st.lists(st.sampled_from("ab:?[]{},'\" \n-!&*#"), max_size=30).map("".join))
def test_only_marks_within_text_are_replaced(text: str) -> None:
    readable = parser_text(text)
    assert len(readable) == len(text)
    assert readable.translate({0xE03A: ":", 0xE03F: "?"}) == text

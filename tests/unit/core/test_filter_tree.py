"""Matching topics: what matches, what does not, and that it does not cost by the number of filters."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arvisd.core.filter_tree import FilterTree
from arvisd.core.topics import check_filter, check_topic, filter_matches

LEVEL = st.sampled_from(["a", "b", "", "$x", "длинный"])
TOPIC = st.lists(LEVEL, min_size=1, max_size=5).map("/".join).filter(bool)
FILTER = (
    st.tuples(st.lists(st.one_of(LEVEL, st.just("+")), min_size=1, max_size=4), st.sampled_from(["", "/#"]))
    .map(lambda parts: "/".join(parts[0]) + parts[1])
    .filter(bool)
)


@pytest.mark.parametrize(
    ("filter_", "topic", "matches"),
    [
        # the examples of MQTT 5, section 4.7.1
        ("sport/tennis/player1/#", "sport/tennis/player1", True),
        ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", True),
        ("sport/#", "sport", True),
        ("#", "sport", True),
        ("sport/tennis/+", "sport/tennis/player1", True),
        ("sport/tennis/+", "sport/tennis/player1/ranking", False),
        ("sport/+", "sport", False),
        ("sport/+", "sport/", True),
        ("+/+", "/finance", True),
        ("/+", "/finance", True),
        ("+", "/finance", False),
        ("#", "$SYS/broker", False),
        ("+/monitor", "$SYS/monitor", False),
        ("$SYS/#", "$SYS/broker", True),
        ("$SYS/monitor/+", "$SYS/monitor/Clients", True),
    ],
)
def test_the_examples_of_the_standard(filter_: str, topic: str, matches: bool) -> None:
    tree: FilterTree[str] = FilterTree()
    tree.add(filter_, "hit")
    assert (tree.match(topic) == ["hit"]) is matches
    assert filter_matches(filter_, topic) is matches


@given(st.lists(FILTER, max_size=8), TOPIC)
def test_the_tree_and_the_single_match_agree(filters: list[str], topic: str) -> None:
    tree: FilterTree[int] = FilterTree()
    for index, filter_ in enumerate(filters):
        tree.add(filter_, index)
    assert sorted(tree.match(topic)) == [i for i, f in enumerate(filters) if filter_matches(f, topic)]


@given(st.lists(FILTER, max_size=8), st.data())
def test_removing_leaves_the_others_and_nothing_behind(filters: list[str], data: st.DataObject) -> None:
    tree: FilterTree[int] = FilterTree()
    for index, filter_ in enumerate(filters):
        tree.add(filter_, index)
    for index in data.draw(st.permutations(range(len(filters)))):
        tree.remove(filters[index], index)
        assert index not in tree.match(filters[index].replace("+", "a").replace("#", "a"))
    assert len(tree) == 0
    assert not tree._root.children
    assert not tree._exact


def test_removing_what_is_not_there_is_an_error() -> None:
    tree: FilterTree[int] = FilterTree()
    with pytest.raises(ValueError, match="nothing stands under the filter 'a/\\+'"):
        tree.remove("a/+", 1)


@pytest.mark.parametrize("wild", ["{}/+/set", "zigbee2mqtt/{}/#", "{}/exact"])
def test_a_match_costs_the_same_steps_among_ten_thousand_filters(wild: str) -> None:
    def steps(count: int) -> int:
        tree: FilterTree[int] = FilterTree()
        for index in range(count):
            tree.add(wild.format(f"device{index}"), index)
        calls = 0

        def count_line(*_: object) -> object:
            nonlocal calls
            calls += 1
            return count_line

        topic = wild.format("device0").replace("+", "x").replace("#", "x")
        tree.match(topic)
        before = sys.gettrace()
        sys.settrace(count_line)
        try:
            found = tree.match(topic)
        finally:
            sys.settrace(before)
        assert found == [0]
        return calls

    assert steps(10_000) == steps(10)


@pytest.mark.parametrize(
    ("filter_", "message"),
    [
        ("", "an MQTT topic filter must not be empty"),
        ("a/#/b", "'#' in 'a/#/b' must stand alone and last, as in 'a/b/#'"),
        ("a/b#", "'#' in 'a/b#' must stand alone and last, as in 'a/b/#'"),
        ("a/b+/c", "'+' in 'a/b+/c' must stand alone between slashes, as in 'a/+/b'"),
        ("a\0", "an MQTT topic filter must not hold a null character"),
    ],
)
def test_a_wrong_filter_is_told(filter_: str, message: str) -> None:
    with pytest.raises(ValueError) as error:
        check_filter(filter_)
    assert str(error.value) == message


@pytest.mark.parametrize("topic", ["", "a/+", "a/#", "a\0b"])
def test_a_topic_to_publish_to_has_no_wildcards(topic: str) -> None:
    with pytest.raises(ValueError, match="topic"):
        check_topic(topic)

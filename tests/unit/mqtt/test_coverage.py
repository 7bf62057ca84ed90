"""Which filters the broker is asked for, so that each message comes once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arvisd.core.filter_tree import FilterTree
from arvisd.core.topics import filter_matches
from arvisd.mqtt.coverage import covers, overlap, plan, union

LEVELS = st.sampled_from(["a", "b", "+", "$s"])
FILTERS = st.builds(
    lambda levels, rest: "/".join([*levels, *(["#"] if rest else [])]),
    st.lists(LEVELS, min_size=1, max_size=3),
    st.booleans(),
)
TOPICS = [
    "/".join(levels)
    for first in ("a", "b", "$s")
    for levels in ([first], *([first, x] for x in "ab"), *([first, x, y] for x in "ab" for y in "ab"))
] + ["a/a/a/a", "$s/b/a/b"]


@pytest.mark.parametrize(
    ("filters", "alone", "overlapping", "merged"),
    [
        (["a/b", "a/c"], ["a/b", "a/c"], [], ["a/b", "a/c"]),
        (["a/#", "a/b", "a/+/c", "a"], ["a/#"], [], ["a/#"]),
        (["a/+/c", "a/b/+", "x"], ["x"], ["a/+/c", "a/b/+"], ["a/+/+", "x"]),
        (["a/+/c", "a/b/+", "a/b/c"], [], ["a/+/c", "a/b/+"], ["a/+/+"]),
        (["+/state", "zigbee2mqtt/#"], [], ["+/state", "zigbee2mqtt/#"], ["+/#"]),
        (["#", "$SYS/#", "a/b"], ["#", "$SYS/#"], [], ["#", "$SYS/#"]),
        ([], [], [], []),
    ],
)
def test_plan(filters: list[str], alone: list[str], overlapping: list[str], merged: list[str]) -> None:
    with_identifiers = plan(filters, identifiers=True)
    assert sorted(with_identifiers.alone) == sorted(alone)
    assert sorted(with_identifiers.overlapping) == sorted(overlapping)
    without = plan(filters, identifiers=False)
    assert sorted(without.alone) == sorted(merged)
    assert not without.overlapping


def test_what_was_refused_stands_for_nothing() -> None:
    assert plan(["a/#", "a/b"], identifiers=True, refused=frozenset(["a/#"])).alone == {"a/b"}
    kept = plan(["a/+/c", "a/b/+"], identifiers=False, refused=frozenset(["a/+/+"]))
    assert kept.overlapping == {"a/+/c", "a/b/+"}


@given(FILTERS, FILTERS)
def test_covering_overlapping_and_union_agree_with_matching(one: str, other: str) -> None:
    mine = {topic for topic in TOPICS if filter_matches(one, topic)}
    theirs = {topic for topic in TOPICS if filter_matches(other, topic)}
    if covers(one, other):
        assert theirs <= mine
    if mine & theirs:
        assert overlap(one, other)
    if overlap(one, other):
        both = union(one, other)
        assert mine | theirs <= {topic for topic in TOPICS if filter_matches(both, topic)}


@given(st.sets(FILTERS, max_size=8), st.booleans())
def test_every_wanted_message_comes_and_each_exactly_once(filters: set[str], identifiers: bool) -> None:
    """A broker that sends one copy for each subscription: one and only one of the copies is taken."""
    asked = plan(filters, identifiers=identifiers)
    numbers = {filter_: number for number, filter_ in enumerate(sorted(asked.overlapping), 1)}
    tree: FilterTree[int] = FilterTree()
    for filter_, number in numbers.items():
        tree.add(filter_, number)
    for topic in TOPICS:
        copies = [numbers.get(f, 0) for f in asked.alone | asked.overlapping if filter_matches(f, topic)]
        taken = [number for number in copies if not number or number == min(tree.match(topic))]
        if any(filter_matches(f, topic) for f in filters):
            assert len(taken) == 1, (topic, asked)
        elif identifiers:
            assert not copies

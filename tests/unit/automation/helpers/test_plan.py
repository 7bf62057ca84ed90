"""The decision of a reload, on random edits: every item in one list, nothing lost, nothing doubled."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from arvisd.automation.helpers import counter, input_boolean
from arvisd.automation.helpers.items import Item, SharingNode
from arvisd.automation.helpers.plan import plan_helpers

contents = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"step": st.sampled_from([1, True, 1.0, 2])}),
    st.fixed_dictionaries({"name": st.just("x")}),
)
written = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), contents)


def made(node: dict[str, object], section: str = "counter") -> Item:
    return Item(counter.KIND, "counter.a", node, None, None, section)


def items(texts: dict[str, dict[str, object]]) -> dict[str, Item]:
    return {
        f"counter.{n}": Item(counter.KIND, f"counter.{n}", node, None, None, "counter") for n, node in texts.items()
    }


@given(written, written)
def test_random_edits(before: dict[str, dict[str, object]], after: dict[str, dict[str, object]]) -> None:
    """What is kept says the very same, type for type."""
    running, wanted = items(before), items(after)
    plan = plan_helpers(running, wanted, ())
    listed = [item.entity_id for item in (*plan.kept, *plan.fresh)]
    assert sorted(listed) == sorted(wanted)
    assert set(plan.gone) == set(running) - set(wanted)
    for item in plan.kept:
        assert repr(running[item.entity_id].node) == repr(item.node)
    for item in plan.fresh:
        now = running.get(item.entity_id)
        assert now is None or repr(now.node) != repr(item.node)


def test_broken_section_loses_nothing() -> None:
    plan = plan_helpers({"counter.a": made({})}, {}, {"counter"})
    assert (plan.kept, plan.fresh, plan.gone) == ([], [], [])


def test_another_kind_under_the_same_id() -> None:
    other = Item(input_boolean.KIND, "counter.a", {}, None, None, "input_boolean")
    assert plan_helpers({"counter.a": made({})}, {"counter.a": other}, ()).fresh == [other]


def test_what_is_shared_counts() -> None:
    """The triggers of a block of template entities are a part of each of them."""
    one, same, other = SharingNode(), SharingNode(), SharingNode()
    one.shares, same.shares, other.shares = SharingNode(t=1), SharingNode(t=1), SharingNode(t=2)
    running = {"counter.a": made(one)}
    assert [item.node for item in plan_helpers(running, {"counter.a": made(same)}, ()).kept] == [same]
    assert [item.node for item in plan_helpers(running, {"counter.a": made(other)}, ()).fresh] == [other]

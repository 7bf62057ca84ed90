"""Variables within variables."""

from __future__ import annotations

from arvisd.automation.scope import Scope


def test_looked_up_outwards() -> None:
    inner = Scope({"a": 2}, Scope({"a": 1, "b": 1}))
    assert (inner.get("a"), inner.get("b"), inner.get("c", "none")) == (2, 1, "none")
    assert "b" in inner
    assert "c" not in inner
    assert inner.flat() == {"a": 2, "b": 1}


def test_assigned_where_it_is_defined() -> None:
    outer = Scope({"a": 1})
    middle = Scope({}, outer)
    inner = Scope({}, middle)
    inner.assign("a", 2)
    inner.assign("new", 3)
    assert (outer.own, middle.own, inner.own) == ({"a": 2}, {}, {"new": 3})


def test_a_branch_keeps_assignments_to_itself() -> None:
    outer = Scope({"a": 1})
    branch = Scope({}, outer, protects=True)
    inner = Scope({}, branch)
    inner.assign("a", 2)
    inner.assign("new", 3)
    assert (outer.own, branch.own, inner.own) == ({"a": 1}, {"a": 2}, {"new": 3})

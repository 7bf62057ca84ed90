"""Determinising and merging keep the language and find the smallest automaton."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from arvisd.intent.grammar_graph import Automaton, minimal


def accepting(sentences: set[tuple[str, ...]]) -> Automaton[str]:
    made: Automaton[str] = Automaton()
    for sentence in sorted(sentences):
        end = made.state()
        made.ends.add(end)
        made.path(0, sentence, end)
    return made


def language(automaton: Automaton[str], state: int = 0) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = {()} if state in automaton.ends else set()
    for label, end in automaton.arcs[state]:
        found |= {(label, *rest) for rest in language(automaton, end)}
    return found


@given(st.sets(st.lists(st.sampled_from("abc"), min_size=1, max_size=5).map(tuple), max_size=25))
def test_the_language_stays_and_nothing_is_there_twice(sentences: set[tuple[str, ...]]) -> None:
    small = minimal(accepting(sentences))
    assert language(small) == sentences
    futures = [frozenset(language(small, state)) for state in range(len(small.arcs))]
    assert len(set(futures)) == len(futures)
    assert all(len({label for label, _ in arcs}) == len(arcs) for arcs in small.arcs)


def test_dead_ends_go() -> None:
    made: Automaton[str] = Automaton()
    made.arc(0, "lost", made.state())
    end = made.state()
    made.arc(0, "found", end)
    made.ends.add(end)
    assert minimal(made).arcs == [[("found", 1)], []]

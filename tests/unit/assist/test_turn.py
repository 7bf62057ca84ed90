"""The state machine of a turn: whatever happens, in whatever order, it has exactly one ending."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arvisd.assist.turn import TRANSITIONS, Turn, TurnEvent, TurnMachine, TurnState
from arvisd.core.context import Context

STARTS = [TurnState.LISTENING, TurnState.THINKING]


@given(st.sampled_from(STARTS), st.lists(st.sampled_from(TurnEvent), max_size=30))
def test_any_order_of_events_gives_exactly_one_ending(start, events):
    machine = TurnMachine(start)
    endings = [machine.state for event in [*events, TurnEvent.CLOSED] if machine.take(event) and machine.ended]
    assert len(endings) == 1
    assert machine.state is endings[0]


@given(st.sampled_from(STARTS), st.lists(st.sampled_from(TurnEvent), max_size=30))
def test_nothing_changes_a_turn_that_has_ended(start, events):
    machine = TurnMachine(start)
    machine.take(TurnEvent.CLOSED)
    assert not any(machine.take(event) for event in events)
    assert machine.state is TurnState.FAILED


@given(st.sampled_from(STARTS), st.lists(st.sampled_from(TurnEvent), max_size=30))
def test_only_a_turn_that_spoke_is_answered_or_interrupted(start, events):
    machine = TurnMachine(start)
    states = [machine.state]
    for event in events:
        machine.take(event)
        states.append(machine.state)
    if machine.state in (TurnState.ANSWERED, TurnState.INTERRUPTED):
        assert TurnState.SPEAKING in states


def test_every_state_can_be_reached_and_left():
    reached = {*STARTS, *TRANSITIONS.values()}
    assert reached == set(TurnState)
    assert {state for state, _ in TRANSITIONS} == {state for state in TurnState if not state.ending}


def test_a_trace_needs_an_ending(clock):
    turn = Turn("kitchen", "s", "en", clock, Context(), state=TurnState.THINKING)
    with pytest.raises(RuntimeError, match="has not ended: it is thinking"):
        turn.trace()
    turn.failed("first")
    turn.failed("second")
    turn.stop("third")
    trace = turn.trace()
    assert (trace.outcome, trace.reason) == ("failed", "first")


def test_stages_never_go_back_in_time(clock):
    turn = Turn("kitchen", "s", "en", clock, Context(), state=TurnState.THINKING)
    turn.stage("stt", 2.0, 1.0, "vosk")
    turn.stage("intent", 1.0, 1.0125)
    turn.machine.take(TurnEvent.CLOSED)
    assert turn.trace().stages_ms == {"stt": 0.0, "intent": 12.5}

"""Vocabulary and hub: events, states, actions, context, errors, clock. No I/O."""

"""Rehearsals: automations tried on a stage, with given states and a clock of its own; nothing is sent."""

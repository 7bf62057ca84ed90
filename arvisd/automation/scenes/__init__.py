"""Scenes: states that entities are brought to together."""

"""Traces that are kept: what their nodes are called, and where they stay over a restart."""

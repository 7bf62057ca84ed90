"""Runs that outlive a restart: what is written of them, and how they go on."""

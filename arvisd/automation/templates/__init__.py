"""Templates: Jinja2 in a sandbox, compiled once, with Home Assistant's functions."""

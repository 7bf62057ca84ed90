"""The tables: names, states and options as Home Assistant 2026.11 has them."""

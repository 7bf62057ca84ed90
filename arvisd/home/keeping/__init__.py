"""Keeping house: what people change in home.yaml by command, what devices suggest for it, and devices that never answer."""

"""The models of speech and language: the catalogue, where they are on this machine, and how they get there."""

"""The provider interfaces, their registry and the chains that try them in order."""

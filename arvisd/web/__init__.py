"""The one HTTP port of the daemon: webhooks and health so far."""

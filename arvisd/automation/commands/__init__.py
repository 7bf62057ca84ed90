"""Actions that people name in the configuration: programs, web requests, ways to notify."""

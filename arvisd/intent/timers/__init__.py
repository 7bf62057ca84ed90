"""Timers set by voice: several, named, kept over restarts, announced where they were set; and commands for later."""

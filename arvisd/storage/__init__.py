"""What is kept over a restart: one SQLite file, opened, migrated and written so that a killed daemon loses nothing."""

"""Calendars from files and addresses: read, laid out over time, shown as entities, waited for by triggers."""

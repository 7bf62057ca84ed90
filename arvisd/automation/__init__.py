"""Automations in Home Assistant's dialect: schema, triggers, conditions, runs, traces, reload."""

"""Helper entities, which automations lean on and people write in YAML: `input_boolean`, `timer`, `group`, `scene`."""

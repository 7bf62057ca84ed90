"""Blueprints: automations and scripts written once, with holes that whoever uses them fills."""

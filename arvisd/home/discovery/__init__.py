"""Devices that announce themselves over MQTT as they do for Home Assistant: read, kept, driven."""

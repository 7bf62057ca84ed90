"""Template entities: sensors, switches, lights and others whose state is a template and whose actions are steps."""

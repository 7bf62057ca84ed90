"""arvisd: a headless voice daemon whose public interface is MQTT."""

__version__ = "0.1.0"

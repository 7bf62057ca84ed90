"""What every integration test may ask for."""

from tests.simulators.mqtt import clients, wire

__all__ = ["clients", "wire"]

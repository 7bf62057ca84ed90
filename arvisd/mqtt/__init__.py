"""The public interface: client, embedded broker and the mirror between the bus and the broker."""

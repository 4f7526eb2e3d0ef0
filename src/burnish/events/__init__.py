"""What happens, or is about to: one class an event."""

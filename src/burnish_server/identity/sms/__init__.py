"""Text messages: written here, delivered by the worker, through a sender of one's choice."""

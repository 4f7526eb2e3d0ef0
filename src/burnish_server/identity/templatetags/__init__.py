"""Tags of the end-user pages."""

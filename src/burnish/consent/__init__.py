"""What people's data may be used for: purposes, and whether one may be served."""

"""Questions as configured, and what has come of them with each person."""

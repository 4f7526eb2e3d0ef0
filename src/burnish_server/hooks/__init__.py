"""Configured reactions to events, and the record of what they did."""

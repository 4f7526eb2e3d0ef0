"""Roles and groups: what users may be, and who belongs together."""

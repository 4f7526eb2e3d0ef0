"""Signing in and up by JSON, for user interfaces of one's own: allauth's API, held to our ways."""

"""Filling profiles from outside: which provider to ask, how, and what to make of its answer."""

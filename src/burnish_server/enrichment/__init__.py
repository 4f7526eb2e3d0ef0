"""Filling profiles from outside: providers as configured, answers kept, runs and their lookups."""

"""Burnish: user profiles that fill themselves in."""

__version__ = "0.1.0"

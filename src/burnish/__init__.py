"""Burnish: user profiles that fill themselves in."""

from burnish.hooks.plugin import hook as hook

__version__ = "0.1.0"

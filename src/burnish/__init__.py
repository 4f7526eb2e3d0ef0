"""Burnish: user profiles that fill themselves in."""

from burnish.enrichment.enricher import Enricher as Enricher
from burnish.hooks.plugin import hook as hook

__version__ = "0.1.0"

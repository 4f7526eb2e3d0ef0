"""The enrichment app."""

from django.apps import AppConfig


class EnrichmentConfig(AppConfig):
    name = "burnish_server.enrichment"
    label = "enrichment"
    default_auto_field = "django.db.models.BigAutoField"

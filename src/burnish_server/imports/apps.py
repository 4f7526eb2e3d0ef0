"""The imports app."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "burnish_server.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

"""The consent app."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "burnish_server.consent"
    label = "consent"
    default_auto_field = "django.db.models.BigAutoField"

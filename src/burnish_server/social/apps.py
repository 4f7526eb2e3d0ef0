"""The social app."""

from django.apps import AppConfig


class SocialConfig(AppConfig):
    name = "burnish_server.social"
    label = "social"
    default_auto_field = "django.db.models.BigAutoField"

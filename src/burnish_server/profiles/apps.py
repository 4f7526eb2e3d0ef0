"""The profiles app."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "burnish_server.profiles"
    label = "profiles"
    default_auto_field = "django.db.models.BigAutoField"

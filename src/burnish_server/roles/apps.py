"""The roles app."""

from django.apps import AppConfig


class RolesConfig(AppConfig):
    name = "burnish_server.roles"
    label = "roles"
    default_auto_field = "django.db.models.BigAutoField"

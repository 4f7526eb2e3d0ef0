"""The hooks app."""

from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "burnish_server.hooks"
    label = "hooks"
    default_auto_field = "django.db.models.BigAutoField"

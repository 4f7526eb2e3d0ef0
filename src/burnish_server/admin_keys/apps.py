"""The app of admin keys."""

from django.apps import AppConfig


class AdminKeysConfig(AppConfig):
    name = "burnish_server.admin_keys"
    label = "admin_keys"
    default_auto_field = "django.db.models.BigAutoField"

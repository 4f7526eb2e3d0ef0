"""The app of API keys."""

from django.apps import AppConfig


class ApiKeysConfig(AppConfig):
    name = "burnish_server.api_keys"
    label = "api_keys"
    default_auto_field = "django.db.models.BigAutoField"

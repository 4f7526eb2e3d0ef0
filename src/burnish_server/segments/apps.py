"""The segments app."""

from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "burnish_server.segments"
    label = "segments"
    default_auto_field = "django.db.models.BigAutoField"

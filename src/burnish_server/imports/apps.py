"""The imports app."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "burnish_server.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how the room forgets a person."""
        # Models cannot be imported before this.
        from burnish_server import erasure
        from burnish_server.imports import store

        erasure.register("imports", store.forget)

"""The consent app."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "burnish_server.consent"
    label = "consent"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how the room forgets a person."""
        # Models cannot be imported before this.
        from burnish_server import erasure
        from burnish_server.consent import store

        erasure.register("consent", store.forget)

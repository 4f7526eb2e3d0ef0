"""The app of API keys."""

from django.apps import AppConfig


class ApiKeysConfig(AppConfig):
    name = "burnish_server.api_keys"
    label = "api_keys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how the room forgets a person."""
        # Models cannot be imported before this.
        from burnish_server import erasure
        from burnish_server.api_keys import answers

        erasure.register("api_keys", answers.forget)

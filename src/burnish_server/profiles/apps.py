"""The profiles app."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "burnish_server.profiles"
    label = "profiles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which values stay out of the hook log, and how the room forgets a person."""
        # Models cannot be imported before this.
        from burnish_server import erasure
        from burnish_server.hooks import masking
        from burnish_server.profiles import store
        from burnish_server.profiles.definitions import sensitive

        masking.ask_of(sensitive)
        erasure.register("profiles", store.forget)

"""The roles app."""

from django.apps import AppConfig


class RolesConfig(AppConfig):
    name = "burnish_server.roles"
    label = "roles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how the room forgets a person."""
        # Models cannot be imported before this.
        from burnish_server import erasure
        from burnish_server.roles import store

        erasure.register("roles", store.forget)

"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "burnish_server.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how the room forgets a person."""
        # Models cannot be imported before this.
        from burnish_server import erasure
        from burnish_server.audit import forget

        erasure.register("audit", forget.user)

"""The hooks app."""

from django.apps import AppConfig
from django.conf import settings

from burnish.hooks import plugin


class HooksConfig(AppConfig):
    name = "burnish_server.hooks"
    label = "hooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let plugins register themselves."""
        # Models cannot be imported before this.
        from burnish_server import erasure
        from burnish_server.hooks import forget

        erasure.register("hooks", forget.user)
        plugin.load(settings.BURNISH.hooks.plugins)

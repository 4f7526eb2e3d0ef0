"""The enrichment app."""

from django.apps import AppConfig


class EnrichmentConfig(AppConfig):
    name = "burnish_server.enrichment"
    label = "enrichment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let hooks ask providers, and say how the room forgets a person."""
        # Models cannot be imported before this.
        from burnish_server import erasure
        from burnish_server.enrichment import runs
        from burnish_server.enrichment.hook_lookups import HookLookups
        from burnish_server.hooks import enriching

        enriching.ask_through(HookLookups())
        erasure.register("enrichment", runs.forget)

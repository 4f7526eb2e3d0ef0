"""The portal app."""

from importlib import import_module

from django.apps import AppConfig

ROOMS = (
    "identity",
    "roles",
    "imports",
    "exports",
    "social",
    "standard_attributes",
    "profiles",
    "enrichment",
    "enrichment_provider",
    "enrichment_waterfall",
    "enrichment_budget",
    "enrichment_purpose",
    "questions",
    "questions_edit",
    "questions_figures",
    "questions_preview",
    "questions_simulator",
    "questions_manners",
    "questions_segments",
    "hooks",
    "hook_log",
    "deliveries",
    "hook_secrets",
    "time_limits",
    "audit",
    "clients",
    "api_keys",
    "admin_keys",
)


class PortalConfig(AppConfig):
    name = "burnish_server.portal"
    label = "portal"

    def ready(self) -> None:
        """Register the rooms' pages; models cannot be imported before this."""
        for room in ROOMS:
            import_module(f"{self.name}.{room}")

"""The identity app."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "burnish_server.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models and allauth's signals exist only from here on.
        from allauth.account import signals

        from burnish_server.identity.flows.change_identities import identities_changed

        for changed in (signals.email_changed, signals.email_removed):
            changed.connect(identities_changed)

"""The identity app."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "burnish_server.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models and allauth's signals exist only from here on.
        from allauth.account import signals

        from burnish_server.identity.flows import change_identities

        for name in ("email_added", "email_changed", "email_confirmed", "email_removed"):
            getattr(signals, name).connect(getattr(change_identities, name))

"""The oidc app."""

from django.apps import AppConfig


class OIDCConfig(AppConfig):
    name = "burnish_server.identity.oidc"
    label = "oidc"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models and allauth's signals exist only from here on.
        from allauth.account import signals
        from django.contrib.auth.signals import user_logged_out

        from burnish_server.identity.oidc import grants

        user_logged_out.connect(grants.signed_out)
        for name in ("password_changed", "password_set", "password_reset"):
            getattr(signals, name).connect(grants.password_changed)

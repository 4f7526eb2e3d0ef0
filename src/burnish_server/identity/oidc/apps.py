"""The oidc app."""

from django.apps import AppConfig


class OIDCConfig(AppConfig):
    name = "burnish_server.identity.oidc"
    label = "oidc"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only from here on.
        from django.contrib.auth.signals import user_logged_out

        from burnish_server.identity.oidc import grants

        user_logged_out.connect(grants.signed_out)

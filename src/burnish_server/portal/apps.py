"""The portal app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "burnish_server.portal"
    label = "portal"

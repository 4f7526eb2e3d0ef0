"""The app of the Admin API, for its documentation page."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "burnish_server.api"
    label = "api"

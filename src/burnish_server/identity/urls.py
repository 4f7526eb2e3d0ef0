"""Addresses of the identity room's own pages; allauth's stand beside them."""

from django.urls import path

from burnish_server.identity import views

urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("sandbox/mail/", views.sandbox_mail, name="sandbox_mail"),
]

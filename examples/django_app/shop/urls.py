"""The shop's pages."""

from django.urls import include, path

from shop.views import home

urlpatterns = [path("", home, name="home"), path("oidc/", include("mozilla_django_oidc.urls"))]

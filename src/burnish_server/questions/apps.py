"""The questions app."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "burnish_server.questions"
    label = "questions"
    default_auto_field = "django.db.models.BigAutoField"

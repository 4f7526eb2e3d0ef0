"""The questions app."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "burnish_server.questions"
    label = "questions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how the room forgets a person."""
        # Models cannot be imported before this.
        from burnish_server import erasure
        from burnish_server.questions import store

        erasure.register("questions", store.forget)

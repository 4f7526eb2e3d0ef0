"""The tables of questions: what is asked, how much, and what came of it."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from burnish.questions import question
from burnish.questions.state import Manners as Settled
from burnish.questions.state import State


class Question(models.Model):
    """A question as it is written in a file; `entry` has all of it but its key."""

    key = models.CharField(primary_key=True, max_length=40)
    entry = models.JSONField(default=dict)
    position = models.PositiveIntegerField("order", default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("position", "key")

    def __str__(self) -> str:
        return self.key

    def as_question(self) -> question.Question:
        """Return the question as the library knows it."""
        return question.Question.model_validate({**self.entry, "key": self.key})


class Manners(models.Model):
    """How much people are asked; one row."""

    per_login = models.PositiveIntegerField(
        "questions at one login, at most", default=2, validators=[MaxValueValidator(10)]
    )
    cooldown_days = models.FloatField(
        "days of rest after an optional question",
        default=7,
        validators=[MinValueValidator(0.0), MaxValueValidator(3650.0)],
    )
    most_asked = models.PositiveIntegerField(
        "times an optional question is asked, at most",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    first_logins = models.PositiveIntegerField(
        "logins before anything optional is asked",
        default=0,
        validators=[MaxValueValidator(1000)],
    )

    class Meta:
        verbose_name = "manners"
        verbose_name_plural = "manners"

    def __str__(self) -> str:
        return f"{self.per_login} a login"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "Manners":
        """Return what is in force, stored or not."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    def as_manners(self) -> Settled:
        """Return them as the library knows them."""
        return Settled(
            per_login=self.per_login,
            cooldown_days=self.cooldown_days,
            most_asked=self.most_asked,
            first_logins=self.first_logins,
        )


class Progress(models.Model):
    """What has come of one question with one person."""

    pk = models.CompositePrimaryKey("user", "question")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="question_progress"
    )
    question = models.CharField(max_length=40)
    asked = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    login = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)
    skipped_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.question}"

    def as_state(self) -> State:
        """Return it as the library knows it."""
        return State(**{name: getattr(self, name) for name in STATE_FIELDS})


STATE_FIELDS = (
    "asked",
    "asked_at",
    "login",
    "answered_at",
    "skipped_at",
    "refused_at",
    "next_at",
)


class Moment(models.Model):
    """Somebody was asked, answered, skipped or refused: what figures are made of.

    It holds no answer. `seconds` is how long they had the question before them.
    """

    class Act(models.TextChoices):
        ASKED = "asked", "Asked"
        ANSWERED = "answered", "Answered"
        SKIPPED = "skipped", "Skipped"
        REFUSED = "refused", "Refused"

    question = models.CharField(max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    variant = models.CharField(max_length=40, default="a")
    act = models.CharField(max_length=10, choices=Act.choices)
    door = models.CharField(max_length=10)
    seconds = models.FloatField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)
        indexes = (models.Index(fields=["question", "-at"], name="questions_moment_question"),)

    def __str__(self) -> str:
        return f"{self.question} {self.act}"


class Report(models.Model):
    """A question that could not be asked though it should be; once for each reason."""

    question = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-last_at",)
        constraints = (
            models.UniqueConstraint(fields=["question", "reason"], name="questions_report_once"),
        )

    def __str__(self) -> str:
        return f"{self.question}: {self.reason}"

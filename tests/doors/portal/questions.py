"""What the tests of progressive profiling's pages share."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from burnish.questions import question as library
from burnish_server.audit.log import Actor
from burnish_server.questions import apply
from burnish_server.questions.models import Question

LIST = "/portal/questions/question/"
NEW = f"{LIST}_add/"
OPEN = {"end_user": "readwrite", "bearer": "readonly", "portal_ui": "readwrite"}
READ_ONLY = {**OPEN, "end_user": "readonly"}


def ask(key: str, *attributes: str, **more: Any) -> Question:
    """Have a question be there: `ask("city")`, `ask("work", "team", "seats")`."""
    said = {
        "key": key,
        "attributes": attributes or (key,),
        "words": {"en": {"title": f"What is your {key}?"}},
        **more,
    }
    row = Question(key=key, position=Question.objects.count())
    apply.put(row, library.Question.model_validate(said), Actor.at_command_line())
    return row


def sent(response: HttpResponse) -> dict[str, Any]:
    """Return what a browser would send of the question's form on a page, as it is shown."""
    forms = response.context["forms"]
    found: dict[str, Any] = _fields(forms.form)
    for rows in (forms.words, forms.conditions, forms.variants):
        found[rows.count_name] = str(len(rows))
        for row in rows:
            found |= _fields(row)
    for row in forms.variants:
        found[row.words.count_name] = str(len(row.words))
        for words in row.words:
            found |= _fields(words)
    return found


def _fields(form: Any) -> dict[str, Any]:
    found = {}
    for field in form:
        value = field.value()
        if field.field.disabled or value is None or value is False:
            continue
        found[field.html_name] = "on" if value is True else value
    return found


def save(portal: Client, url: str = NEW, **fields: Any) -> Any:
    """Open a question's page, change some fields, and save; dots stand for hyphens."""
    form = sent(portal.get(url))
    changed = {name.replace("__", "-"): value for name, value in fields.items()}
    form |= changed
    return portal.post(url, {name: value for name, value in form.items() if value is not None})

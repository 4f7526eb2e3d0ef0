"""The guide to one's own sign-in pages: its requests are sent, and answer what it shows."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from tests.server.identity.test_headless import App
from tests.server.identity.test_way_in import code_of

from burnish.attributes.access import OPEN
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions.models import Question

pytestmark = pytest.mark.django_db(transaction=True)

GUIDE = Path(__file__).parents[3] / "docs/guides/headless.md"
STEP = re.compile(
    r"^```http\n(?P<method>\w+) /_allauth/app/v1/(?P<path>\S+)\n(?P<body>.*?)```\n\n"
    r"^```json\n(?P<answer>.*?)```",
    re.MULTILINE | re.DOTALL,
)

CODE = re.compile(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]+)\s*$", re.MULTILINE)


def holds(shown: Any, answered: Any) -> bool:
    """Return whether an answer has all that is shown of it; of lists, each entry somewhere."""
    if isinstance(shown, dict):
        return isinstance(answered, dict) and all(
            name in answered and holds(value, answered[name]) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return all(any(holds(one, other) for other in answered) for one in shown)
    return bool(shown == answered)


def test_each_request_of_the_guide_is_answered_as_it_says(
    attribute: Callable[..., CustomAttribute], question: Callable[..., Question]
) -> None:
    for name in ("team", "city"):
        attribute(name, access=OPEN.model_dump())
    question("team", sign_up=True)
    words = {"en": {"title": "Where do you work?", "why": "To know your time."}}
    question("city", required=True, words=words)
    app, secret = App(), ""
    steps = list(STEP.finditer(GUIDE.read_text()))

    for step in steps:
        body = step["body"].strip()
        if "CODE" in body:
            found = re.search(
                r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]+)\s*$", mail.outbox[-1].body, re.MULTILINE
            )
            assert found
            body = body.replace("CODE", found[1])
        cache.clear()  # as if half a minute had gone by: each code of an app is good once
        body = body.replace("123456", code_of(secret) if secret else "")
        answer = app.call(step["method"], step["path"], json.loads(body) if body else None)
        app.token = "" if step["method"] == "DELETE" else app.token
        secret = (answer.json().get("meta") or {}).get("secret", secret)
        assert holds(json.loads(step["answer"]), answer.json()), (step["path"], answer.json())

    assert len(steps) == len(re.findall("^```http$", GUIDE.read_text(), re.MULTILINE)) == 10

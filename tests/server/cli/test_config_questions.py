"""`burnish config check`, `apply` and `export`, of questions and segments."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.server.cli.conftest import Ended

from burnish_server.audit.models import Entry
from burnish_server.profiles.models import CustomAttribute
from burnish_server.questions import store
from burnish_server.questions.models import Question, Report
from burnish_server.segments import store as segments

pytestmark = pytest.mark.django_db(transaction=True)

Burnish = Callable[..., Ended]
Define = Callable[..., CustomAttribute]

OPEN = {"end_user": "readwrite", "bearer": "readonly", "portal_ui": "readwrite"}
RULE = [{"attribute": "seats", "one_of": [50, 100]}, {"attribute": "city", "known": True}]


def asking(key: str, *attributes: str, **more: Any) -> dict[str, Any]:
    words = {"en": {"title": f"What is your {key}?"}}
    return {"key": key, "attributes": list(attributes or (key,)), "words": words, **more}


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Write `burnish.yaml`: `file(questions={...}, segments={...})`."""

    def write(**content: Any) -> Path:
        path = tmp_path / "burnish.yaml"
        path.write_text(yaml.safe_dump(content))
        return path

    return write


@pytest.fixture
def _attributes(attribute: Define) -> None:
    for name, kind in (("city", "string"), ("seats", "integer"), ("team", "string")):
        attribute(name, kind, id=name, access=OPEN)


def keys() -> list[str]:
    return [one.key for one in store.asked().questions]


@pytest.mark.usefixtures("_attributes")
def test_questions_and_segments_are_applied_and_noted(
    burnish: Burnish, file: Callable[..., Path]
) -> None:
    path = file(
        segments={"big": RULE},
        questions={
            "manners": {"per_login": 1, "cooldown_days": 14},
            "ask": [
                asking("city", when={"segments": ["big"]}),
                asking("work", "team", "seats", required=True),
            ],
        },
    )

    ended = burnish("config", "apply", path)

    assert ended == (
        0,
        "+ segment big\n"
        "~ manners: per login 2 -> 1; cooldown days 7 -> 14\n"
        "+ question city (city)\n"
        "+ question work (team, seats)\n"
        "Applied.\n",
        "",
    )
    asked = store.asked()
    assert (asked.manners.per_login, asked.manners.cooldown_days) == (1, 14)
    assert keys() == ["city", "work"]
    assert asked.questions[1].required
    assert segments.rules()["big"][0].one_of == (50, 100)
    noted = set(Entry.objects.values_list("action", "subject_kind", "subject", "door"))
    assert noted == {
        ("added", "segment", "big", "cli"),
        ("added", "question", "city", "cli"),
        ("added", "question", "work", "cli"),
        ("changed", "manners", "manners", "cli"),
    }
    assert burnish("config", "apply", path).out == "Nothing to change.\n"
    assert Entry.objects.count() == 4


@pytest.mark.usefixtures("_attributes")
def test_questions_are_matched_by_key_and_take_the_file_s_order(
    burnish: Burnish, file: Callable[..., Path]
) -> None:
    burnish("config", "apply", file(questions={"ask": [asking("city"), asking("seats")]}))
    Report.objects.create(question="city", reason="nobody defined town")

    ended = burnish(
        "config",
        "apply",
        file(
            questions={
                "ask": [asking("team"), asking("seats"), asking("city", priority=5, confirm=True)]
            }
        ),
    )

    assert ended.out == (
        "+ question team (team)\n"
        "~ question city: priority, confirm\n"
        "~ order of questions: team, seats, city\n"
        "Applied.\n"
    )
    assert keys() == ["team", "seats", "city"]
    assert store.asked().questions[2].priority == 5
    assert not Report.objects.exists()

    ended = burnish("config", "apply", file(questions={"ask": [asking("seats")]}))
    assert ended.out == "Nothing to change.\nnot in this file, kept: question team, question city\n"


@pytest.mark.usefixtures("_attributes")
def test_an_export_goes_in_again_unchanged(burnish: Burnish, tmp_path: Path) -> None:
    variants = [{"name": "b", "words": {"en": {"title": "Where?"}}, "priority": 7}]
    when = {"attributes": [{"attribute": "seats", "is": 0}], "logins": 2, "locales": ["fr"]}
    full = asking("city", when=when, variants=variants, weight=2.5, enabled=False, purpose="ads")
    path = tmp_path / "in.yaml"
    path.write_text(yaml.safe_dump({"segments": {"big": RULE}, "questions": {"ask": [full]}}))
    assert burnish("config", "apply", path).status == 0
    before = store.asked()
    out = tmp_path / "out.yaml"

    assert burnish("config", "export", "--output", out).status == 0
    assert burnish("config", "check", out).status == 0
    assert burnish("config", "apply", out).out == "Nothing to change.\n"
    Question.objects.all().delete()
    assert burnish("config", "apply", out).status == 0

    assert store.asked() == before


def test_a_file_is_checked_for_everything_that_is_wrong_at_once(
    burnish: Burnish, file: Callable[..., Path]
) -> None:
    bad = [
        {**asking("Team"), "words": {}},
        asking("city", "email"),
        asking("seats", when={"attributes": [{"attribute": "city"}], "logins": -1}),
        asking("plan", heaviness=1),
        asking("a", variants=[{"name": "a"}]),
        asking("both", "city", "seats", confirm=True),
    ]
    path = file(
        questions={"ask": bad, "manners": {"per_login": 99}},
        segments={"Big": RULE, "none": [], "odd": [{"attribute": "city", "is": 1, "known": True}]},
    )

    ended = burnish("config", "check", path)

    assert ended.status == 1
    for place in (
        "segments.Big",
        "segments.none",
        "segments.odd.0: say one of",
        "questions.manners.per_login",
        "questions.ask.0.key",
        "questions.ask.0.words",
        "questions.ask.1.attributes: email belongs to a way to sign in",
        "questions.ask.2.when.attributes.0: say one of",
        "questions.ask.2.when.logins",
        "questions.ask.3.heaviness",
        "questions.ask.4: each variant needs a name of its own",
        "questions.ask.5: one guess is confirmed at a time",
    ):
        assert place in ended.err, place


@pytest.mark.usefixtures("_attributes")
def test_what_refers_to_nothing_is_refused_and_nothing_is_changed(
    burnish: Burnish, attribute: Define, file: Callable[..., Path]
) -> None:
    attribute("score", "integer", access={**OPEN, "end_user": "readonly"})
    when = {"attributes": [{"attribute": "town", "known": True}], "segments": ["small"]}
    ended = burnish(
        "config",
        "apply",
        file(
            segments={"big": [{"attribute": "seats", "is": "many"}, {"attribute": "x", "is": 1}]},
            questions={"ask": [asking("city", when=when), asking("score"), asking("town")]},
        ),
    )

    assert ended.status == 1
    assert ended.err.splitlines() == [
        "segments.big.0: seats must be a number",
        "segments.big.1: nobody defined the attribute x",
        "questions.ask.0.when.attributes.0: nobody defined the attribute town",
        "questions.ask.0.when.segments: there is no segment small",
        "questions.ask.1.attributes: score may not be written by its person; "
        "give the end user readwrite",
        "questions.ask.2.attributes: nobody defined the attribute town",
    ]
    assert keys() == []
    assert segments.rules() == {}


def test_a_question_may_ask_for_what_its_own_file_defines(
    burnish: Burnish, file: Callable[..., Path]
) -> None:
    team = {"id": "t", "pointer": "/team", "type": "string", "access_control": OPEN}
    path = file(
        user_profile={"custom_attributes": {"attributes": [team]}},
        segments={"blue": [{"attribute": "team", "is": "Blue"}]},
        questions={"ask": [asking("team", when={"segments": ["blue"]})]},
    )

    ended = burnish("config", "apply", path)

    assert (ended.status, ended.err) == (0, "")
    assert keys() == ["team"]

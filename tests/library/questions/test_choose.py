"""The right question at the right moment, never twice: the engine, and its hard rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from burnish.attributes.access import OPEN, Access
from burnish.attributes.custom import CustomAttribute
from burnish.attributes.schema import Schema
from burnish.profiles.document import Document, amend
from burnish.profiles.fact import NOTHING, Fact
from burnish.questions.choose import Chosen, Context, at_sign_up, choose, every_open
from burnish.questions.explain import explain
from burnish.questions.question import Question
from burnish.questions.state import Manners, State

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
READ_ONLY = Access(end_user="readonly", bearer="readonly", portal_ui="readwrite")
NAMES = ("city", "team", "size", "plan", "level")


def attribute(name: str, type: Any = "string", **more: Any) -> CustomAttribute:
    said = {"access_control": OPEN, **more}
    return CustomAttribute(id=f"id-{name}", pointer=f"/{name}", type=type, **said)


SCHEMA = Schema(tuple(attribute(name) for name in NAMES))


def question(key: str, *attributes: str, **more: Any) -> Question:
    said = {
        "key": key,
        "attributes": attributes or (key,),
        "words": {"en": {"title": f"What is your {key}?"}},
    }
    return Question.model_validate({**said, **more})


def said(*facts: tuple[str, Any, str]) -> Document:
    made = [Fact("custom", f"id-{name}", value, source, NOW) for name, value, source in facts]
    return amend(Document(), made, NOW).document


def context(**more: Any) -> Context:
    said = {
        "user_id": "u1",
        "login": "now",
        "logins": 5,
        "signed_up_at": NOW - timedelta(days=30),
    }
    return Context(**{**said, **more})


def ask(*questions: Question, document: Document | None = None, **how: Any) -> Chosen:
    return choose(
        questions,
        document or Document(),
        how.pop("schema", SCHEMA),
        how.pop("history", {}),
        how.pop("context", context()),
        how.pop("now", NOW),
        how.pop("manners", Manners()),
    )


def keys(chosen: Chosen) -> list[str]:
    return [asking.question.key for asking in chosen.askings]


def test_the_higher_priority_comes_first_then_what_is_most_useful() -> None:
    questions = [
        question("city", weight=1),
        question("team", weight=2),
        question("size", priority=900),
        question("plan", "plan", "level", weight=1.5),
    ]

    assert keys(ask(*questions, manners=Manners(per_login=4))) == ["size", "plan", "team", "city"]


def test_no_more_than_a_few_at_one_login() -> None:
    questions = [question(name) for name in NAMES]

    assert len(ask(*questions).askings) == 2
    assert ask(*questions, manners=Manners(per_login=0)).askings == ()


@pytest.mark.parametrize("source", ["user", "admin", "social:acme", "provider:acme", "hook:geo"])
def test_what_is_known_is_not_asked_whoever_said_it(source: str) -> None:
    assert keys(ask(question("city"), document=said(("city", "Lyon", source)))) == []


def test_a_guess_is_shown_to_be_confirmed_where_that_is_wanted() -> None:
    confirm = question("city", confirm=True)

    (asking,) = ask(confirm, document=said(("city", "Lyon", "provider:acme"))).askings
    confirmed = said(("city", "Lyon", "provider:acme"), ("city", "Lyon", "question:city"))

    assert asking.guess == "Lyon"
    assert keys(ask(confirm, document=confirmed)) == []
    assert ask(confirm).askings[0].guess is None


def test_a_group_asks_only_what_is_still_open() -> None:
    both = question("work", "team", "size")

    (asking,) = ask(both, document=said(("team", "A", "user"))).askings

    assert asking.attributes == ("size",)


def test_a_value_the_person_deleted_is_not_asked_for() -> None:
    deleted = said(("city", NOTHING, "user"))

    assert keys(ask(question("city"), document=deleted)) == []
    assert keys(ask(question("city", required=True), document=deleted)) == ["city"]


def test_a_value_a_later_rule_refuses_is_asked_anew_and_locks_nobody_out() -> None:
    narrowed = Schema((attribute("city", "enum", enum=["lund", "lyon"]),))

    chosen = ask(question("city"), document=said(("city", "Paris", "user")), schema=narrowed)

    assert keys(chosen) == ["city"]


def test_what_providers_are_being_asked_about_waits() -> None:
    flying = context(in_flight=frozenset({"city"}))

    assert keys(ask(question("city"), question("team"), context=flying)) == ["team"]


def test_required_with_nothing_to_edit_is_left_and_reported() -> None:
    closed = Schema((attribute("city", access_control=READ_ONLY), attribute("team")))

    chosen = ask(question("city", required=True), question("team"), schema=closed)

    assert keys(chosen) == ["team"]
    assert [report.question for report in chosen.reports] == ["city"]


def test_an_attribute_that_is_gone_leaves_the_question_out_and_is_reported() -> None:
    purged = question("city", when={"attributes": [{"attribute": "shoes", "known": True}]})

    chosen = ask(purged, question("shoes"))

    assert keys(chosen) == []
    assert {report.question for report in chosen.reports} == {"city", "shoes"}
    assert "shoes" in chosen.reports[0].reason


def test_what_an_administrator_locked_is_not_asked() -> None:
    locked = [Fact("custom", "id-city", NOTHING, "admin", NOW, locked=True)]
    document = amend(Document(), locked, NOW).document

    chosen = ask(question("city", required=True), document=document)

    assert keys(chosen) == []
    assert [report.question for report in chosen.reports] == ["city"]


def test_only_a_good_guess_of_others_is_shown_to_be_confirmed() -> None:
    confirm = question("city", confirm=True)
    narrowed = Schema((attribute("city", "enum", enum=["lund"]),))
    guessed, typed = said(("city", "Paris", "hook:geo")), said(("city", "Paris", "user"))

    assert ask(confirm, document=guessed).askings[0].guess == "Paris"
    for document in (guessed, typed):
        assert ask(confirm, document=document, schema=narrowed).askings[0].guess is None


def test_whoever_looks_for_them_finds_every_open_question_whatever_manners_say() -> None:
    questions = [question(name) for name in NAMES]
    document = said(("plan", "pro", "user"))
    history = {
        "city": State(9, days_ago(1), "before", skipped_at=days_ago(1), next_at=days_ago(-9)),
        "team": State(1, days_ago(1), "before", refused_at=days_ago(1)),
        "size": State(1, NOW, "now", answered_at=NOW),
    }
    here = context(in_flight=frozenset({"level"}))

    found = every_open(questions, document, SCHEMA, history, here, NOW)

    assert [asking.question.key for asking in found] == ["city", "level", "size"]
    again = every_open([question("city", enabled=False)], document, SCHEMA, {}, here, NOW)
    elsewhere = question("city", when={"clients": ["app"]})
    assert again == every_open([elsewhere], document, SCHEMA, {}, here, NOW) == ()


def test_a_sign_up_form_asks_in_the_order_it_is_written_in() -> None:
    asked = [
        question("team", sign_up=True),
        question("city", sign_up=True, required=True),
        question("size"),
        question("plan", sign_up=True, when={"logins": 1}),
        question("level", sign_up=True, when={"locales": ["sv"]}),
    ]
    found = at_sign_up(asked, SCHEMA, context(logins=0, languages=("sv-SE",)), NOW)

    assert [asking.question.key for asking in found] == ["team", "city", "level"]


def test_words_are_in_the_first_language_somebody_reads() -> None:
    words = {tag: {"title": tag} for tag in ("en", "fr", "zh-HK")}
    put = question("city", words=words)

    assert put.worded(["de", "zh-hk", "fr"]).title == "zh-HK"
    assert put.worded(["fr-CA"]).title == "fr"
    assert put.worded(["de"]).title == put.worded([]).title == "en"


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (State(1, days_ago(8), "before"), True),
        (State(1, days_ago(6), "before"), False),
        (State(3, days_ago(100), "before"), False),
        (State(1, days_ago(100), "before", refused_at=days_ago(100)), False),
        (State(1, days_ago(100), "before", answered_at=days_ago(100)), False),
        (State(1, days_ago(9), "before", skipped_at=days_ago(9), next_at=days_ago(-1)), False),
        (State(1, days_ago(9), "before", skipped_at=days_ago(9), next_at=days_ago(2)), True),
        (State(1, NOW, "now"), True),
        (State(1, NOW, "now", skipped_at=NOW), False),
        (State(1, NOW, "now", answered_at=NOW), False),
    ],
)
def test_what_came_of_it_before_decides(state: State, asked: bool) -> None:
    assert bool(ask(question("city"), history={"city": state}).askings) == asked


def test_whoever_was_asked_anything_not_long_ago_is_left_alone() -> None:
    recent = {"team": State(1, days_ago(3), "before", answered_at=days_ago(3))}

    assert keys(ask(question("city"), history=recent)) == []
    assert keys(ask(question("city", required=True), history=recent)) == ["city"]


def test_within_one_login_what_was_done_counts() -> None:
    done = {"city": State(1, NOW, "now", answered_at=NOW)}
    questions = [question(name) for name in NAMES]

    assert len(ask(*questions, history=done).askings) == 1


@pytest.mark.parametrize(
    ("when", "how", "asked"),
    [
        ({"logins": 6}, {}, False),
        ({"logins": 5}, {}, True),
        ({"days": 31}, {}, False),
        ({"days": 30}, {}, True),
        ({"clients": ["web"]}, {"client": "app"}, False),
        ({"clients": ["web", "app"]}, {"client": "app"}, True),
        ({"locales": ["fr"]}, {"languages": ("fr-CA",)}, True),
        ({"locales": ["fr-CA"]}, {"languages": ("fr",)}, False),
        ({"locales": ["fr"]}, {"languages": ("frr",)}, False),
        ({"segments": ["big"]}, {"segments": frozenset({"big"})}, True),
        ({"segments": ["big"]}, {}, False),
        ({"attributes": [{"attribute": "plan", "is": "pro"}]}, {}, True),
        ({"attributes": [{"attribute": "plan", "is": "free"}]}, {}, False),
        ({"attributes": [{"attribute": "plan", "one_of": ["free", "pro"]}]}, {}, True),
        ({"attributes": [{"attribute": "size", "known": False}]}, {}, True),
        ({"attributes": [{"attribute": "plan", "known": False}]}, {}, False),
    ],
)
def test_conditions(when: dict[str, Any], how: dict[str, Any], asked: bool) -> None:
    chosen = ask(
        question("city", when=when),
        document=said(("plan", "pro", "user")),
        context=context(**how),
    )

    assert bool(chosen.askings) == asked


def test_variants_are_split_by_user_and_stay() -> None:
    two = question("city", variants=[{"name": "b", "priority": 900}])
    got = [two.variant(f"user-{n}") for n in range(2000)]

    assert 900 < got.count("a") < 1100
    assert got == [two.variant(f"user-{n}") for n in range(2000)]
    assert two.as_variant("b").priority == 900
    assert two.as_variant("a") is two


def why(one: Question, **how: Any) -> str:
    """Return why one question is not asked, in words."""
    return explain(ask(one, **how).left[one.key], one, how.get("manners", Manners()))


def test_why_a_question_is_not_asked_is_said_of_each() -> None:
    city, must = question("city"), question("city", required=True)
    guessed = said(("team", "A", "provider:acme"))
    before = State(1, NOW - timedelta(days=1), "before")
    long_ago = State(3, NOW - timedelta(days=99), "before")
    closed = Schema((attribute("city", access_control=READ_ONLY),))

    assert why(question("city", enabled=False)) == "it is switched off"
    assert why(question("town")) == "it speaks of an attribute that nobody defined"
    assert why(city, history={"city": before.as_answered(NOW)}) == "they answered it"
    assert "never" in why(city, history={"city": before.as_refused(NOW)})
    assert why(city, manners=Manners(first_logins=9)).endswith("before login 9")
    assert why(city, history={"x": before}).endswith("less than 7 days ago")
    assert why(city, history={"city": long_ago}) == "they were asked it 3 times"
    skipped = State(1, NOW - timedelta(days=9), "x", next_at=NOW + timedelta(days=1))
    assert why(city, history={"city": skipped}).startswith("they skipped it")
    here = State(1, NOW, "now", skipped_at=NOW)
    assert why(must, history={"city": here}) == "it was dealt with at this login"
    assert why(question("city", when={"logins": 6})) == "it waits for login 6"
    assert why(question("city", when={"days": 31})) == "it waits until 31 days after sign-up"
    assert "apps" in why(question("city", when={"clients": ["web"]}))
    assert "segments" in why(question("city", when={"segments": ["big"]}))
    assert "languages" in why(question("city", when={"locales": ["fr"]}))
    unmet = {"attributes": [{"attribute": "team", "known": True}]}
    assert "condition" in why(question("city", when=unmet))
    assert why(question("team"), document=guessed) == "the answer is known"
    assert why(must, schema=closed) == "they may not edit its answer"
    assert "provider" in why(city, context=context(in_flight=frozenset({"city"})))
    assert why(city, manners=Manners(per_login=0)).startswith("no more than 0 at one login")

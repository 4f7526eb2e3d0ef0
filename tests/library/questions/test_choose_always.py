"""What holds whatever is asked of whom: the hard rules, over many logins."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.library.questions.test_choose import (
    NAMES,
    NOW,
    SCHEMA,
    ask,
    context,
    keys,
    question,
    said,
)

from burnish.profiles.document import Document, amend
from burnish.profiles.fact import Fact
from burnish.questions.choose import choose
from burnish.questions.question import Question
from burnish.questions.state import Manners, State

FLAGS: Callable[[], Any] = st.booleans


@st.composite
def question_sets(draw: st.DrawFn) -> list[Question]:
    count = draw(st.integers(1, 6))
    return [
        question(
            f"q{n}",
            *draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)),
            required=draw(FLAGS()),
            priority=draw(st.integers(0, 3)),
            when={"logins": draw(st.integers(0, 4))},
        )
        for n in range(count)
    ]


@st.composite
def profiles(draw: st.DrawFn) -> Document:
    sources = st.sampled_from(["user", "provider:acme", "hook:geo", "question:q0"])
    names = draw(st.sets(st.sampled_from(NAMES)))
    return said(*((name, "x", draw(sources)) for name in names))


@given(st.data())
def test_each_question_is_asked_or_has_a_reason(data: st.DataObject) -> None:
    questions = data.draw(question_sets())

    chosen = ask(*questions, document=data.draw(profiles()))

    assert {*keys(chosen), *chosen.left} == {one.key for one in questions}
    assert not {*keys(chosen)} & {*chosen.left}


ACTS = st.sampled_from(["answer", "skip", "refuse", "leave", "reload"])


@given(question_sets(), profiles(), st.data(), st.integers(0, 3))
def test_over_many_logins_the_rules_hold(
    questions: list[Question], document: Document, data: st.DataObject, per_login: int
) -> None:
    manners = Manners(per_login=per_login, cooldown_days=7, most_asked=2)
    history: dict[str, State] = {}
    now = NOW
    asked_before: dict[str, datetime] = {}
    for login in range(6):
        now += timedelta(days=data.draw(st.sampled_from([0.5, 3, 8])))
        here = context(login=f"login-{login}", logins=login + 1)
        shown: set[str] = set()
        for _ in range(20):
            chosen = choose(questions, document, SCHEMA, history, here, now, manners)
            done = sum(state.is_over(here.login) for state in history.values())
            assert len(chosen.askings) + done <= max(per_login, done)
            if not chosen.askings:
                break
            asking = chosen.askings[0]
            key, state = asking.question.key, history.get(asking.question.key, State())
            known = {*document.custom}
            assert not {f"id-{name}" for name in asking.attributes} & known
            if not asking.question.required and key not in shown:
                assert state.asked < manners.most_asked
                assert not state.refused_at
                assert not state.answered_at
                for last in asked_before.values():
                    assert now >= last + manners.cooldown
            shown.add(key)
            history[key] = state = state.as_asked(here.login, now)
            act = data.draw(ACTS)
            if act == "answer":
                facts = [
                    Fact("custom", f"id-{name}", "y", asking.question.source, now)
                    for name in asking.attributes
                ]
                document = amend(document, facts, now).document
                history[key] = state.as_answered(now)
            elif act == "skip" and not asking.question.required:
                history[key] = state.as_skipped(manners, now)
            elif act == "refuse" and not asking.question.required:
                history[key] = state.as_refused(now)
            elif act == "leave":
                break
        required = {one.key for one in questions if one.required}
        asked_before |= dict.fromkeys(shown - required, now)


@given(question_sets(), profiles())
def test_every_required_question_is_reached_in_finitely_many_logins(
    questions: list[Question], document: Document
) -> None:
    history: dict[str, State] = {}
    now = NOW
    for login in range(len(questions) + 6):
        here = context(login=f"login-{login}", logins=login + 1)
        while askings := choose(questions, document, SCHEMA, history, here, now).askings:
            asking = askings[0]
            state = history.get(asking.question.key, State()).as_asked(here.login, now)
            facts = [
                Fact("custom", f"id-{name}", "y", asking.question.source, now)
                for name in asking.attributes
            ]
            document = amend(document, facts, now).document
            history[asking.question.key] = state.as_answered(now)
        now += timedelta(days=1)

    required = {name for one in questions if one.required for name in one.attributes}
    assert {f"id-{name}" for name in required} <= document.custom.keys()

"""Asking hooks about those who are to be inserted, with nothing held meanwhile."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

from django.db import connection

from burnish.attributes.schema import Schema
from burnish.hooks.outcome import Outcome, Passed
from burnish.profiles.fact import Fact
from burnish_server.identity import bulk, login_id
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import signup
from burnish_server.identity.flows.signup import Candidate
from burnish_server.identity.refused import words
from burnish_server.imports.entry import Entry

AT_A_TIME = 8

AROUND = Circumstances("admin_api")


class Asked:
    """Those the hooks agreed to, each with what they made of them."""

    def __init__(self) -> None:
        self.passed: dict[UUID, tuple[Candidate, Passed]] = {}


def ask(wave: Sequence[tuple[Entry, Sequence[Fact]]], schema: Schema) -> Asked:
    """Put newcomers before the hooks of `user.pre_create`; who is refused fails."""
    asked = Asked()
    candidates = [_candidate(one, facts) for one, facts in wave]
    with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="import") as threads:
        outcomes = threads.map(lambda who: _ask(who, schema), candidates)
        for (one, _), who, outcome in zip(wave, candidates, outcomes, strict=True):
            if isinstance(outcome, Passed):
                asked.passed[who.id] = (who, outcome)
            else:
                reason = outcome.as_error()["error"]["reason"]
                one.fail(reason, words(outcome))
                one.user_id = None
    return asked


def _ask(who: Candidate, schema: Schema) -> Outcome:
    try:
        return signup.ask(who, AROUND, schema)
    finally:
        connection.close()


def _candidate(one: Entry, facts: Sequence[Fact]) -> Candidate:
    assert one.user_id  # noqa: S101 - a newcomer's id is chosen beforehand
    password: Future[str] = Future()
    password.set_result(one.password or bulk.unusable())
    record = one.record
    email = record.email or ""
    return Candidate(
        id=one.user_id,
        email=email,
        typed_email=email,
        password=password,
        at=facts[0].observed_at,
        can_reauthenticate=one.password is not None,
        verified=bool(record.email_verified),
        others=login_id.others(record.phone_number or "", record.preferred_username or ""),
        populated=tuple(facts),
    )

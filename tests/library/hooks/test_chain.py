"""Several hooks of one event, asked one after the other."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from burnish.attributes.custom import CustomAttribute
from burnish.attributes.schema import Schema
from burnish.events.context import Context
from burnish.events.entities import Identity, User
from burnish.events.user import UserPreCreate
from burnish.hooks import chain
from burnish.hooks.hook import Hook, TimeLimits
from burnish.hooks.outcome import Denied, Failed, Outcome, Passed
from burnish.hooks.script import Script, ScriptFault, ScriptRun

AT = datetime(2026, 3, 4, 5, 6, 7, 890000, tzinfo=UTC)
EMAIL = "ada@nordlake.example"
SCHEMA = Schema(
    (
        CustomAttribute(id="0000", pointer="/city", type="string"),
        CustomAttribute(id="0001", pointer="/seats", type="integer"),
    )
)
EVENT = UserPreCreate(
    User("u1", AT, AT, {"email": EMAIL, "email_verified": False, "updated_at": 1}, {}),
    (Identity("i1", "u1", AT, AT, "email", EMAIL, "Ada@nordlake.example"),),
)
LIMITS = TimeLimits()
CONTEXT = Context(timestamp=1772600767, triggered_by="user", user_id="u1")


class Answers:
    """Answers hooks by their script's name, and keeps what each was given."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.given: dict[str, Mapping[str, Any]] = {}
        self.seconds: dict[str, float] = {}

    async def __call__(self, script: Script, event: Mapping[str, Any], timeout: float) -> ScriptRun:
        name = script.name.removesuffix(".ts")
        self.given[name], self.seconds[name] = event, timeout
        answer = self.answers[name]
        if isinstance(answer, ScriptFault):
            return ScriptRun(None, "printed", False, answer, 1.0)
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = {"is_allowed": True}
        return ScriptRun(answer, "", False, None, 1.0)


async def ask(answers: Answers, on_error: str = "deny", limits: TimeLimits = LIMITS) -> Outcome:
    hooks = [Hook(name, EVENT.type, "", on_error) for name in answers.answers]  # type: ignore[arg-type]
    return await chain.ask(EVENT, 8010, CONTEXT, hooks, SCHEMA, limits, answers)


def custom(**values: Any) -> dict[str, Any]:
    return {"is_allowed": True, "mutations": {"user": {"custom_attributes": values}}}


def standard(**values: Any) -> dict[str, Any]:
    return {"is_allowed": True, "mutations": {"user": {"standard_attributes": values}}}


async def test_a_hook_is_given_the_contract_s_envelope() -> None:
    answers = Answers(geo={"is_allowed": True})

    await ask(answers)

    event = answers.given["geo"]
    assert list(event) == ["id", "seq", "type", "payload", "context"]
    assert (event["id"], event["seq"]) == ("0000000000001f4a", 8010)
    assert event["payload"]["user"]["created_at"] == "2026-03-04T05:06:07.89Z"
    assert event["payload"]["identities"][0]["claims"]["email"] == EMAIL
    assert event["context"] == {
        "timestamp": 1772600767,
        "user_id": "u1",
        "triggered_by": "user",
        "audit_context": {},
        "preferred_languages": [],
        "language": "en",
        "geo_location_code": None,
    }


async def test_the_next_hook_sees_what_the_earlier_one_wrote() -> None:
    answers = Answers(geo=custom(city="Lyon"), tidy=custom(city="LYON", seats=3))

    outcome = await ask(answers)

    assert answers.given["tidy"]["payload"]["user"]["custom_attributes"] == {"city": "Lyon"}
    assert isinstance(outcome, Passed)
    assert outcome.draft.custom == {"city": "LYON", "seats": 3}
    assert outcome.draft.written_by == {("custom", "city"): "tidy", ("custom", "seats"): "tidy"}


async def test_what_a_hook_passes_through_stays_with_its_author() -> None:
    outcome = await ask(Answers(geo=custom(city="Lyon"), seats=custom(city="Lyon", seats=3)))

    assert isinstance(outcome, Passed)
    assert outcome.draft.written_by[("custom", "city")] == "geo"


async def test_what_a_hook_leaves_out_is_deleted() -> None:
    outcome = await ask(Answers(geo=custom(city="Lyon"), wipe=custom()))

    assert isinstance(outcome, Passed)
    assert outcome.draft.custom == {}


async def test_an_identity_s_attribute_comes_back_when_left_out() -> None:
    outcome = await ask(Answers(wipe=standard(given_name="Ada")))

    assert isinstance(outcome, Passed)
    assert outcome.draft.standard == {"email": EMAIL, "given_name": "Ada"}


async def test_an_attribute_nobody_defined_is_dropped_and_said_so() -> None:
    outcome = await ask(Answers(geo=custom(city="Lyon", country="France")))

    assert isinstance(outcome, Passed)
    assert outcome.draft.custom == {"city": "Lyon"}
    assert outcome.runs[0].dropped == ("country",)


async def test_the_first_refusal_ends_the_chain() -> None:
    no = {"is_allowed": False, "title": "No", "reason": "Corporate e-mail needed"}
    answers = Answers(first={"is_allowed": True}, second=no, third=custom(city="Lyon"))

    outcome = await ask(answers)

    assert isinstance(outcome, Denied)
    assert "third" not in answers.given
    assert [run.outcome for run in outcome.runs] == ["allowed", "denied"]
    assert outcome.as_error()["error"] == {
        "name": "Forbidden",
        "reason": "HookDisallowed",
        "message": "disallowed by hook event handler",
        "code": 403,
        "info": {
            "event_type": "user.pre_create",
            "reasons": [{"title": "No", "reason": "Corporate e-mail needed"}],
        },
    }


@pytest.mark.parametrize(
    ("answer", "reason", "status"),
    [
        (ScriptFault("threw", "boom", 3), "DenoRunError", 400),
        (ScriptFault("no_default_export", "no default export", None), "DenoRunError", 400),
        (ScriptFault("out_of_memory", "too much memory", None), "DenoRunError", 400),
        (ScriptFault("timeout", "no answer within 5 s", None), "UnexpectedError", 500),
        (ScriptFault("runtime_unavailable", "gone", None), "HookDeliveryUnknownFailure", 500),
        (None, "HookInvalidResponse", 500),
        ({"is_allowed": True, "title": "x"}, "HookInvalidResponse", 500),
        (custom(city=7), "ValidationFailed", 400),
        (custom(city=""), "ValidationFailed", 400),
        (standard(shoe_size=41), "ValidationFailed", 400),
        (standard(email="eve@nordlake.example"), "UnexpectedError", 500),
        ({"is_allowed": True, "mutations": {"user": {"roles": ["x"]}}}, "RoleUnknownKeys", 404),
    ],
)
async def test_a_failing_hook_fails_the_operation_with_the_contract_s_error(
    answer: Any, reason: str, status: int
) -> None:
    outcome = await ask(Answers(bad=answer))

    assert isinstance(outcome, Failed)
    error = outcome.as_error()["error"]
    assert (error["reason"], error["code"]) == (reason, status)
    assert outcome.runs[-1].outcome == "failed"
    assert outcome.runs[-1].trouble == outcome.trouble


@pytest.mark.parametrize(
    "answer", [ScriptFault("threw", "boom", 3), None, custom(city=7), custom(seats="many")]
)
async def test_a_hook_that_may_fail_takes_nothing_else_with_it(answer: Any) -> None:
    outcome = await ask(Answers(bad=answer, good=custom(city="Lyon")), on_error="allow")

    assert isinstance(outcome, Passed)
    assert outcome.draft.custom == {"city": "Lyon"}
    assert {run.hook: run.outcome for run in outcome.runs}["good"] == "allowed"


async def test_a_value_a_later_hook_mends_is_no_failure() -> None:
    outcome = await ask(Answers(bad=custom(city=7), good=custom(city="Lyon")))

    assert isinstance(outcome, Passed)


async def test_no_hook_is_given_longer_than_is_left_of_the_event() -> None:
    answers = Answers(slow=0.3, late={"is_allowed": True})

    outcome = await ask(answers, limits=TimeLimits(hook=5, event=0.2))

    assert answers.seconds["slow"] <= 0.2
    assert isinstance(outcome, Failed)
    assert outcome.trouble.reason == "HookDeliveryTimeout"

"""Several hooks of one event, asked one after the other."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from burnish.attributes.custom import CustomAttribute
from burnish.attributes.schema import Schema
from burnish.events.context import Context
from burnish.events.entities import Identity, User
from burnish.events.user import UserPreCreate
from burnish.hooks import chain
from burnish.hooks.context import HookContext
from burnish.hooks.dispatch import Dispatcher
from burnish.hooks.hook import Hook, TimeLimits
from burnish.hooks.outcome import Denied, Failed, Outcome, Passed
from burnish.hooks.script import Script, ScriptFault, ScriptRun
from burnish.hooks.webhooks import Webhooks
from burnish.outbound import Outbound

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
    (Identity.login_id("i1", "u1", AT, AT, "email", EMAIL, "Ada@nordlake.example"),),
)
LIMITS = TimeLimits()
CONTEXT = Context(timestamp=1772600767, triggered_by="user", user_id="u1")


class Answers:
    """Answers hooks by their script's name, and keeps what each was given."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.given: dict[str, Mapping[str, Any]] = {}
        self.seconds: dict[str, float] = {}

    async def call(
        self, script: Script, event: Mapping[str, Any], context: HookContext, *, timeout: float
    ) -> ScriptRun:
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
    hooks = [
        Hook(name, (EVENT.type,), Script(f"{name}.ts", ""), on_error)  # type: ignore[arg-type]
        for name in answers.answers
    ]
    call = Dispatcher(answers, Webhooks(Outbound())).call  # type: ignore[arg-type]
    return await chain.ask(EVENT, 8010, CONTEXT, hooks, SCHEMA, limits, call)


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


async def ask_deferred(seconds: float, answer: Any, **others: Any) -> tuple[Outcome, Answers]:
    answers = Answers(late=answer, **others)
    limits = TimeLimits(deferred=seconds)
    hooks = [
        Hook(
            name,
            (EVENT.type,),
            Script(f"{name}.ts", ""),
            on_error="defer" if name == "late" else "deny",
        )
        for name in answers.answers
    ]
    call = Dispatcher(answers, Webhooks(Outbound())).call  # type: ignore[arg-type]
    return await chain.ask(EVENT, 8010, CONTEXT, hooks, SCHEMA, limits, call), answers


async def test_a_deferred_hook_that_is_quick_counts_as_any_other() -> None:
    outcome, _ = await ask_deferred(5.0, custom(city="Lyon"))

    assert isinstance(outcome, Passed)
    assert outcome.draft is not None
    assert outcome.draft.custom == {"city": "Lyon"}
    assert outcome.deferred == ()


async def test_a_deferred_hook_may_refuse_while_it_is_waited_for() -> None:
    outcome, _ = await ask_deferred(5.0, {"is_allowed": False, "title": "No"})

    assert isinstance(outcome, Denied)


async def test_a_deferred_hook_that_is_slow_answers_after_the_operation_went_on() -> None:
    outcome, answers = await ask_deferred(0.02, 0.2, second=custom(city="Lyon"))

    assert isinstance(outcome, Passed)
    assert outcome.draft is not None
    assert outcome.draft.custom == {"city": "Lyon"}
    assert [run.outcome for run in outcome.runs] == ["deferred", "allowed"]
    (deferred,) = outcome.deferred
    assert deferred.envelope == answers.given["late"]
    assert deferred.reply is not None
    assert (await deferred.reply).body == {"is_allowed": True}


async def test_a_deferred_hook_that_fails_is_called_anew_later() -> None:
    outcome, _ = await ask_deferred(5.0, ScriptFault("threw", "boom", 3))

    assert isinstance(outcome, Passed)
    assert [run.outcome for run in outcome.runs] == ["failed"]
    (deferred,) = outcome.deferred
    assert (deferred.hook.name, deferred.reply) == ("late", None)


async def test_nobody_waits_for_a_deferred_hook_once_another_refused() -> None:
    outcome, answers = await ask_deferred(0.02, 5.0, second={"is_allowed": False})

    assert isinstance(outcome, Denied)
    await asyncio.sleep(0)
    assert "late" in answers.given
    assert [task for task in asyncio.all_tasks() if "call" in repr(task.get_coro())] == []


async def test_a_hook_for_one_client_does_not_hear_of_another() -> None:
    answers = Answers(web=custom(city="Lyon"))
    script = Script("web.ts", "")
    hooks = [Hook("web", (EVENT.type,), script, only_clients=("web",))]
    call = Dispatcher(answers, Webhooks(Outbound())).call  # type: ignore[arg-type]

    for client, heard in (("", False), ("app", False), ("web", True)):
        answers.given.clear()
        context = replace(CONTEXT, client_id=client)
        await chain.ask(EVENT, 8010, context, hooks, SCHEMA, LIMITS, call)
        assert ("web" in answers.given) is heard, client

"""The catalogue of events, held to the contract that existing hooks rely on."""

import json
from pathlib import Path

import pytest
import yaml

from burnish.events.catalogue import BLOCKING, CATALOGUE, NON_BLOCKING
from burnish.events.reference import reference
from burnish.events.samples import sample
from burnish.hooks.check import check
from burnish.hooks.script import Script

ROOT = Path(__file__).parents[3]
CONTRACT = yaml.safe_load((Path(__file__).parent / "envelopes.yaml").read_text())


def test_every_event_of_the_contract_is_there() -> None:
    assert set(CONTRACT["payloads"]) == set(CATALOGUE)
    assert len(BLOCKING) == 9


@pytest.mark.parametrize("type", CATALOGUE)
def test_an_event_has_the_contract_s_payload(type: str) -> None:
    event = sample(type)

    assert list(event) == ["id", "seq", "type", "payload", "context"]
    assert event["id"] == f"{event['seq']:016x}"
    assert sorted(event["payload"]) == sorted(CONTRACT["payloads"][type])
    users = [
        event["payload"][name] for name in ("user", "anonymous_user") if name in event["payload"]
    ]
    for user in users:
        assert set(CONTRACT["user"]["always"]) <= set(user)
        assert set(user) <= {*CONTRACT["user"]["always"], *CONTRACT["user"]["sometimes"]}
    for name in ("session", "authentication_context", "identification"):
        if name in event["payload"]:
            assert set(CONTRACT[name]) <= set(event["payload"][name])


@pytest.mark.parametrize("type", BLOCKING)
def test_a_blocking_event_may_return_what_the_contract_says(type: str) -> None:
    assert CATALOGUE[type].may_return == set(CONTRACT["may_return"][type])


@pytest.mark.parametrize("type", NON_BLOCKING)
def test_an_event_that_happened_returns_nothing(type: str) -> None:
    assert not CATALOGUE[type].may_return


def test_optional_members_are_left_out_when_empty() -> None:
    user = sample("user.created")["payload"]["user"]

    assert "delete_at" not in user
    assert user["created_at"] == "2026-03-04T05:06:07.123456Z"
    assert sample("user.pre_schedule_deletion")["payload"]["user"]["delete_at"] == (
        "2026-04-03T05:06:07Z"
    )


def test_the_reference_is_written_from_the_classes() -> None:
    assert (ROOT / "docs/reference/events.md").read_text() == reference(), "run `make docs`"


def type_name(type: str) -> str:
    words = "".join(part.capitalize() for part in type.replace("_", ".").split("."))
    for plain, written in (("OidcIdToken", "OIDCIDToken"), ("Oidc", "OIDC"), ("Jwt", "JWT")):
        words = words.replace(plain, written)
    return f"Event{words.replace('Oauth', 'OAuth')}"


async def test_every_event_fits_its_type_name() -> None:
    lines = [
        f"export const e{number}: {type_name(type)} = {json.dumps(sample(type))};"
        for number, type in enumerate(CATALOGUE)
    ]
    lines.append("export default (e: HookEvent, ctx: HookContext) => ctx.log(e.type);")

    problems = await check(Script("types.ts", "\n".join(lines)))

    assert [(one.line, one.message) for one in problems] == []


async def test_a_type_name_does_not_fit_another_event() -> None:
    source = f"const e: EventUserCreated = {json.dumps(sample('usage.alert.triggered'))};"

    assert await check(Script("types.ts", f"{source}\nexport default () => e;")) != []

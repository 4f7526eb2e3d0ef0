"""Who comes in, how a request has to look, and how much it may ask for."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone
from graphql import build_client_schema, get_introspection_query
from tests.doors.graphql.conftest import ACTOR, Script, global_id, read

from burnish_server.admin_keys import store
from burnish_server.admin_keys.models import AdminKey
from burnish_server.api_keys import store as api_keys
from burnish_server.audit.models import Entry
from burnish_server.identity.models import User

QUERY = "{ users { totalCount } }"


@pytest.mark.parametrize("path", ["/graphql", "/_api/admin/graphql"])
def test_a_program_that_signs_its_tokens_comes_in_by_both_addresses(
    script: Script, path: str
) -> None:
    answer = script.post({"query": QUERY}, path=path)

    assert answer.data == {"users": {"totalCount": 0}}
    assert AdminKey.objects.get().last_used_at is not None


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"exp": 1},
        {"exp": "soon"},
        {"nbf": 4_000_000_000},
        {"iat": 4_000_000_000},
        {"iat": 10**400},
    ],
)
def test_a_token_that_is_not_for_us_now_is_forbidden(script: Script, claims: Any) -> None:
    answer = script.post({"query": QUERY}, script.token(**claims))

    assert (answer.status, answer.response.content) == (403, b"Forbidden")


def test_clocks_may_differ_by_five_minutes_and_times_may_be_left_out(script: Script) -> None:
    now = timezone.now()

    late = script.token(exp=now - timedelta(minutes=4))
    early = script.token(iat=now + timedelta(minutes=4), nbf=now + timedelta(minutes=4))
    without = script.token(iat=None, exp=None, aud=["other", "burnish"])

    assert {script(QUERY, token).status for token in (late, early, without)} == {200}


def test_a_token_another_key_signed_is_forbidden(script: Script) -> None:
    other = rsa.generate_private_key(65537, 2048)
    claims = {"aud": "burnish"}
    forged = jwt.encode(claims, other, "RS256", headers={"kid": script.key_id})
    none = jwt.encode(claims, None, "none", headers={"kid": script.key_id})
    # The public key, which is no secret, used as one.
    public = AdminKey.objects.get().public_key.encode()
    head, body, _ = jwt.encode(claims, "x" * 32, "HS256", {"kid": script.key_id}).split(".")
    mixed = f"{head}.{body}.{_mac(public, f'{head}.{body}')}"
    unnamed = jwt.encode(claims, script.pem, "RS256")

    for token in (forged, none, mixed, unnamed, "x", "a.b.c", "bk_zzzzzzzz_" + "a" * 43):
        assert script.post({"query": QUERY}, token).status == 403


def _mac(key: bytes, text: str) -> str:
    digest = hmac.new(key, text.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def test_a_revoked_key_is_forbidden_and_the_log_says_so(script: Script) -> None:
    store.revoke("sync", ACTOR)

    assert script.post({"query": QUERY}).status == 403
    assert Entry.objects.latest("pk").action == "revoked"


def test_only_the_public_half_is_kept(script: Script) -> None:
    stored = str(AdminKey.objects.values().get())

    assert "BEGIN PUBLIC KEY" in stored
    assert "PRIVATE" not in stored


@pytest.mark.parametrize("is_private", [True, False])
def test_keys_of_authgear_s_secrets_are_taken_over(script: Script, is_private: bool) -> None:
    pair = rsa.generate_private_key(65537, 2048)
    algorithm = jwt.algorithms.RSAAlgorithm
    jwk = algorithm.to_jwk(pair if is_private else pair.public_key(), as_dict=True)

    store.take_over("old", {"keys": [{**jwk, "kid": "k1", "created_at": 1}]}, ACTOR, "myapp")

    token = jwt.encode({"aud": "myapp"}, pair, "RS256", headers={"kid": "k1"})
    assert script(QUERY, token).status == 200
    assert "PRIVATE" not in AdminKey.objects.get(key_id="k1").public_key


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"keys": []},
        {"keys": ["x"]},
        {"keys": [{"kty": "oct", "kid": "k", "k": "x"}]},
        {"keys": [{"kty": "RSA", "kid": "k", "n": "x", "e": "AQAB"}]},
        {"keys": [{"kty": "RSA", "kid": "k", "n": "AQAB", "e": "AQAB"}]},
        {"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]},
    ],
)
def test_what_is_no_key_set_is_not_taken_over(db: None, data: Any) -> None:
    with pytest.raises(store.UnfitKey):
        store.take_over("old", data, ACTOR, "myapp")

    assert not AdminKey.objects.exists()


def test_an_api_key_may_do_what_its_scopes_say(script: Script, user: Callable[..., User]) -> None:
    ada = user()
    _, text = api_keys.create("crm", ["users:read"], ACTOR)

    assert script(QUERY, text).data == {"users": {"totalCount": 1}}
    refused = script("{ roles { totalCount } }", text)
    assert refused.refusal == ("Forbidden", "InsufficientScope")
    assert refused.errors[0]["message"] == "This API key lacks the scope roles:read."
    gone = "mutation ($i: DeleteUserInput!) { deleteUser(input: $i) { deletedUserID } }"
    assert script(gone, text, i={"userID": global_id("User", ada.pk)}).refusal == (
        "Forbidden",
        "InsufficientScope",
    )
    assert User.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"7",
        b'{"query": 7}',
        b'{"query": "{ x }", "variables": []}',
        b'{"query": "{ x }", "operationName": 7}',
        b"[" * 50_000,
        b'{"query": "' + b"x" * 300_000 + b'"}',
    ],
)
def test_what_is_no_graphql_request_is_told_what_one_is(script: Script, body: bytes) -> None:
    answer = script.post(body)

    assert answer.status == 400
    assert answer.errors[0]["extensions"] == {"errorName": "BadRequest", "reason": "InvalidQuery"}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "{",
        "\0",
        "{ ghost }",
        "{ users { ghost } }",
        "query A { __typename } query B { __typename }",
        "subscription { users { totalCount } }",
        "{ ...F } fragment F on Query { ...F }",
        "{ users(first: 99999999999) { totalCount } }",
        '{ node(id: "x") { id } ' + '{ node(id: "x") { id }' * 5,
        "query ($x: Ghost!) { users(first: $x) { totalCount } }",
        "fragment F on Query { __typename }",
        '{ auditLogs(rangeFrom: "soon") { totalCount } }',
        '{ auditLogs(rangeFrom: "2026-11-25T08:00:00") { totalCount } }',
        "{ auditLogs(activityTypes: [7]) { totalCount } }",
        "{ node" * 1000 + "}" * 1000,
        "{ users(searchKeyword: " + "[" * 1500 + "]" * 1500 + ") { totalCount } }",
    ],
)
def test_a_query_that_makes_no_sense_is_refused_with_a_sentence(script: Script, query: str) -> None:
    assert script(query).refusal == ("BadRequest", "InvalidQuery")


@pytest.mark.parametrize(
    "value", ["[" * 5000 + "]" * 5000, '{"a":' * 900 + "1" + "}" * 900, "1e999"]
)
def test_values_that_are_odd_are_refused(
    script: Script, user: Callable[..., User], value: str
) -> None:
    query = "mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }"
    given = (
        f'{{"userID": "{global_id("User", user().pk)}", "standardAttributes": {{"name": VALUE}}}}'
    )
    body = f'{{"query": "{query}", "variables": {{"input": {given}}}}}'.replace("VALUE", value)

    answer = script.post(body.encode())

    assert answer.status in (200, 400)
    assert answer.errors[0]["extensions"]["errorName"] in ("BadRequest", "Invalid")


def _deep(levels: int) -> str:
    inside = "key"
    for level in range(levels):
        inside = f"{'roles' if level % 2 else 'groups'} {{ edges {{ node {{ {inside} }} }} }}"
    return f"{{ roles {{ edges {{ node {{ {inside} }} }} }} }}"


BOMB = "{ ...A } " + " ".join(
    f"fragment {a} on Query {{ {' '.join(f'...{b}' for _ in range(20))} }}"
    for a, b in zip("ABCDEFG", "BCDEFGH", strict=True)
)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (_deep(5), "levels"),
        ("{" * 900 + "}" * 900, "Syntax Error"),
        ("{ " + " ".join(f"a{n}: __typename users {{ totalCount }}" for n in range(40)), "Syntax"),
        ("{ " + " ".join(f"a{n}: users {{ totalCount }}" for n in range(40)) + " }", "aliases"),
        ("{ " + "users { totalCount } " * 2000 + "}", "token"),
        ("{ users { edges { node { roles { edges { node { users { edges { node { id } } } } } } } "
         "} } }", "values"),
        (BOMB + " fragment H on Query { users { totalCount } }", "fields"),
        ("mutation { " + " ".join(
            f'a{n}: createRole(input: {{key: "r{n}"}}) {{ role {{ id }} }}' for n in range(6)
        ) + " }", "mutations"),
    ],
)  # fmt: skip
def test_a_request_that_asks_for_too_much_is_refused(
    script: Script, query: str, words: str
) -> None:
    answer = script(query)

    assert answer.refusal == ("BadRequest", "InvalidQuery")
    assert words in answer.errors[0]["message"]


def test_introspection_works_for_tools(script: Script) -> None:
    answer = script(get_introspection_query())

    told = build_client_schema(answer.data)
    arguments = told.query_type.fields["users"].args
    assert {"first", "searchKeyword", "groupKeys", "roleKeys", "sortBy"} <= arguments.keys()
    assert "userID" in told.type_map["UpdateUserInput"].fields


def test_a_query_may_come_as_such(script: Script) -> None:
    response = script.client.post(
        "/graphql",
        QUERY,
        content_type="application/graphql",
        headers={"Authorization": f"Bearer {script.token()}"},
    )

    assert read(response).data == {"users": {"totalCount": 0}}


def test_a_key_that_asks_too_often_is_told_to_wait(script: Script, settings: Any) -> None:
    few = settings.BURNISH.api.model_copy(update={"requests_per_minute": 2})
    settings.BURNISH = settings.BURNISH.model_copy(update={"api": few})
    headers = {"Authorization": f"Bearer {script.token()}"}
    responses = [
        script.client.post("/graphql", b"", content_type="application/json", headers=headers)
        for _ in range(3)
    ]

    assert responses[-1].status_code == 429
    assert int(responses[-1].headers["Retry-After"]) > 0
    assert json.loads(responses[-1].content)["errors"][0]["extensions"]["reason"] == "RateLimited"


def test_a_page_lets_one_type_a_query(script: Script) -> None:
    page = script.client.get("/graphql")

    assert "<textarea" in page.content.decode()
    assert "https://" not in page.content.decode()
    assert script.client.put("/graphql").status_code == 405

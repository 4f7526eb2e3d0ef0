"""Values of every kind, through the ways by which values are stored: no database error, ever."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from burnish.attributes import custom, standard
from burnish.attributes.access import OPEN
from burnish.attributes.faults import InvalidValues
from burnish.profiles.fact import Fact
from burnish_server.identity.models import User
from burnish_server.profiles import edit, indexes, store
from burnish_server.profiles.models import CustomAttribute

pytestmark = pytest.mark.django_db(transaction=True)

texts = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    ["\ud800", "a\0b", "", " ", "x" * 100_000, "sv", "2026-03-04", "+46701740605", "a@b.example"]
)
numbers = st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), 2**64, 1e308])
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
deep: Any = "bottom"
for _ in range(500):
    deep = [deep]

NAMES = [*standard.RULES, *custom.TYPES]


@pytest.fixture
def user(attribute: Callable[..., CustomAttribute]) -> User:
    for place, kind in enumerate(custom.TYPES):
        options = {"enum": ["free", "pro"]} if kind == "enum" else {}
        name = f"of_type_{kind}"
        attribute(name, type=kind, access=OPEN.model_dump(), indexed=place < 9, **options)
    indexes.sync()
    return User.objects.create(email="ada@nordlake.example")


def given_values(test: Any) -> Any:
    quick = settings(
        max_examples=100,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    whole = values | st.just(deep) | st.just({"formatted": "x", "more": deep})
    return quick(given(st.sampled_from(NAMES), whole)(test))


def read(value: Any) -> Any:
    """Return a value as a reader of JSON has it, to whom all numbers are floating point."""
    return json.loads(json.dumps(value), parse_int=float)


@given_values
def test_an_edit_is_stored_as_it_is_or_refused_with_a_sentence(
    user: User, name: str, value: Any
) -> None:
    name = name if name in standard.RULES else f"of_type_{name}"
    schema, owned = store.schema(), {"email": ["ada@nordlake.example"]}
    given_edit = edit.Edit({name: value}, "admin_api", "user")
    try:
        written = edit.edit(user.pk, given_edit, owned, schema, timezone.now())
    except InvalidValues as error:
        refused = error
    else:
        refused = None
    if refused:
        assert {fault.path for fault in refused.faults} == {f"/{name}"}
        return
    place = schema.find(name)
    assert place
    stored = store.of(user.pk)
    kept = stored.standard if place[0] == "standard" else stored.custom
    assert read(kept[place[1]]) == read(value)
    assert written.profile.version == stored.version


@given_values
def test_a_batch_leaves_out_what_is_refused_and_keeps_the_rest(
    user: User, name: str, value: Any
) -> None:
    schema, at = store.schema(), timezone.now()
    place = schema.find(name if name in standard.RULES else f"of_type_{name}")
    assert place
    store.say(user.pk, [Fact("standard", "nickname", "Ada", "user", at)], at, schema)
    said = [
        Fact(*place, value, "provider:acme", at, 0.9),
        Fact("standard", "gender", "female", "provider:acme", at),
    ]

    store.write_many({user.pk: said}, at, schema)

    assert store.of(user.pk).standard["gender"]
    assert store.of(user.pk).standard["nickname"]

"""The database is asked for a segment's users as its rule asks one profile."""

from typing import Any

import pytest

from burnish.profiles.predicate import Predicate
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, Profile
from burnish_server.segments import inside

pytestmark = pytest.mark.django_db

VALUES: list[dict[str, Any]] = [
    {},
    {"team": 1},
    {"team": 1.5},
    {"keen": True},
    {"keen": False},
    {"tags": ["a", "b"]},
    {"tags": ["b"], "team": 1},
    {"given_name": "Ada"},
]
RULES: list[list[dict[str, Any]]] = [
    [],
    [{"attribute": "team", "known": True}],
    [{"attribute": "team", "known": False}],
    [{"attribute": "team", "is": 1.0}],
    [{"attribute": "team", "one_of": [1, 1.5]}],
    [{"attribute": "keen", "is": True}],
    [{"attribute": "keen", "one_of": [1, False]}],
    [{"attribute": "tags", "is": "b"}],
    [{"attribute": "tags", "is": "b"}, {"attribute": "team", "is": 1}],
    [{"attribute": "given_name", "is": "Ada"}],
    [{"attribute": "given_name", "is": "ada"}],
    [{"attribute": "nobody", "known": False}],
    [{"attribute": "nobody", "is": "x"}],
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_it_finds_exactly_those_the_rule_holds_for(rule: list[dict[str, Any]]) -> None:
    kinds = {"team": "number", "keen": "boolean", "tags": "string_list"}
    ids = {
        name: CustomAttribute.objects.create(pointer=f"/{name}", type=kind).id
        for name, kind in kinds.items()
    }
    people = {User.objects.create().pk: values for values in VALUES}
    for user, values in people.items():
        custom = {ids[name]: value for name, value in values.items() if name in ids}
        standard = {name: value for name, value in values.items() if name not in ids}
        Profile.objects.create(user_id=user, standard=standard, custom=custom)
    predicates = [Predicate.model_validate(one) for one in rule]

    found = Profile.objects.filter(inside.of(predicates, store.schema()))

    held = {user for user, of in people.items() if all(one.holds(of) for one in predicates)}
    assert set(found.values_list("pk", flat=True)) == held

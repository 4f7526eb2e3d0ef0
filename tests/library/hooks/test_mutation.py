"""What a hook's mutation makes of a user's attributes, and whose facts come of it."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from burnish.attributes.custom import CustomAttribute
from burnish.attributes.schema import Schema
from burnish.hooks import mutation, verdict
from burnish.hooks.mutation import Draft
from burnish.profiles import edits
from burnish.profiles.fact import NOTHING

PATCHES = yaml.safe_load((Path(__file__).parent / "patches.yaml").read_text())
NOW = datetime(2026, 3, 4, tzinfo=UTC)
EMAIL = "ada@nordlake.example"
SCHEMA = Schema(
    tuple(
        CustomAttribute(id=f"id-{name}", pointer=f"/{name}", type="string")
        for name in ("city", "country", "plan")
    )
)
ASKED = {"geo": NOW, "tidy": NOW + timedelta(seconds=1)}

names = st.sampled_from(["city", "country", "plan", "nobody_defined"])
objects = st.dictionaries(names, st.sampled_from(["Lyon", "Paris", ""]))
patches = st.dictionaries(names, st.sampled_from(["Lyon", "Paris", None]))


def begun(**custom: Any) -> Draft:
    return mutation.begin({"standard_attributes": {"email": EMAIL}, "custom_attributes": custom})


def facts(draft: Draft, author: str | None = None) -> dict[str, tuple[Any, str]]:
    """Return whose word each changed attribute is."""
    said = edits.of(draft, SCHEMA, ASKED, author)
    return {fact.key: (fact.value, fact.source) for fact in said}


@pytest.mark.parametrize(("values", "patch", "after"), PATCHES)
def test_a_patch_is_a_json_merge_patch(values: Any, patch: Any, after: Any) -> None:
    before = deepcopy(values)

    assert mutation.patched(values, patch) == after
    assert values == before


@pytest.mark.parametrize("patch", [["c"], None, "bar", 7])
@pytest.mark.parametrize("member", ["standard_attributes_patch", "custom_attributes_patch"])
def test_a_patch_that_is_no_object_is_no_answer(member: str, patch: Any) -> None:
    answer = {"is_allowed": True, "mutations": {"user": {member: patch}}}

    assert isinstance(verdict.read(answer, frozenset({"mutations"})), verdict.Invalid)


@given(objects, patches)
def test_a_patch_touches_nothing_it_does_not_name(values: Any, patch: Any) -> None:
    after = mutation.patched(values, patch)

    assert {name: after.get(name) for name in {*values, *after} - {*patch}} == {
        name: value for name, value in values.items() if name not in patch
    }
    assert {name: after.get(name) for name in patch} == patch


@given(objects, patches)
def test_a_patch_done_twice_is_a_patch_done_once(values: Any, patch: Any) -> None:
    once = mutation.patched(values, patch)

    assert mutation.patched(once, patch) == once


def test_a_hook_s_facts_are_what_it_changed_and_not_what_it_passed_through() -> None:
    draft = mutation.apply(
        begun(city="Lyon", country="France"),
        "geo",
        {"custom_attributes": {"city": "Paris", "country": "France"}},
        SCHEMA,
    )

    assert facts(draft) == {"id-city": ("Paris", "hook:geo")}


def test_what_a_hook_left_out_is_its_word_that_there_is_nothing() -> None:
    draft = mutation.apply(
        begun(city="Lyon", country="France"), "geo", {"custom_attributes": {"city": "Lyon"}}, SCHEMA
    )

    assert facts(draft) == {"id-country": (NOTHING, "hook:geo")}


def test_the_last_hook_to_change_an_attribute_is_the_one_that_said_it() -> None:
    draft = begun(city="lyon")
    for hook, city in (("geo", "LYON"), ("tidy", "Lyon")):
        patch = {"custom_attributes_patch": {"city": city}}
        draft = mutation.apply(draft, hook, patch, SCHEMA)

    [fact] = edits.of(draft, SCHEMA, ASKED, None)

    assert (fact.value, fact.source, fact.observed_at) == ("Lyon", "hook:tidy", ASKED["tidy"])


@pytest.mark.parametrize(
    ("author", "standing"), [("user", "person"), ("admin", "administrator"), (None, "guess")]
)
def test_an_edit_within_an_operation_has_its_author_s_standing(
    author: str | None, standing: str
) -> None:
    draft = mutation.apply(begun(), "geo", {"custom_attributes": {"city": "Lyon"}}, SCHEMA)

    [fact] = edits.of(draft, SCHEMA, ASKED, author)

    assert fact.standing == standing


def test_what_an_identity_gives_is_no_hook_s_to_delete() -> None:
    draft = mutation.apply(begun(), "geo", {"standard_attributes": {}}, SCHEMA)

    assert draft.standard == {"email": EMAIL}
    assert facts(draft) == {}


@given(objects, objects | patches)
def test_facts_are_exactly_the_differences(before: Any, answer: Any) -> None:
    known = {name: value for name, value in before.items() if name in SCHEMA.by_name}
    draft = begun(**known)
    member = "custom_attributes_patch" if None in answer.values() else "custom_attributes"

    after = mutation.apply(draft, "geo", {member: answer}, SCHEMA)

    changed = {
        f"id-{name}": (after.custom.get(name, NOTHING), "hook:geo")
        for name in SCHEMA.by_name
        if known.get(name, NOTHING) != after.custom.get(name, NOTHING)
    }
    assert facts(after) == changed

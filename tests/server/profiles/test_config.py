"""Attributes between a configuration file and the database."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from burnish.attributes import custom
from burnish.attributes.access import _LEGAL, Access
from burnish.attributes.fragment import UserProfile
from burnish.attributes.merge import Merge
from burnish.attributes.standard import DEFAULTS
from burnish.config import Config, Plan, read
from burnish.file import write
from burnish_server.audit.log import Actor
from burnish_server.profiles import apply
from burnish_server.profiles.export import export
from burnish_server.profiles.models import CustomAttribute

pytestmark = pytest.mark.django_db

ME = Actor.at_command_line()

# As a project of Authgear's has it.
CARRIED_OVER = """
standard_attributes:
  population: {strategy: none}
  access_control:
  - pointer: /website
    access_control: {end_user: hidden, bearer: readonly, portal_ui: readonly}
custom_attributes:
  attributes:
  - {id: "0000", pointer: /team, type: enum, enum: [support, design],
     access_control: {end_user: hidden, bearer: hidden, portal_ui: readonly}}
  - {id: "0001", pointer: /licences, type: integer, minimum: 2, maximum: 40}
  - {id: "0002", pointer: /home_country, type: country_code}
"""


def applied(section: UserProfile) -> Plan:
    """Apply a section, and return what would change if it were applied again."""
    with transaction.atomic():
        apply.apply(section, ME, allow_loss=False)
    return apply.plan(section)


def reread(content: dict[str, Any], folder: Path) -> UserProfile:
    """Return the section as it is read from a file it was written to."""
    path = folder / "burnish.yaml"
    path.write_text(write({"user_profile": content}), "utf-8")
    config = read(path)
    assert isinstance(config, Config), config
    assert config.user_profile
    return config.user_profile


def test_a_fragment_of_authgear_s_is_applied_as_it_is() -> None:
    section = UserProfile.model_validate(yaml.safe_load(CARRIED_OVER))

    assert applied(section) == Plan()

    exported = export()
    assert exported["standard_attributes"]["population"] == {"strategy": "none"}
    website = next(
        entry
        for entry in exported["standard_attributes"]["access_control"]
        if entry["pointer"] == "/website"
    )
    assert website["access_control"]["bearer"] == "readonly"
    attributes = exported["custom_attributes"]["attributes"]
    assert [one["id"] for one in attributes] == ["0000", "0001", "0002"]
    assert attributes[1]["maximum"] == 40


ACCESS = st.sampled_from(sorted(_LEGAL)).map(
    lambda triple: Access(end_user=triple[0], bearer=triple[1], portal_ui=triple[2])
)
MERGE = st.builds(
    Merge,
    by=st.sampled_from(["standing", "newest", "most_confident"]),
    prefer=st.lists(st.sampled_from(["user", "hook:geo", "provider"]), max_size=2).map(tuple),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
BOUND = (
    st.none()
    | st.integers(-(10**20) + 1, 10**20 - 1)
    | st.integers(-(10**9), 10**9).map(lambda number: number / 1000)
)


@st.composite
def definition(draw: st.DrawFn, name: str) -> custom.CustomAttribute:
    type = draw(st.sampled_from(custom.TYPES))
    entry: dict[str, Any] = {
        "id": draw(TEXT.filter(bool)) + name,
        "pointer": f"/{name}",
        "type": type,
        "access_control": draw(ACCESS),
        "merge": draw(MERGE),
    }
    for option in ("label", "help_text", "purpose"):
        entry[option] = draw(TEXT)
    for option in ("indexed", "sensitive", "retired"):
        entry[option] = draw(st.booleans())
    if type == "enum":
        words = st.sampled_from(["no", "0001", "null", "1e3", "gold"])
        entry["enum"] = draw(st.lists(words, min_size=1, unique=True))
    if type == "number":
        bounds = sorted(bound for bound in (draw(BOUND), draw(BOUND)) if bound is not None)
        entry |= dict(zip(("minimum", "maximum"), bounds, strict=False))
    return custom.CustomAttribute.model_validate(entry)


@st.composite
def section(draw: st.DrawFn) -> UserProfile:
    names = draw(st.permutations(["a", "b", "c_1"]))
    standard = [
        {"pointer": f"/{name}", "access_control": draw(ACCESS), "merge": draw(MERGE)}
        for name in draw(st.lists(st.sampled_from(sorted(DEFAULTS)), unique=True, max_size=3))
    ]
    attributes = [draw(definition(name)) for name in names]
    return UserProfile.model_validate(
        {
            "standard_attributes": {
                "population": {"strategy": draw(st.sampled_from(["none", "on_signup"]))},
                "access_control": standard,
            },
            "custom_attributes": {"attributes": attributes},
        }
    )


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(section())
def test_what_is_exported_can_be_read_and_changes_nothing(
    tmp_path: Path, section: UserProfile
) -> None:
    CustomAttribute.objects.all().delete()

    again = applied(section)
    exported = reread(export(), tmp_path)

    assert again == Plan()
    assert apply.plan(exported) == Plan()
    assert exported.custom_attributes == section.custom_attributes
    CustomAttribute.objects.all().delete()
    assert applied(exported) == Plan()


@pytest.mark.parametrize(
    "options",
    [
        {"id": "i" * 65},
        {"id": "a\0b"},
        {"pointer": f"/{'n' * 80}"},
        {"maximum": 10**20},
        {"maximum": 1e300},
        {"maximum": float("inf")},
        {"minimum": float("nan")},
        {"minimum": 1e-11},
    ],
)
def test_a_definition_the_database_cannot_keep_is_refused(options: dict[str, Any]) -> None:
    entry = {"id": "a", "pointer": "/a", "type": "number"} | options

    refused = custom.parse(entry)

    assert isinstance(refused, list)
    assert refused[0].path.split(".")[0] in options

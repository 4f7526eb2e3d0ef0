"""Attributes that must belong to an identity, when identities change; and social sign-ups."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from burnish.hooks.outcome import Passed
from burnish_server.audit.log import Actor
from burnish_server.hooks.models import Hook
from burnish_server.identity import owned
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import change_identities, signup
from burnish_server.identity.models import User
from burnish_server.profiles import definitions, store
from burnish_server.profiles.models import CustomAttribute, Profile

pytestmark = pytest.mark.django_db(transaction=True)

CLAIMS = {
    "name": "Ada Brand",
    "given_name": " Ada ",
    "email": "ada@social.example",
    "locale": "sv_SE",
    "zoneinfo": "Europe/Stockholm",
    "picture": "javascript:alert(1)",
    "sub": "42",
}
ME = Actor("cli", "command line")


def sign_up(social: signup.Social | None = None) -> Profile:
    schema = store.schema()
    who = signup.candidate("ada@nordlake.example", "correct horse", social=social)
    passed = signup.ask(who, Circumstances("user"), schema)
    assert isinstance(passed, Passed)
    return store.of(signup.create(who, passed, Circumstances("user"), schema).pk)


def identities_changed(user: User) -> None:
    gone = EmailAddress(user=user, email="ada@nordlake.example")
    change_identities.email_removed(None, user, gone)


def test_a_removed_address_leaves_the_profile_and_the_next_takes_its_place() -> None:
    profile = sign_up()
    user = User.objects.get(pk=profile.pk)
    EmailAddress.objects.create(user=user, email="ada@elsewhere.example", verified=True)
    EmailAddress.objects.filter(email="ada@nordlake.example").delete()

    identities_changed(user)

    profile.refresh_from_db()
    assert profile.standard == {"email": "ada@elsewhere.example"}
    assert owned.derived(user, profile)["email_verified"] is True


def test_without_any_address_there_is_no_email_nor_whether_it_is_verified() -> None:
    profile = sign_up()
    user = User.objects.get(pk=profile.pk)
    EmailAddress.objects.all().delete()

    identities_changed(user)

    profile.refresh_from_db()
    assert profile.standard == {}
    assert list(owned.derived(user, profile)) == ["updated_at"]


def test_a_social_identity_fills_in_what_is_valid() -> None:
    profile = sign_up(signup.Social("google", "42", CLAIMS))

    assert profile.standard == {
        "email": "ada@nordlake.example",
        "name": "Ada Brand",
        "given_name": "Ada",
        "zoneinfo": "Europe/Stockholm",
    }
    assert list(profile.facts["standard"]["name"]) == ["social:google"]


def test_a_project_may_take_nothing_over_from_social_identities() -> None:
    definitions.populate("none", ME)

    assert sign_up(signup.Social("google", "42", CLAIMS)).standard == {
        "email": "ada@nordlake.example"
    }


def test_a_hook_sees_what_was_taken_over_and_its_own_change_is_its_own(
    hook: Callable[..., Hook], attribute: Callable[..., CustomAttribute]
) -> None:
    city = attribute("city")
    hook(
        "tidy",
        """export default (e) => ({ is_allowed: true, mutations: { user: {
          standard_attributes_patch: { name: e.payload.user.standard_attributes.name.toUpperCase(),
            zoneinfo: null },
          custom_attributes_patch: { city: "Lyon" } } } })""",
    )

    profile = sign_up(signup.Social("google", "42", CLAIMS))

    assert profile.standard == {
        "email": "ada@nordlake.example",
        "name": "ADA BRAND",
        "given_name": "Ada",
    }
    assert profile.custom == {city.id: "Lyon"}
    said = profile.facts["standard"]
    assert {name: sorted(sources) for name, sources in said.items()} == {
        "email": ["user"],
        "name": ["hook:tidy", "social:google"],
        "given_name": ["social:google"],
        "zoneinfo": ["hook:tidy", "social:google"],
    }
    assert "value" not in said["zoneinfo"]["hook:tidy"]
    assert {line.act for line in store.history(profile.pk)} == {"said"}
    assert profile.updated_at <= timezone.now()

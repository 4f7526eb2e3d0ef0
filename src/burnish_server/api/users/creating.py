"""Making users: they sign up by an administrator's hand, and hooks have their say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Schema, Status
from pydantic import ConfigDict, Field

from burnish.attributes.faults import Fault, InvalidValues
from burnish.attributes.schema import Schema as Attributes
from burnish.attributes.standard import DERIVED
from burnish.hooks.membership import Memberships
from burnish.hooks.outcome import Passed
from burnish.profiles.document import Document
from burnish.profiles.fact import Fact
from burnish_server.api import deed
from burnish_server.api.auth import Key
from burnish_server.api.problems import Problem
from burnish_server.api.text import Storable
from burnish_server.api.users import which
from burnish_server.api.users.refused import passed
from burnish_server.api.users.router import router
from burnish_server.api.users.shown import ShownUser, show_one
from burnish_server.api.users.which import AROUND
from burnish_server.api_keys.scope import USERS_WRITE
from burnish_server.identity.flows import on_behalf, signup
from burnish_server.identity.flows.administrator import Unacceptable
from burnish_server.identity.flows.signup import Candidate
from burnish_server.identity.login_id import LoginId
from burnish_server.identity.models import User
from burnish_server.profiles import edit, store
from burnish_server.profiles.edit import Edit
from burnish_server.roles import tie

Text = Annotated[Storable, Field(min_length=1, max_length=320)]
Keys = Annotated[list[Annotated[Storable, Field(max_length=80)]], Field(max_length=200)]

_CLAIMS = {"email": "email", "phone": "phone_number", "username": "preferred_username"}

_NEW: dict[str, Any] = {
    "email": "ada@nordlake.example",
    "email_verified": True,
    "standard_attributes": {"given_name": "Ada"},
    "custom_attributes": {"city": "Lyon"},
    "roles": ["editor"],
    "enrich": True,
}


class NewUser(Schema):
    """Who is to become a user. One of `email`, `phone_number` and `username` is needed."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        use_attribute_docstrings=True,
        json_schema_extra={"examples": [_NEW]},
    )

    email: Text | None = None
    """The address they sign in with."""
    email_verified: bool = False
    """Whether it was shown to be theirs."""
    phone_number: Text | None = None
    """The number they sign in with, with its country code."""
    username: Text | None = None
    """The name they sign in with."""
    password: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    """Left out, they set one with "Forgot your password?", or come in by a code."""
    standard_attributes: dict[str, Any] = Field(default_factory=dict)
    custom_attributes: dict[str, Any] = Field(default_factory=dict)
    roles: Keys = Field(default_factory=list)
    """Keys of roles."""
    groups: Keys = Field(default_factory=list)
    """Keys of groups."""
    enrich: bool = False
    """Whether providers are asked for what is missing, as at any sign-up."""

    def login_ids(self) -> Mapping[str, str]:
        """Return what they are to sign in with, by `email`, `phone` and `username`."""
        given = {"email": self.email, "phone": self.phone_number, "username": self.username}
        return {key: text for key, text in given.items() if text}


@router.post("/users", response={201: ShownUser}, auth=Key(USERS_WRITE))
def create_user(request: HttpRequest, response: HttpResponse, new: NewUser) -> Any:
    """Make a user. Hooks of `user.pre_create` are asked and may refuse or change them."""
    schema = store.schema()
    who = _candidate(new, schema)
    if new.enrich:
        who = signup.enriched(who, AROUND, schema)
    outcome = passed(signup.ask(who, AROUND, schema))
    assert isinstance(outcome, Passed)  # noqa: S101 - whatever else there is was raised
    try:
        with transaction.atomic():
            made = signup.create(who, outcome, AROUND, schema)
            detail = {"attributes": sorted({*new.standard_attributes, *new.custom_attributes})}
            deed.record(request, "added", "user", made.pk, made, detail)
    except signup.EmailTaken:
        raise taken() from None
    response["Location"] = f"/api/v1/users/{made.pk}"
    return Status(201, show_one(which.user(str(made.pk))))


def taken() -> Problem:
    """Return the problem that somebody else signs in with this."""
    return Problem(409, "identity_taken", "Somebody else signs in with this already.")


def _candidate(new: NewUser, schema: Attributes) -> Candidate:
    given = new.login_ids()
    if not given:
        sentence = "give at least one of email, phone_number and username"
        raise InvalidValues([Fault("", sentence)])
    own = {key: _checked(key, text) for key, text in given.items()}
    if any(_exists(one) for one in own.values()):
        raise taken()
    password = _password(new.password, User(email=own["email"].value if "email" in own else None))
    held = _held(new)
    who = signup.candidate(
        own["email"].typed if "email" in own else "",
        password,
        phone_number=own["phone"].value if "phone" in own else "",
        username=own["username"].value if "username" in own else "",
        verified=new.email_verified and "email" in own,
    )
    return replace(who, populated=_said(new, own, schema, who), held=held)


def _checked(key: str, text: str) -> LoginId:
    try:
        return on_behalf.checked(key, text)
    except Unacceptable as error:
        where = "phone_number" if key == "phone" else key
        raise InvalidValues([Fault(f"/{where}", str(error))]) from None


def _password(text: str | None, user: User) -> str | None:
    if text is None:
        return None
    try:
        return on_behalf.password(text, user)
    except Unacceptable as error:
        raise InvalidValues([Fault("/password", str(error))]) from None


def _exists(one: LoginId) -> bool:
    field = "phone_number" if one.key == "phone" else one.key
    return User.objects.filter(**{field: one.value}).exists()


def _held(new: NewUser) -> Memberships:
    tie.ids(tie.ROLES_OF_USERS.kind, new.roles)
    tie.ids(tie.GROUPS_OF_USERS.kind, new.groups)
    return Memberships(tuple(sorted({*new.roles})), tuple(sorted({*new.groups})))


def _said(
    new: NewUser, own: Mapping[str, LoginId], schema: Attributes, who: Candidate
) -> tuple[Fact, ...]:
    coupled = {_CLAIMS[key]: [one.value] for key, one in own.items()}
    faults: list[Fault] = []
    facts: list[Fact] = []
    for group, values in (
        ("standard_attributes", new.standard_attributes),
        ("custom_attributes", new.custom_attributes),
    ):
        faults += misplaced(group, values, schema)
        good = {name: one for name, one in values.items() if schema.find(name)}
        try:
            said = edit.speech([Edit(good, "admin_api", "admin")], coupled, schema, who.at)
            facts += said(Document())[0]
        except InvalidValues as error:
            faults += [Fault(f"/{group}{one.path}", one.message) for one in error.faults]
    if faults:
        raise InvalidValues(faults)
    return tuple(facts)


def misplaced(group: str, values: Mapping[str, Any], schema: Attributes) -> list[Fault]:
    """Return what is wrong with the names in `standard_attributes` or `custom_attributes`."""
    kind = group.removesuffix("_attributes")
    faults = []
    for name in values:
        place = schema.find(name)
        if name in DERIVED:
            faults.append(Fault(f"/{group}/{name}", "is worked out; leave it out"))
        elif place is None or place[0] != kind:
            faults.append(Fault(f"/{group}/{name}", f"there is no such {kind} attribute"))
    return faults

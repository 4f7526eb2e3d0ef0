"""Which users a list shows: each filter is an index's question, and all of them hold."""

from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field

from burnish.attributes.faults import Fault
from burnish_server.api.problems import Problem
from burnish_server.api.text import Storable
from burnish_server.identity.login_id import name, number
from burnish_server.identity.models import User
from burnish_server.profiles import search, store
from burnish_server.profiles.models import Profile
from burnish_server.roles import listing
from burnish_server.segments import inside
from burnish_server.segments import store as segments

Status = Literal[
    "active", "disabled", "deletion_scheduled", "anonymization_scheduled", "anonymized"
]


def _plus(text: object) -> object:
    # In a query, a plus that was not escaped is a blank.
    return f"+{text[1:]}" if isinstance(text, str) and text.startswith(" ") else text


def _zoned(text: object) -> object:
    return text.replace(" ", "+") if isinstance(text, str) and "T" in text else text


Text = Annotated[Storable, Field(max_length=320)]
Moment = Annotated[AwareDatetime, BeforeValidator(_zoned)]


class Filters(Schema):
    """What users must be; what is left out leaves nobody out."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    q: Text = ""
    """How an e-mail address, a phone number, a username, a name or an indexed attribute begins, or
    an id; `@nordlake.example` looks for a domain. Finds up to 1000 users."""
    id: Annotated[list[UUID], Field(max_length=100)] = Field(default_factory=list)
    """One of these."""
    email: Text = ""
    """The address they sign in with, in any case."""
    domain: Annotated[Text, Field(examples=["nordlake.example"])] = ""
    """What stands behind the @ of that address."""
    phone_number: Annotated[Text, BeforeValidator(_plus)] = ""
    """The number they sign in with."""
    username: Text = ""
    """The name they sign in with."""
    name: Text = ""
    """How a name, a given name or a family name begins. Finds up to 1000 users."""
    attribute: Annotated[list[Text], Field(max_length=10, examples=[["city=Lyon"]])] = Field(
        default_factory=list
    )
    """`city=Lyon`: what an indexed attribute is, in any case; `city:ly`: how it begins."""
    role: Annotated[list[Text], Field(max_length=20)] = Field(default_factory=list)
    """A key of a role they have, by a group too; one of several."""
    group: Annotated[list[Text], Field(max_length=20)] = Field(default_factory=list)
    """A key of a group they are in; one of several."""
    segment: Text = ""
    """The name of a segment they are in now. It is looked for from the newest user on."""
    status: Status | None = None
    """How their account stands."""
    created_from: Moment | None = None
    """When they were created at the earliest."""
    created_before: Moment | None = None
    """Before when they were created."""


STATUSES: dict[str, Q] = {
    "active": Q(is_active=True),
    "disabled": Q(is_active=False),
    "deletion_scheduled": Q(delete_at__isnull=False),
    "anonymization_scheduled": Q(anonymize_at__isnull=False),
    "anonymized": Q(anonymized_at__isnull=False),
}


def apply(users: QuerySet[User], wanted: Filters) -> QuerySet[User]:
    """Return those of the users all filters hold for. Raises a problem for what makes no sense."""
    users = users.filter(*_plain(wanted))
    for place, text in enumerate(wanted.attribute):
        users = _by_attribute(users, text, f"/attribute/{place}")
    if wanted.role or wanted.group:
        users = listing.users_with(users, wanted.role or None, wanted.group or None)
    if wanted.segment:
        users = _by_segment(users, wanted.segment)
    if wanted.q:
        users = users.filter(pk__in=search.find(wanted.q, store.schema(), "admin_api").users)
    if wanted.name:
        users = users.filter(pk__in=search.find_named(wanted.name).users)
    return users


def _plain(wanted: Filters) -> list[Q]:
    makers: dict[str, Callable[[str], Q]] = {
        "email": lambda text: Q(email=text.strip().lower()),
        "phone_number": lambda text: Q(phone_number=number(text)),
        "username": lambda text: Q(username=name(text)),
    }
    found = [make(text) for field, make in makers.items() if (text := getattr(wanted, field))]
    if wanted.domain:
        found.append(_at(wanted.domain))
    if wanted.id:
        found.append(Q(pk__in=wanted.id))
    if wanted.status:
        found.append(STATUSES[wanted.status])
    if wanted.created_from:
        found.append(Q(created_at__gte=wanted.created_from))
    if wanted.created_before:
        found.append(Q(created_at__lt=wanted.created_before))
    return found


def _at(domain: str) -> Q:
    # As the index has it.
    split = Func(F("email"), Value("@"), Value(2), function="split_part", output_field=TextField())
    part = Lower(split)
    return Q(Exact(part, domain.strip().removeprefix("@").lower()))


def _by_attribute(users: QuerySet[User], text: str, place: str) -> QuerySet[User]:
    try:
        sql, parameters = search.where(text, store.schema(), "admin_api")
    except search.Unsearchable as error:
        raise Problem(422, "unsearchable", str(error), [Fault(place, str(error))]) from None
    among = f"identity_user.id IN ({sql})"
    return users.extra(where=[among], params=parameters)  # noqa: S610 - made by the search


def _by_segment(users: QuerySet[User], name: str) -> QuerySet[User]:
    rule = segments.rules().get(name)
    if rule is None:
        sentence = f"There is no segment {name}."
        raise Problem(422, "unknown_segment", sentence, [Fault("/segment", sentence)])
    return users.filter(pk__in=Profile.objects.filter(inside.of(rule, store.schema())).values("pk"))

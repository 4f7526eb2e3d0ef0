"""Sign-up: a candidate is put before the hooks, and only then becomes a user.

Nothing is stored and nothing is held while the hooks are asked; then one short transaction
writes the user, the profile and the event, or nothing at all.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import structlog
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from burnish.attributes import population
from burnish.attributes.schema import Schema
from burnish.events import entities
from burnish.events.entities import LOGIN_ID_CLAIMS
from burnish.events.user import UserCreated, UserPreCreate
from burnish.hooks.membership import Memberships
from burnish.hooks.outcome import Outcome, Passed
from burnish.profiles.document import Change, Document, amend
from burnish.profiles.fact import NOTHING, Fact
from burnish.profiles.policy import policies
from burnish_server.enrichment import store as enrichment
from burnish_server.hooks import store as hooks
from burnish_server.hooks.ask import ask as ask_hooks
from burnish_server.hooks.ask import unasked
from burnish_server.identity import entities as described
from burnish_server.identity import login_id
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import enrich, filling, hooks_edits
from burnish_server.identity.flows import enriched as events
from burnish_server.identity.flows import sign_up_questions as questions
from burnish_server.identity.flows.filling import Filling
from burnish_server.identity.flows.sign_up_questions import NOTHING_ASKED, Answers
from burnish_server.identity.login_id import LoginId
from burnish_server.identity.models import User
from burnish_server.profiles import late
from burnish_server.profiles import store as profiles
from burnish_server.profiles.models import Profile
from burnish_server.roles import tie

log = structlog.get_logger("burnish.enrichment")

# Hashing keeps a core busy without Python's lock, so it fills the time a vendor takes.
_hashing = ThreadPoolExecutor(thread_name_prefix="password")


SIGN_UP = "sign_up"

NOTHING_HELD = Memberships()


class EmailTaken(Exception):
    """Somebody else came first with this e-mail address, phone number or username."""


@dataclass(frozen=True, slots=True)
class Social:
    """A social identity somebody signs up with: the provider's key, and what it says of them."""

    provider: str
    subject: str
    claims: Mapping[str, Any]

    @property
    def source(self) -> str:
        """The source its values are marked with."""
        return f"social:{self.provider}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is about to become a user; the id is theirs already."""

    id: UUID
    email: str
    """Empty for somebody who comes without one."""
    typed_email: str
    password: Future[str]
    """The hash, on its way: it is made while the hooks are asked."""
    at: datetime
    can_reauthenticate: bool
    verified: bool = False
    """Whether the e-mail address was shown to be theirs."""
    social: Social | None = None
    answers: Answers = NOTHING_ASKED
    """What they answered to the questions of the form."""
    populated: tuple[Fact, ...] = ()
    """What was taken over from a social identity."""
    filling: Filling | None = None
    """What providers said of them so far."""
    others: tuple[LoginId, ...] = ()
    """A phone number and a username, as far as they come with such."""
    held: Memberships = NOTHING_HELD
    """The roles and groups they are given; hooks may set others."""

    @property
    def login_ids(self) -> tuple[LoginId, ...]:
        """What they are to sign in with, an e-mail address first."""
        email = LoginId("email", self.email, self.typed_email)
        return (email, *self.others) if self.email else self.others

    def as_user(self, schema: Schema) -> entities.User:
        """Return the user as the hooks see it."""
        seconds = int(self.at.timestamp())
        document = self.as_document(schema)
        names = {one.id: one.name for one in schema.custom}
        return entities.User(
            id=str(self.id),
            created_at=self.at,
            updated_at=self.at,
            standard_attributes={
                **document.standard,
                **self._derived(),
                "updated_at": seconds,
            },
            custom_attributes={names[key]: value for key, value in document.custom.items()},
            is_verified=self.verified,
            can_reauthenticate=self.can_reauthenticate,
            roles=self.held.roles,
            groups=self.held.groups,
        )

    def as_facts(self, author: str) -> tuple[Fact, ...]:
        """Return what is known before any hook is asked: `author` typed what they sign in with."""
        filled = self.filling.facts if self.filling else ()
        typed = (
            Fact("standard", LOGIN_ID_CLAIMS[one.key], one.value, author, self.at)
            for one in self.login_ids
        )
        return (*typed, *self.answers.as_facts(self.at), *self.populated, *filled)

    def as_document(self, schema: Schema) -> Document:
        """Return the profile as it would be without any hook."""
        return amend(Document(), self.as_facts("user"), self.at, policies(schema)).document

    def as_identities(self) -> tuple[entities.Identity, ...]:
        """Return the ways they sign in as the hooks see them, the one they came by first."""
        social = described.social(self.id, self.at, self.social) if self.social else None
        typed = (
            described.login_id(self.id, self.at, one.key, one.value, one.typed)
            for one in self.login_ids
        )
        return (*([social] if social else []), *typed)

    def _derived(self) -> dict[str, bool]:
        verified = {"email": self.verified, "phone": False}
        keys = {one.key for one in self.login_ids}
        return {f"{LOGIN_ID_CLAIMS[k]}_verified": v for k, v in verified.items() if k in keys}


def candidate(
    email: str,
    password: str | None,
    *,
    phone_number: str = "",
    username: str = "",
    verified: bool = False,
    social: Social | None = None,
    answers: Answers = NOTHING_ASKED,
) -> Candidate:
    """Return a candidate; without a password they set one later.

    Not all of `email`, `phone_number` and `username` are empty. What a social identity says of
    them is taken over, unless the project settled otherwise.
    """
    at = timezone.now()
    return Candidate(
        id=uuid4(),
        email=email.strip().lower(),
        typed_email=email.strip(),
        password=_hashing.submit(make_password, password),
        at=at,
        can_reauthenticate=password is not None,
        verified=verified,
        social=social,
        answers=answers,
        populated=populated(social, at) if social else (),
        others=login_id.others(phone_number, username),
    )


def populated(social: Social, at: datetime) -> tuple[Fact, ...]:
    """Return what is taken over of what a social identity says, unless nothing is to be."""
    if profiles.population() == "none":
        return ()
    values = population.extract(social.provider, social.claims)
    return tuple(Fact("standard", name, value, social.source, at) for name, value in values.items())


def enriched(who: Candidate, circumstances: Circumstances, schema: Schema) -> Candidate:
    """Return the candidate with what providers say of them within the time budget.

    Whatever they do, the sign-up goes on.
    """
    document = who.as_document(schema)
    given = {**document.standard, **who.answers.scalars, **filling.context_of(circumstances)}
    setup = enrichment.setup()
    try:
        begun = filling.begin(SIGN_UP, given, document, (), setup.sign_up, setup=setup)
    except Exception:
        log.exception("sign-up not enriched", user_id=str(who.id))
        return who
    return replace(who, filling=begun)


def ask(who: Candidate, circumstances: Circumstances, schema: Schema) -> Outcome:
    """Return what the hooks of `user.pre_create` make of the candidate."""
    event = UserPreCreate(who.as_user(schema), who.as_identities())
    return ask_hooks(event, circumstances.context(str(who.id), who.at), schema)


def create(who: Candidate, passed: Passed, circumstances: Circumstances, schema: Schema) -> User:
    """Make the candidate a user, with the profile as the hooks left it.

    Raises `EmailTaken` when the address was taken meanwhile, and `UnknownKeys` when a role or a
    group they are given went; nothing is stored then.
    """
    password = who.password.result()
    try:
        with transaction.atomic():
            return _write(who, password, passed, circumstances, schema)
    except IntegrityError as error:
        if _is_taken(who):
            raise EmailTaken from error
        raise


def rehearse(who: Candidate, circumstances: Circumstances, schema: Schema) -> None:
    """Do the work of `create` without asking hooks, and undo it.

    A sign-up with an address that has an account takes as long as any other this way. `who` signs
    up with what nobody has: see `stand_in`.
    """
    password = who.password.result()
    passed = unasked(UserPreCreate(who.as_user(schema), who.as_identities()))
    with transaction.atomic():
        _write(who, password, passed, circumstances, schema)
        transaction.set_rollback(True)


def stand_in(
    email: str, password: str | None, phone_number: str, username: str, answers: Answers
) -> Candidate:
    """Return a candidate like the one who signs up, with login ids that nobody has."""
    own = uuid4()
    domain = email.rpartition("@")[2]
    return candidate(
        f"{own.hex}@{domain}" if email else "",
        password,
        phone_number=f"+999{own.int % 10**11:011}" if phone_number else "",
        username=own.hex if username else "",
        answers=answers,
    )


def _write(
    who: Candidate, password: str, passed: Passed, circumstances: Circumstances, schema: Schema
) -> User:
    user = _store(who, password)
    author = circumstances.author
    profile = profiles.create(who.id, passed, who.as_facts(author), schema, author, who.at)
    late.keep(passed, who.id, who.at)
    _give(who)
    hooks_edits.memberships(user, passed)
    present = described.user(user, profile, schema)
    created = UserCreated(present, who.as_identities())
    hooks.happened(created, circumstances.context(str(who.id), who.at), who.at)
    questions.note(user, who.answers, circumstances, who.at)
    if who.filling:
        enrich.keep(who.filling, who.id)
        filled = changes_by(who.filling.facts, profile)
        events.tell(present, who.filling.facts, filled, schema, circumstances)
    return user


def _store(who: Candidate, password: str) -> User:
    own = {login_id.FIELDS[one.key]: one.value for one in who.login_ids}
    user = User.objects.create(id=who.id, password=password, created_at=who.at, **own)
    if who.email:
        EmailAddress.objects.create(user=user, email=who.email, primary=True, verified=who.verified)
    return user


def _give(who: Candidate) -> None:
    if who.held.roles:
        tie.add(tie.ROLES_OF_USERS, [who.id], who.held.roles)
    if who.held.groups:
        tie.add(tie.GROUPS_OF_USERS, [who.id], who.held.groups)


def _is_taken(who: Candidate) -> bool:
    return any(
        User.objects.filter(**{login_id.FIELDS[one.key]: one.value}).exists()
        for one in who.login_ids
    )


def changes_by(facts: Iterable[Fact], profile: Profile) -> list[Change]:
    """Return what of these facts a new profile holds."""
    values = {"standard": profile.standard, "custom": profile.custom}
    return [
        Change(fact.attribute, NOTHING, fact.value)
        for fact in facts
        if values[fact.group].get(fact.key) == fact.value
    ]

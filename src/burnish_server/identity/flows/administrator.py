"""An administrator is made at the command line: no hook is asked, for hooks are theirs to set."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from burnish.hooks import mutation
from burnish.hooks.outcome import Passed
from burnish_server.identity.circumstances import Circumstances
from burnish_server.identity.flows import first_proof, signup
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles


class Unacceptable(Exception):
    """The e-mail address or the password cannot be used; the message says why."""


def create(email: str, password: str | None = None) -> str:
    """Make an administrator whose e-mail counts as verified, and return the password.

    Without a password one is generated. Raises `Unacceptable`, or `EmailTaken`.
    """
    secret = password or secrets.token_urlsafe(12)
    try:
        validate_email(email)
        if password is not None:
            validate_password(password, User(email=email))
    except ValidationError as error:
        raise Unacceptable(" ".join(error.messages)) from None
    who = signup.candidate(email, secret, verified=True)
    if User.objects.filter(email=who.email).exists():
        raise signup.EmailTaken
    with transaction.atomic():
        schema = profiles.schema()
        passed = Passed(mutation.begin(who.as_user(schema).as_json()), ())
        user = signup.create(who, passed, Circumstances("system"), schema)
        user.is_staff = user.is_superuser = True
        user.save()
    return secret


def secure(user: User, around: Circumstances) -> None:
    """Leave somebody who becomes an administrator nothing to sign in with but their e-mail address.

    Programs may have given them a password, an address or a session before; whoever has those must
    not become an administrator with them. They set a new password by a mailed link.
    """
    first_proof.remove_unproved(user, around, email=user.email)


def first(email: str) -> str | None:
    """Make the first administrator and return the password; None when there is one already."""
    if User.objects.filter(is_staff=True).exists():
        return None
    return create(email)

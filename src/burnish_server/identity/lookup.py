"""Finding a user by what an administrator knows of them."""

from uuid import UUID

from burnish_server.identity.models import User


def by_email_or_id(text: str) -> User | None:
    """Return the user with this e-mail address, in any case, or with this id."""
    return by_id(text) or User.objects.filter(email=text.strip().lower()).first()


def by_id(text: str) -> User | None:
    """Return the user with this id; None also where it is none."""
    try:
        return User.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None

"""Changed identities: what they give, the profile has at once; what none gives, it loses."""

from typing import Any

from django.utils import timezone

from burnish.profiles.coupled import recouple
from burnish_server.identity import owned
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles


def identities_changed(user: User, **_: Any) -> None:
    """Bring the attributes that must belong to an identity in line with the user's identities."""
    at = timezone.now()
    values = owned.of(user)
    schema = profiles.schema()
    profiles.write(user.pk, lambda document: recouple(document, values, at), at, schema)

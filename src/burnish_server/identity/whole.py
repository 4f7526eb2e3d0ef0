"""Users with all that is shown of them, read in one statement however many they are."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from burnish_server.identity.models import User
from burnish_server.profiles.models import Profile
from burnish_server.roles.models import UserGroup, UserRole


def whole(users: QuerySet[User]) -> QuerySet[User]:
    """Read profiles without their facts, verified addresses, and keys of roles and groups along."""
    mine = {"user": OuterRef("pk")}
    verified = EmailAddress.objects.filter(**mine, verified=True).order_by("pk").values("email")
    roles = UserRole.objects.filter(**mine).order_by("role__key").values("role__key")
    groups = UserGroup.objects.filter(**mine).order_by("group__key").values("group__key")
    return (
        users.select_related("profile")
        .defer("profile__facts")
        .annotate(
            verified_emails=ArraySubquery(verified),
            role_keys=ArraySubquery(roles),
            group_keys=ArraySubquery(groups),
        )
    )


def profile_of(user: User) -> Profile:
    """Return the profile that was read along; an empty one where there is none."""
    profile: Profile | None = getattr(user, "profile", None)
    return profile or Profile(user_id=user.pk, version=0, updated_at=user.updated_at)


def derived(user: User) -> dict[str, Any]:
    """Return the derived attributes of a user that `whole` read, as `owned.derived` does."""
    profile = profile_of(user)
    values: dict[str, Any] = {}
    if email := profile.standard.get("email"):
        known = {one.lower() for one in user.verified_emails}  # type: ignore[attr-defined]
        values["email_verified"] = email.lower() in known
    if number := profile.standard.get("phone_number"):
        values["phone_number_verified"] = user.phone_number_verified and (
            number == user.phone_number
        )
    return values | {"updated_at": int(profile.updated_at.timestamp())}

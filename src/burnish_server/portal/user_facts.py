"""What is told of a user above the form of their account."""

from typing import Any

from allauth.account.models import EmailAddress

from burnish_server.hooks.models import Run
from burnish_server.identity.models import User
from burnish_server.portal import enrichment_user, roles, unseen
from burnish_server.portal.pages import moment
from burnish_server.portal.profile import profile_of


def state(user: User) -> dict[str, str]:
    """Return how an account stands, in words."""
    told = {"Account": "open" if user.is_active else "closed"}
    if user.disable_reason:
        told["Reason"] = user.disable_reason
    if user.temporarily_disabled_until:
        told["Opens again"] = moment(user.temporarily_disabled_until)
    if user.delete_at:
        told["Will be deleted"] = moment(user.delete_at)
    if user.anonymize_at:
        told["Will be anonymised"] = moment(user.anonymize_at)
    if user.anonymized_at:
        told["Anonymised"] = moment(user.anonymized_at)
    return told


def about(user: User) -> dict[str, Any]:
    """Return what the page is made of."""
    address = EmailAddress.objects.filter(user=user, primary=True).first()
    return {
        "user_id": user.pk,
        "facts": {
            **state(user),
            "Id": user.pk,
            "E-mail": user.email or "-",
            "E-mail verified": "Yes" if address and address.verified else "No",
            "Phone number": user.phone_number or "-",
            "Username": user.username or "-",
            "Password": "Set" if user.has_usable_password() else "Not set yet",
            "Created": moment(user.created_at),
            "Last login": moment(user.last_login),
            **roles.facts(user),
        },
        "profile": profile_of(user),
        "runs": unseen.covered(Run.objects.filter(user_id=user.pk)[:10]),
        "enrichments": enrichment_user.runs_of(user),
        "enrichable": user.anonymized_at is None,
    }

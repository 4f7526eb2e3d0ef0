"""A new password by a link: the mail that "Forgot your password?" sends, at somebody's request."""

from allauth.account.internal.flows.password_reset import request_password_reset
from django.http import HttpRequest

from burnish_server.identity.models import User


def send(request: HttpRequest, user: User) -> None:
    """Send a user, who has an e-mail address, the link; it leads to the host of the request."""
    request_password_reset(request, user.email or "", [user], None)

"""Settings > Connected accounts: other services' accounts somebody signs in with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from allauth.mfa.models import Authenticator
from allauth.socialaccount.internal.flows import connect
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from burnish_server.identity.entities import claims
from burnish_server.identity.models import User
from burnish_server.social import store

LAST = _(
    "This is your only way to sign in. Set a password or connect another account first, then "
    "disconnect this one."
)


@dataclass(frozen=True, slots=True)
class Connection:
    """An account as its person sees it: at which service, and what it is called there."""

    pk: int
    service: str
    name: str


@dataclass(frozen=True, slots=True)
class _Service:
    name: str


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def connections(request: HttpRequest) -> HttpResponse:
    """Show the accounts that are connected, and disconnect one; the last way in stays."""
    user = cast(User, request.user)
    refusal = ""
    if request.method == "POST":
        chosen = request.POST.get("account", "")
        mine = SocialAccount.objects.filter(user=user)
        account = mine.filter(pk=chosen).first() if chosen.isdecimal() else None
        try:
            if account:
                disconnect(request, account)
            return redirect("socialaccount_connections")
        except ValidationError as error:
            refusal = " ".join(error.messages)
    context = {"accounts": list(_of(user)), "refusal": refusal}
    return render(request, "socialaccount/connections.html", context)


def disconnect(request: HttpRequest, account: SocialAccount) -> None:
    """Disconnect an account. Raises `ValidationError` where it is its user's last way in."""
    require_another_way(account)
    # allauth asks for the provider's name, and it may have been removed here meanwhile.
    account._provider = _Service(_names().get(account.provider, account.provider))
    connect.disconnect(request, account)


def require_another_way(account: SocialAccount) -> None:
    """Raise `ValidationError` where a social account is its user's last way in.

    A password, a passkey or an account of another provider that is switched on is one too.
    """
    user: User = account.user
    passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    others = SocialAccount.objects.filter(user=user, provider__in=_names()).exclude(pk=account.pk)
    if user.has_usable_password() or passkeys.exists() or others.exists():
        return
    raise ValidationError(LAST, code="last_way_in")


def _of(user: User) -> Iterator[Connection]:
    names = _names()
    for account in SocialAccount.objects.filter(user=user).order_by("pk"):
        said = claims(account)
        shown = (said.get(name) for name in ("email", "mail", "login", "name", "displayName"))
        name = next((one for one in shown if isinstance(one, str) and one), account.uid)
        yield Connection(account.pk, names.get(account.provider, account.provider), name)


def _names() -> dict[str, str]:
    return {one.alias: one.name for one in store.enabled()}

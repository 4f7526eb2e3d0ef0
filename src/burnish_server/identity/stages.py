"""The last stage of a way in: the hooks are asked, and what they demand is seen to."""

from typing import Any, cast

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import (
    EmailVerificationStage,
    LoginStage,
    LoginStageController,
    PhoneVerificationStage,
)
from allauth.mfa.adapter import get_adapter as mfa_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from burnish.events.entities import Identification
from burnish.hooks.outcome import Denied, Failed
from burnish_server.identity import entities, way_in
from burnish_server.identity.factor import Factor
from burnish_server.identity.headless.refusal import Refusal, is_headless
from burnish_server.identity.models import User
from burnish_server.identity.refused import words

KEY = "demands"

SECOND_FACTOR = frozenset({"mfa", "otp", "x_secondary_totp"})
"""What an authenticator app answers."""

IMPOSSIBLE = _(
    "You cannot be let in: this service asks for a kind of proof that it does not offer. "
    "Please tell its administrators."
)


class EmailStage(EmailVerificationStage):
    """Have an address confirmed by those who have one."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Let those pass who came without an address."""
        user = self.login.user
        known = user.email if user else self.login.email
        if not known:
            return None, True
        response: tuple[HttpResponse | None, bool] = super().handle()
        return response


class PhoneStage(PhoneVerificationStage):
    """Have a number confirmed by those who have one."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Let those pass who have no number, also where accounts are made with one.

        An administrator may have made theirs without, or it was not theirs: see `first_proof`.
        """
        if self.login.user and not self.login.user.phone_number:
            return None, True
        response: tuple[HttpResponse | None, bool] = super().handle()
        return response


class DemandStage(LoginStage):
    """Ask the hooks, and lead somebody through the second factor they demand."""

    key = KEY
    urlname = "demanded_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Let somebody pass, refuse them, or ask for more."""
        user = cast(User, self.login.user)
        kind: way_in.Kind = "signup" if self.login.signup else "login"
        kind = way_in.kind_of(self.request, kind)
        if not self.state.get("asked"):
            if refusal := self._ask(user, kind):
                return self._end(words(refusal)), False
            self.state["asked"] = True
        self.state["amr"] = sorted(way_in.demands(self.request).amr or ())
        missing = self.missing()
        if not missing:
            return None, True
        if not missing <= SECOND_FACTOR:
            return self._end(str(IMPOSSIBLE)), False
        return redirect("demanded_factor"), True

    def missing(self) -> set[str]:
        """Return the methods of authentication that are demanded and were not used."""
        demanded = {*self.state.get("amr", ()), *(way_in.demands(self.request).amr or ())}
        return demanded - set(way_in.amr(self.request, cast(User, self.login.user)))

    def _ask(self, user: User, kind: way_in.Kind) -> Denied | Failed | None:
        proofs = way_in.proofs(self.request, user)
        if not {"password", "code", "sms"} & set(proofs) and kind == "login":
            # By passkey or social account nobody has said who they are before they proved it.
            means = "passkey" if "webauthn" in proofs else "oauth"
            found = next((one for one in entities.identities(user) if one.type == means), None)
            said = Identification(means, found)
            if refusal := way_in.identified(self.request, kind, said, user):
                return refusal
        return way_in.authenticated(self.request, kind, user)

    def _end(self, sentence: str) -> HttpResponse:
        clear_login(self.request)
        way_in.forget(self.request)
        return refused(self.request, sentence)


class CodeForm(forms.Form):
    """A code from an authenticator app."""

    code = forms.CharField(
        label=_("Code from your app"),
        max_length=12,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """Show why somebody is not let in; a program reads it as JSON."""
    if is_headless(request):
        return Refusal(request, sentence)
    return render(request, "identity/not_let_in.html", {"sentence": sentence}, status=403)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demanded_factor(request: HttpRequest) -> HttpResponse:
    """Ask for a code from an authenticator app, which is set up first where there is none."""
    stage: Any = LoginStageController.enter(request, KEY)
    if stage is None:
        return redirect("account_login")
    if request.POST.get("act") == "go_on" and not stage.missing():
        return stage.exit()
    factor = Factor(stage)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            factor.check(form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
        else:
            codes = factor.prove()
            if not codes:
                return stage.exit()
            return render(request, "identity/recovery_codes.html", {"codes": codes})
    about = {} if factor.known else _drawn(factor)
    context = {"form": form, "known": factor.known, **about}
    return render(request, "identity/demanded_factor.html", context)


def _drawn(factor: Factor) -> dict[str, Any]:
    adapter, secret = mfa_adapter(), factor.secret()
    svg = adapter.build_totp_svg(adapter.build_totp_url(factor.user, secret))
    return {"secret": secret, "svg": mark_safe(svg)}  # noqa: S308 - drawn by us

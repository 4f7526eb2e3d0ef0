"""The second factor hooks demand, by JSON."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import stash_login
from allauth.headless.base.response import AuthenticationResponse
from allauth.headless.base.views import AuthenticationStageAPIView
from allauth.headless.internal.restkit import inputs
from allauth.headless.internal.restkit.response import APIResponse
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from burnish_server.identity.stages import DemandStage


class CodeInput(inputs.Input):
    """A code of an authenticator app; who has shown one already sends none."""

    code = inputs.CharField(max_length=12, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.stage: DemandStage = kwargs.pop("stage")
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        """Refuse a code that is not theirs."""
        code: str = self.cleaned_data["code"].replace(" ", "")
        if not code and not self.stage.missing():
            return code
        known = _known(self.stage)
        secret = self.stage.state.get("secret")
        right = TOTP(known).validate_code(code) if known else _shown(secret, code)
        if not right:
            raise ValidationError(
                _("This code is not right, or no longer. Try the next one."), code="incorrect_code"
            )
        return code


class FactorView(AuthenticationStageAPIView):
    """Say what is demanded, and take in a code."""

    stage_class = DemandStage
    input_class = {"POST": CodeInput}  # noqa: RUF012 - allauth's shape
    stage: Any

    def get_input_kwargs(self) -> dict[str, Any]:
        return {"stage": self.stage}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return whether there is an app already, and what to set one up with otherwise."""
        if _known(self.stage):
            return APIResponse(request, data={"is_set_up": True})
        secret = self.stage.state.setdefault("secret", generate_totp_secret())
        stash_login(request, self.stage.login)
        url = get_adapter().build_totp_url(self.stage.login.user, secret)
        about = {"is_set_up": False, "secret": secret, "totp_url": url}
        return APIResponse(request, data=about)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go on; who has set an app up just now is given recovery codes first."""
        known, user = _known(self.stage), self.stage.login.user
        if self.input.cleaned_data["code"] and not known:
            made = TOTP.activate(user, self.stage.state.pop("secret"))
            codes = RecoveryCodes.activate(user).get_unused_codes()
            record_authentication(request, user, "mfa", type="totp", id=made.instance.pk)
            stash_login(request, self.stage.login)
            return APIResponse(request, data={"is_set_up": True, "recovery_codes": codes})
        if self.input.cleaned_data["code"] and known:
            record_authentication(request, user, "mfa", type="totp", id=known.pk)
        response = self.stage.exit()
        return AuthenticationResponse.from_response(request, response)


def _known(stage: Any) -> Authenticator | None:
    kind = Authenticator.Type.TOTP
    found: Authenticator | None = Authenticator.objects.filter(
        user=stage.login.user, type=kind
    ).first()
    return found


def _shown(secret: str | None, code: str) -> bool:
    return secret is not None and bool(validate_totp_code(secret, code))

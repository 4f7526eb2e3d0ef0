"""The second factor hooks demand, by JSON."""

from typing import Any

from allauth.headless.base.response import AuthenticationResponse
from allauth.headless.base.views import AuthenticationStageAPIView
from allauth.headless.internal.restkit import inputs
from allauth.headless.internal.restkit.response import APIResponse
from allauth.mfa.adapter import get_adapter
from django.http import HttpRequest, HttpResponse

from burnish_server.identity.factor import Factor
from burnish_server.identity.stages import DemandStage


class CodeInput(inputs.Input):
    """A code of an authenticator app; who has shown one already sends none."""

    code = inputs.CharField(max_length=12, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.stage: DemandStage = kwargs.pop("stage")
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        """Refuse a code that is not theirs."""
        code: str = self.cleaned_data["code"]
        if code or self.stage.missing():
            Factor(self.stage).check(code)
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
        factor = Factor(self.stage)
        if factor.known:
            return APIResponse(request, data={"is_set_up": True})
        secret = factor.secret()
        url = get_adapter().build_totp_url(factor.user, secret)
        about = {"is_set_up": False, "secret": secret, "totp_url": url}
        return APIResponse(request, data=about)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go on; who has set an app up just now is given recovery codes first."""
        codes = Factor(self.stage).prove() if self.input.cleaned_data["code"] else []
        if codes:
            return APIResponse(request, data={"is_set_up": True, "recovery_codes": codes})
        return AuthenticationResponse.from_response(request, self.stage.exit())

"""The second factor hooks demand: an authenticator app, set up on the way where there is none."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import stash_login
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from burnish_server.identity import audited, change_mails, totp_codes


class Factor:
    """The app of somebody who comes in: `known`, or to be set up with `secret()`."""

    def __init__(self, stage: Any) -> None:
        """Look whether there is one; `stage` is the login's stage, which keeps the secret."""
        self._stage, self.user = stage, stage.login.user
        apps = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP)
        self.known: Authenticator | None = apps.first()

    def secret(self) -> str:
        """Return what an app is set up with: the same at every try of this login."""
        secret: str = self._stage.state.setdefault("secret", generate_totp_secret())
        stash_login(self._stage.request, self._stage.login)
        return secret

    def check(self, code: str) -> None:
        """Raise `ValidationError` where a code is not right, or too many were not."""
        stop_counting = check_rate_limit(self.user)
        if not self._is_right(code.replace(" ", "")):
            audited.wrong_proof(self._stage.request, "secondary.totp", self.user)
            sentence = _("This code is not right, or no longer. Try the next one.")
            raise ValidationError(sentence, code="incorrect_code")
        stop_counting()

    def prove(self) -> list[str]:
        """Take in that a right code was shown; return recovery codes for an app set up by it."""
        app, codes = self.known, []
        if app is None:
            app = TOTP.activate(self.user, self._stage.state.pop("secret")).instance
            codes = RecoveryCodes.activate(self.user).get_unused_codes()
            change_mails.factor_added(self.user, app)
        record_authentication(self._stage.request, self.user, "mfa", type="totp", id=app.pk)
        stash_login(self._stage.request, self._stage.login)
        return list(codes)

    def _is_right(self, code: str) -> bool:
        if self.known:
            return bool(TOTP(self.known).validate_code(code))
        secret = self._stage.state.get("secret")
        return (
            secret is not None
            and bool(validate_totp_code(secret, code))
            and totp_codes.use_up(self.user, code)
        )

"""The identity app."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "burnish_server.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models and allauth's signals exist only from here on.
        from allauth.account import signals
        from allauth.mfa import signals as mfa
        from allauth.socialaccount import signals as social
        from allauth.usersessions import signals as sessions
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from burnish_server import erasure
        from burnish_server.identity import (
            audited,
            change_mails,
            even_answers,
            forget,
            known_browsers,
            limits,
            passkeys,
            password_tries,
            pending_logins,
            session_keys,
            social_claims,
            totp_codes,
            user_sessions,
        )
        from burnish_server.identity.flows import authentication, change_identities, first_proof

        erasure.register("identity", forget.user)
        first_proof.install()
        limits.install()
        even_answers.install()
        passkeys.install()
        password_tries.install()
        pending_logins.install()
        totp_codes.install()
        session_keys.install(user_sessions.begun)
        social_claims.install()
        signals.email_confirmed.connect(first_proof.email_confirmed)
        signals.password_reset.connect(first_proof.password_reset)
        for name in ("email_added", "email_changed", "email_confirmed", "email_removed"):
            getattr(signals, name).connect(getattr(change_identities, name))
        # Ours counts the logins in the statement that notes the last one.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(authentication.count)
        user_logged_out.connect(audited.signed_out)
        for name in ("password_changed", "password_reset", "password_set"):
            getattr(signals, name).connect(change_mails.password_changed)
        for name in ("authenticator_added", "authenticator_reset"):
            getattr(mfa, name).connect(change_mails.factor_added)
        mfa.authenticator_removed.connect(change_mails.factor_removed)
        mfa.authentication_failed.connect(audited.wrong_code)
        for name in ("login_code_rejected", "email_verification_code_rejected"):
            getattr(signals, name).connect(audited.wrong_code)
        signals.user_logged_in.connect(authentication.signed_in)
        signals.user_logged_in.connect(known_browsers.signed_in)
        # Ours looks at no other session of theirs, of which there may be many.
        signals.user_logged_in.disconnect(sessions.on_user_logged_in)
        signals.user_logged_in.connect(user_sessions.begun)
        signals.authentication_step_completed.connect(authentication.step_completed)
        social.social_account_added.connect(change_identities.connected)
        social.social_account_removed.connect(change_identities.disconnected)

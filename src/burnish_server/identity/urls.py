"""Addresses of the identity room's own pages; allauth's stand beside them."""

from django.urls import path
from django.views.i18n import set_language

from burnish_server.identity import (
    delete_account,
    edit_profile,
    enrichment_callback,
    entrances,
    questions_stage,
    settings_questions,
    stages,
    user_sessions,
    views,
)

urlpatterns = [
    path("login/", entrances.login, name="account_login"),
    path("login/code/", entrances.request_login_code, name="account_request_login_code"),
    path("login/factor/", stages.demanded_factor, name="demanded_factor"),
    path("login/questions/", questions_stage.questions, name="questions"),
    path("signup/", entrances.signup, name="account_signup"),
    path("signup/passkey/", entrances.signup_by_passkey, name="account_signup_by_passkey"),
    path("phone/verify/", entrances.verify_phone, name="account_verify_phone"),
    path("password/reset/phone/", entrances.request_phone_reset, name="request_phone_reset"),
    path("password/reset/phone/code/", entrances.confirm_phone_reset, name="confirm_phone_reset"),
    path("password/reset/phone/new/", entrances.complete_phone_reset, name="complete_phone_reset"),
    path("phone/change/", entrances.change_phone, name="account_change_phone"),
    path("phone/remove/", entrances.remove_phone, name="remove_phone"),
    path("username/change/", entrances.change_username, name="change_username"),
    path("username/remove/", entrances.remove_username, name="remove_username"),
    path("reauthenticate/", entrances.reauthenticate, name="account_reauthenticate"),
    path("language/", set_language, name="set_language"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/sessions/", user_sessions.sessions, name="usersessions_list"),
    path("settings/delete/", delete_account.delete_account, name="delete_account"),
    path("settings/profile/", views.profile_page, name="profile"),
    path("settings/profile/edit/<name>/", edit_profile.change, name="change_value"),
    path("settings/profile/confirm/<name>/", edit_profile.confirm, name="confirm_value"),
    path("settings/profile/delete/<name>/", edit_profile.delete, name="delete_value"),
    path("settings/questions/<slug:key>/", settings_questions.question, name="question"),
    path(
        "enrichment/callback/<token>/",
        enrichment_callback.called_back,
        name="enrichment_callback",
    ),
    path("sandbox/mail/", views.sandbox_mail, name="sandbox_mail"),
    path("sandbox/sms/", views.sandbox_sms, name="sandbox_sms"),
]

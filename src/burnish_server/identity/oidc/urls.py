"""Addresses of the OpenID provider, as `addresses` names them."""

from django.urls import path

from burnish_server.identity.oidc import (
    addresses,
    app_session,
    authorize,
    consent,
    device,
    device_page,
    discovery,
    end_session,
    own_apps,
    resolve,
    revoke,
    switch_account,
    token,
    userinfo,
)

_VIEWS = {
    addresses.AUTHORIZE: authorize.authorize,
    addresses.CONSENT: consent.consent,
    addresses.SWITCH_ACCOUNT: switch_account.switch_account,
    addresses.TOKEN: token.token,
    addresses.REVOKE: revoke.revoke,
    addresses.USERINFO: userinfo.userinfo,
    addresses.JWKS: discovery.jwks,
    addresses.END_SESSION: end_session.end_session,
    addresses.APP_SESSION_TOKEN: app_session.app_session_token,
    addresses.DEVICE_CODE: device.device_code,
    addresses.DEVICE: device_page.device,
    addresses.RESOLVE: resolve.resolve,
    "/.well-known/openid-configuration": discovery.configuration,
    "/.well-known/oauth-authorization-server": discovery.configuration,
}

urlpatterns = [
    *(path(address.lstrip("/"), view) for address, view in _VIEWS.items()),
    path("settings/apps/", own_apps.own_apps, name="own_apps"),
]

"""The social providers the portal knows by name: what each wants to be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

OIDC = "openid_connect"
"""allauth's name of its OpenID Connect client."""

ALIAS = r"^[a-z][a-z0-9_-]{0,40}$"
"""What short names of social providers look like."""


@dataclass(frozen=True, slots=True)
class Extra:
    """One more thing a provider wants to be told, beside its client and that client's secret."""

    name: str
    label: str
    help: str = ""
    required: bool = True
    default: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of social provider.

    `provider` is allauth's name of it, `fixed` what holds for every client of this kind, and
    `console` the address at which its owner registers clients.
    """

    key: str
    title: str
    provider: str
    console: str
    client_label: str = "Client ID"
    secret_label: str = "Client secret"  # noqa: S105 - a label
    secret_rows: int = 1
    extras: tuple[Extra, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""

    @property
    def has_own_alias(self) -> bool:
        """Whether there may be several of it, each by a name of its own."""
        return self.key == "oidc"


_PKCE = {"oauth_pkce_enabled": True}

KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "google",
            "Google",
            "google",
            "https://console.cloud.google.com/apis/credentials",
            fixed=_PKCE,
            hint="Make an OAuth client of the type web application.",
        ),
        Kind(
            "github",
            "GitHub",
            "github",
            "https://github.com/settings/developers",
            fixed=_PKCE,
            hint="Make an OAuth app.",
        ),
        Kind(
            "microsoft",
            "Microsoft",
            "microsoft",
            "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps",
            client_label="Application (client) ID",
            extras=(
                Extra(
                    "tenant",
                    "Tenant",
                    "The directory's ID or domain; common lets in everybody, organizations those "
                    "of any organisation, consumers personal accounts.",
                    default="common",
                ),
            ),
            fixed=_PKCE,
            hint="Register an application with a web redirect URI.",
        ),
        Kind(
            "apple",
            "Apple",
            "apple",
            "https://developer.apple.com/account/resources/identifiers/list/serviceId",
            client_label="Services ID",
            secret_label="Private key",  # noqa: S106 - a label
            secret_rows=6,
            extras=(
                Extra("team_id", "Team ID", "Ten characters, at the top right of the console."),
                Extra("key_id", "Key ID", "Of the key whose file you downloaded."),
            ),
            hint="Make a Services ID and a key for Sign in with Apple; paste the key's .p8 file.",
        ),
        Kind(
            "linkedin",
            "LinkedIn",
            OIDC,
            "https://www.linkedin.com/developers/apps",
            fixed={
                "server_url": "https://www.linkedin.com/oauth",
                "token_auth_method": "client_secret_post",
            },
            hint="Add the product Sign In with LinkedIn using OpenID Connect to your app.",
        ),
        Kind(
            "oidc",
            "OpenID Connect",
            OIDC,
            "",
            extras=(
                Extra(
                    "server_url",
                    "Issuer",
                    "Such as https://login.acme.example; its configuration is read at "
                    "/.well-known/openid-configuration, or give that address itself.",
                ),
            ),
            fixed=_PKCE,
            hint="Any service that speaks OpenID Connect: Auth0, Keycloak, Okta, your own.",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Client:
    """A client of a social provider, with its secret in the clear: not to be kept or logged.

    `alias` is how its accounts and values are marked, as in `social:acme`; `provider` is allauth's
    name of the kind.
    """

    alias: str
    provider: str
    name: str
    client_id: str
    secret: str = field(repr=False)
    key: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)


def client(
    kind: Kind, alias: str, name: str, client_id: str, secret: str, extras: Mapping[str, Any]
) -> Client:
    """Return a client of a known kind, as allauth is to be told of it."""
    if kind.key == "apple":
        # Apple's client has no secret: each call is signed with the key.
        settings = {**kind.fixed, "certificate_key": secret}
        return Client(
            alias, kind.provider, name, client_id, extras["key_id"], extras["team_id"], settings
        )
    return Client(alias, kind.provider, name, client_id, secret, settings={**kind.fixed, **extras})


def known_to_allauth(name: str) -> bool:
    """Return whether allauth has a provider of this name; none of its modules is imported."""
    home = files("allauth") / "socialaccount" / "providers" / name / "provider.py"
    return name.isidentifier() and home.is_file()

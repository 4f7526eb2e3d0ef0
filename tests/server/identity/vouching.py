"""A server that answers as social providers do: each at its own paths, for Ada."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from burnish_server import engine

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ADA: dict[str, Any] = {
    "sub": "42",
    "email": "ada@acme.example",
    "email_verified": True,
    "given_name": "Ada",
    "family_name": "Brand",
}
ORIGINS = (
    "https://oauth2.googleapis.com",
    "https://www.googleapis.com",
    "https://github.com",
    "https://api.github.com",
    "https://login.microsoftonline.com",
    "https://graph.microsoft.com",
    "https://appleid.apple.com",
    "https://www.linkedin.com",
    "https://api.linkedin.com",
    "https://login.acme.example",
    "https://gitlab.com",
)


@dataclass
class Vouching:
    """What the server says, by path; a test may change it. `asked` are the forms it was sent."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def reset(self) -> None:
        self.asked.clear()
        self.answers = {
            "/token": {"access_token": "t", "token_type": "Bearer"},
            "/oauth2/v2/userinfo": {
                "id": "g1",
                "email": "ada@acme.example",
                "verified_email": True,
                "name": "Ada Brand",
                "given_name": "Ada",
                "picture": "https://img.acme.example/ada.png",
            },
            "/login/oauth/access_token": {"access_token": "t", "token_type": "bearer"},
            "/user": {
                "id": 7,
                "login": "ada",
                "name": "Ada Brand",
                "avatar_url": "https://img.acme.example/ada.png",
                "html_url": "https://github.com/ada",
                "email": None,
            },
            "/user/emails": [
                {"email": "old@acme.example", "primary": False, "verified": True},
                {"email": "ada@acme.example", "primary": True, "verified": True},
            ],
            "/acme.example/oauth2/v2.0/token": {"access_token": "t"},
            "/v1.0/me": {
                "id": "m1",
                "displayName": "Ada Brand",
                "givenName": "Ada",
                "surname": "Brand",
                "mail": "ada@acme.example",
                "preferredLanguage": "sv-SE",
            },
            "/auth/keys": {"keys": [_public_key()]},
            "/auth/token": {"access_token": "t", "refresh_token": "r", "id_token": "apple"},
            "/oauth/.well-known/openid-configuration": _configuration(
                "https://www.linkedin.com/oauth", "https://api.linkedin.com/v2/userinfo"
            ),
            "/oauth/token": {"access_token": "t"},
            "/v2/userinfo": ADA | {"locale": {"country": "US", "language": "en"}},
            "/.well-known/openid-configuration": _configuration(
                "https://login.acme.example/oidc", "https://login.acme.example/userinfo"
            ),
            "/oidc/token": {"access_token": "t", "id_token": "acme"},
            "/userinfo": dict(ADA),
        }

    def answer(self, path: str) -> Any:
        """Return the answer at a path; tokens are signed at the moment they are asked for."""
        said = self.answers.get(path)
        if isinstance(said, dict) and said.get("id_token") == "apple":
            claims = {"sub": "a1", "email": ADA["email"], "email_verified": "true"}
            return said | {"id_token": signed("https://appleid.apple.com", claims)}
        if isinstance(said, dict) and said.get("id_token") == "acme":
            return said | {"id_token": signed("https://login.acme.example/oidc", ADA)}
        return said


def _configuration(issuer: str, userinfo: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "userinfo_endpoint": userinfo,
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }


def _public_key() -> dict[str, str]:
    key: dict[str, str] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
    return key | {"kid": "one", "use": "sig", "alg": "RS256"}


def signed(issuer: str, claims: dict[str, Any]) -> str:
    now = int(time.time())
    about = {"iss": issuer, "aud": "burnish", "iat": now, "exp": now + 60}
    return jwt.encode(claims | about, KEY, "RS256", {"kid": "one"})


def _handler(vouching: Vouching) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            vouching.asked.append({name: values[0] for name, values in form.items()})
            self._answer()

        def _answer(self) -> None:
            said = vouching.answer(urlsplit(self.path).path)
            text = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(404 if said is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def serving() -> Iterator[Vouching]:
    """Run the server; whoever is called at a provider's address comes to it instead."""
    vouching = Vouching()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(vouching))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    rewrites = ",".join(f"{origin}=http://127.0.0.1:{server.server_port}" for origin in ORIGINS)
    outbound = settings.BURNISH.outbound.model_copy(update={"rewrites": rewrites})
    with pytest.MonkeyPatch.context() as patch:
        changed = settings.BURNISH.model_copy(update={"outbound": outbound})
        patch.setattr(settings, "BURNISH", changed)
        engine.close()
        yield vouching
        engine.close()
    server.shutdown()
    thread.join(5)
    server.server_close()

"""What an app asks for when it sends somebody here (OpenID Connect Core 3.1.2.1)."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from burnish.oauth import scopes
from burnish.oauth.client import ApplicationType
from burnish_server.identity.oidc import addresses, clients, signed
from burnish_server.identity.oidc.models import Client
from burnish_server.identity.oidc.refusal import Refused

PROMPTS = frozenset({"none", "login", "consent", "select_account"})
MODES = frozenset({"query", "fragment", "form_post"})
NONCE_LENGTH = 1000
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_SECONDS = re.compile(r"[0-9]{1,9}")


class Unanswerable(Exception):
    """The app is not known, or wants an answer where none may go: its person is told instead."""


@dataclass(frozen=True, slots=True)
class Return:
    """Where an answer goes, and how: `query`, `fragment` or `form_post`."""

    client: Client
    uri: str
    mode: str
    state: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that can be served. `max_age` is in seconds; `hinted` is whom the app means."""

    to: Return
    given: QueryDict
    response_type: str
    scopes: tuple[str, ...]
    prompts: frozenset[str]
    challenge: str = ""
    nonce: str = ""
    max_age: int | None = None
    hinted: str = ""
    hint: str = ""

    @property
    def client(self) -> Client:
        """Who asks."""
        return self.to.client

    @property
    def leaves_no_session(self) -> bool:
        """Whether the browser is to stay as it was: a login for this app alone."""
        return _true(self.given, "x_suppress_idp_session_cookie") or (
            self.given.get("x_sso_enabled") == "false"
        )


def parameters(request: HttpRequest) -> QueryDict:
    """Return what was sent, in the address or in a form."""
    return request.POST if request.method == "POST" else request.GET


def where(request: HttpRequest, given: QueryDict) -> Return:
    """Return where an answer may go. Raises `Unanswerable`."""
    for values in dict(given.lists()).values():
        if any("\0" in value for value in values):
            raise Unanswerable(_("The app sent something that cannot be read."))
    client = clients.find(given.get("client_id", ""))
    if client is None or not client.kind.acts_for_people:
        raise Unanswerable(_("The app that sent you here is not known (client_id)."))
    uri = given.get("redirect_uri", "")
    if not uri or len(given.getlist("redirect_uri")) != 1:
        raise Unanswerable(_("The app did not say once where you come back to (redirect_uri)."))
    if not clients.comes_back_to(client, uri) and not _is_ours(request, client, given, uri):
        raise Unanswerable(_("The app wants you back at an address that is not registered for it."))
    mode = given.get("response_mode", "query")
    return Return(client, uri, mode if mode in MODES else "query", given.get("state", ""))


def _is_ours(request: HttpRequest, client: Client, given: QueryDict, uri: str) -> bool:
    """Return whether an app of the house opens one of our own pages."""
    if given.get("response_type") != "none" or not client.kind.public:
        return False
    return uri.startswith(f"{addresses.issuer(request)}/") and "\\" not in uri


def read(request: HttpRequest, given: QueryDict, to: Return) -> Asked:
    """Return what is asked for. Raises `Refused`."""
    _once(given)
    if given.get("response_mode", "query") not in MODES:
        raise Refused("invalid_request", f"response_mode is one of {', '.join(sorted(MODES))}.")
    for name in ("request", "request_uri"):
        if name in given:
            raise Refused(f"{name}_not_supported", f"Send parameters, not {name}.")
    response_type = given.get("response_type", "")
    if response_type not in ("code", "none"):
        raise Refused("unsupported_response_type", "response_type is code or none.")
    prompts = frozenset(given.get("prompt", "").split())
    if not prompts <= PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise Refused("invalid_request", f"prompt is none, or among {', '.join(sorted(PROMPTS))}.")
    age = given.get("max_age", "")
    if age and not _SECONDS.fullmatch(age):
        raise Refused("invalid_request", "max_age is a whole number of seconds.")
    return Asked(
        to,
        given,
        response_type,
        _scopes(given, to.client.kind, response_type),
        prompts,
        challenge=_challenge(given, to.client.kind) if response_type == "code" else "",
        nonce=_nonce(given),
        max_age=int(age) if age else None,
        hinted=_hinted(given, to.client),
        hint=given.get("login_hint", ""),
    )


def _once(given: QueryDict) -> None:
    for name, values in given.lists():
        if len(values) > 1 and name not in ("resource", "ui_locales"):
            raise Refused("invalid_request", f"{name} may be sent only once.")


def _scopes(given: QueryDict, kind: ApplicationType, response_type: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(given.get("scope", "").split()))
    if response_type == "none" and not wanted:
        return (scopes.OPENID,)
    if scopes.OPENID not in wanted:
        raise Refused("invalid_scope", "The scope openid is required.")
    if more := [scope for scope in wanted if scope not in scopes.allowed(kind)]:
        raise Refused("invalid_scope", f"This client may not ask for {' '.join(more)[:200]}.")
    return wanted


def _challenge(given: QueryDict, kind: ApplicationType) -> str:
    challenge = given.get("code_challenge", "")
    if not challenge:
        if kind.public:
            raise Refused("invalid_request", "A public client sends a code_challenge (PKCE).")
        return ""
    if given.get("code_challenge_method", "plain") != "S256":
        raise Refused("invalid_request", "code_challenge_method is S256.")
    if not _CHALLENGE.fullmatch(challenge):
        raise Refused("invalid_request", "code_challenge is 43 characters of base64url.")
    return challenge


def _nonce(given: QueryDict) -> str:
    """Return the nonce whole: a client compares it with what it sent. Raises `Refused`."""
    nonce = given.get("nonce", "")
    if len(nonce) > NONCE_LENGTH:
        raise Refused("invalid_request", f"nonce has at most {NONCE_LENGTH} characters.")
    return nonce


def _hinted(given: QueryDict, client: Client) -> str:
    token = given.get("id_token_hint", "")
    if not token:
        return ""
    hint = signed.read(token, "JWT")
    if hint is None or client.pk not in audience(hint):
        raise Refused("invalid_request", "id_token_hint is no ID token of this client.")
    return str(hint.get("sub", ""))


def audience(said: dict[str, object]) -> list[str]:
    """Return whom a token was for."""
    found = said.get("aud")
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]


def _true(given: QueryDict, name: str) -> bool:
    return given.get(name) == "true"


def origin(uri: str) -> str:
    """Return an address as a source of a Content-Security-Policy: its origin, or its scheme."""
    parts = urlsplit(uri)
    if parts.scheme in ("http", "https"):
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:"

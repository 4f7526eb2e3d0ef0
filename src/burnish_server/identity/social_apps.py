"""Social providers as allauth wants them: an app for each that is switched on."""

from allauth.socialaccount.models import SocialApp

from burnish_server.social import store
from burnish_server.social.kinds import OIDC, Client


def apps() -> list[SocialApp]:
    """Return an app for each provider people may sign in with; none of them is stored."""
    return [_app(one) for one in store.enabled()]


def _app(one: Client) -> SocialApp:
    return SocialApp(
        provider=one.provider,
        # Only of OpenID Connect there may be several, told apart by this.
        provider_id=one.alias if one.provider == OIDC else "",
        name=one.name,
        client_id=one.client_id,
        secret=one.secret,
        key=one.key,
        settings=dict(one.settings),
    )

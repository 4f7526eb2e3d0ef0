"""Finding users, and reading one."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from burnish.attributes.faults import Fault, InvalidValues
from burnish_server.api import etag
from burnish_server.api.auth import Key
from burnish_server.api.paging import Page, Paging, page
from burnish_server.api.users import which
from burnish_server.api.users.filters import Filters, apply
from burnish_server.api.users.router import router
from burnish_server.api.users.shown import ShownUser, show, show_one
from burnish_server.api.users.which import UserId
from burnish_server.api_keys.scope import USERS_READ
from burnish_server.identity.models import User
from burnish_server.identity.whole import whole

NEWEST_FIRST = ("-created_at", "-id")


@router.get("/users", response=Page[ShownUser], auth=Key(USERS_READ))
def list_users(
    request: HttpRequest,
    response: HttpResponse,
    wanted: Annotated[Filters, Query()],
    paging: Annotated[Paging, Query()],
) -> dict[str, Any]:
    """List users, the newest first, as far as all filters hold for them."""
    _require_known(request)
    users = apply(whole(User.objects.all()), wanted)
    return page(request, response, users, NEWEST_FIRST, paging, show)


@router.get("/users/{user_id}", response=ShownUser, auth=Key(USERS_READ))
def read_user(request: HttpRequest, response: HttpResponse, user_id: UserId) -> dict[str, Any]:
    """Read a user, with their profile, roles and groups."""
    shown = show_one(which.user(user_id))
    etag.tag(request, response, shown)
    return shown


def _require_known(request: HttpRequest) -> None:
    # A filter that is misspelt would leave nobody out.
    known = Filters.model_fields.keys() | Paging.model_fields.keys()
    if unknown := [name for name in request.GET if name not in known]:
        raise InvalidValues([Fault(f"/{name}", "there is no such filter") for name in unknown])

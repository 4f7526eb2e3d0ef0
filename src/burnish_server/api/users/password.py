"""A user's password: set, taken away, or set by the user with a link that is sent to them."""

from typing import Annotated

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from burnish.attributes.faults import Fault, InvalidValues
from burnish_server.api import deed
from burnish_server.api.auth import Key
from burnish_server.api.problems import Problem
from burnish_server.api.users import which
from burnish_server.api.users.which import UserId
from burnish_server.api_keys.scope import USERS_WRITE
from burnish_server.identity.flows import on_behalf, password_reset
from burnish_server.identity.flows.administrator import Unacceptable

router = Router(tags=["accounts"])


class NewPassword(Schema):
    """The new password; null takes it away, and they come in by other ways."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"password": "correct horse battery staple"}]},
    )

    password: Annotated[str, Field(min_length=1, max_length=1000)] | None


@router.put("/users/{user_id}/password", response={204: None}, auth=Key(USERS_WRITE))
def set_password(request: HttpRequest, user_id: UserId, new: NewPassword) -> Status[None]:
    """Set a user's password, or take it away. They are signed out everywhere."""
    user = which.changeable(request, user_id)
    try:
        password = new.password and on_behalf.password(new.password, user)
    except Unacceptable as error:
        raise InvalidValues([Fault("/password", str(error))]) from None
    with transaction.atomic():
        on_behalf.set_password(user, password)
        detail = {"taken_away": new.password is None}
        deed.record(request, "changed", "password", user.pk, user, detail)
    return Status(204, None)


@router.post("/users/{user_id}/password-reset", response={202: None}, auth=Key(USERS_WRITE))
def send_password_reset(request: HttpRequest, user_id: UserId) -> Status[None]:
    """Send a user the mail with which they set a new password."""
    user = which.changeable(request, user_id)
    if user.email is None:
        raise Problem(409, "no_email", "This user has no e-mail address to send a link to.")
    with transaction.atomic():
        password_reset.send(request, user)
        deed.record(request, "sent password reset", "user", user.pk, user)
    return Status(202, None)

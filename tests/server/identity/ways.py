"""What the tests about phone numbers and usernames share."""

import re
from typing import Any

from django.test import Client

from burnish_server.identity.models import Sms, User
from burnish_server.project.options import Login

NUMBER = "+46701740605"
PASSWORD = "correct horse battery"


def turn_on(settings: Any, **login: Any) -> None:
    """Configure how people come in: `turn_on(settings, methods=("phone",))`."""
    options = Login(**login)
    settings.BURNISH = settings.BURNISH.model_copy(update={"login": options})
    settings.ACCOUNT_LOGIN_METHODS = set(options.methods)
    settings.ACCOUNT_SIGNUP_FIELDS = options.fields


def code_of(number: str = NUMBER) -> str:
    """Return the code in the newest message to a number."""
    sms = Sms.objects.filter(to=number, is_silent=False).latest("pk")
    found = re.search(r"\b\d{6}\b", sms.text)
    assert found, sms.text
    return found[0]


def sign_up(client: Client, **fields: str) -> User:
    """Sign up by phone, and enter the code."""
    said = {"phone": NUMBER, "password1": PASSWORD} | fields
    client.post("/signup/?with=phone", said)
    client.post("/phone/verify/", {"code": code_of()})
    return User.objects.get(phone_number=NUMBER)

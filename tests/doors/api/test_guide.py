"""What the guide of the API shows is what the API does: its requests are sent in their order."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from tests.doors.api.conftest import Program

from burnish_server.identity.models import User
from burnish_server.profiles.models import CustomAttribute
from burnish_server.roles.models import Role

pytestmark = pytest.mark.django_db

GUIDE = Path(__file__).parents[3] / "docs/guides/api.md"
ADA = "5c0f2c0a-8c35-4a0e-9d3b-0c7a6a4f7f10"


def requests() -> Iterator[tuple[str, str, dict[str, str], str]]:
    """Yield the guide's requests: method, address, headers and body."""
    for block in re.findall(r"^```http\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL):
        head, _, body = block.partition("\n\n")
        first, *lines = head.splitlines()
        method, path = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        yield method, path, headers, body


def test_the_guide_s_requests_do_what_it_says(
    admin: Program, person: Callable[..., User], define: Callable[..., CustomAttribute]
) -> None:
    define("city")
    define("company_name")
    Role.objects.create(key="editor")
    person(id=UUID(ADA))
    sent = list(requests())

    for method, path, headers, body in sent:
        kind = headers.pop("Content-Type", "application/json")
        program = Program(None)
        program.headers = {**headers, **admin.headers}
        answer = program.send(method, path, body.encode(), content_type=kind)
        assert answer.status in (200, 201), (method, path, answer.body)

    assert len(sent) >= 6
    ada = admin.get(f"/api/v1/users/{ADA}").body
    assert (ada["username"], ada["roles"]) == ("ada.l", ["editor"])
    assert ada["custom_attributes"] == {"city": "Lyon"}

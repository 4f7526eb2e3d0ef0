"""Both faces of the client say the same."""

import ast
from pathlib import Path

import httpx
import pytest

from burnish.client import Burnish, Invalid, Unauthorized, UnreadableAnswer, unsync


@pytest.mark.parametrize("module", sorted(unsync.FROM.glob("*.py")), ids=lambda path: path.name)
def test_the_synchronous_face_is_written_from_the_other(module: Path) -> None:
    written = (unsync.TO / module.name).read_text()

    assert tree(written) == tree(unsync.synchronous(module.read_text())), "run `make docs`"


def tree(source: str) -> str:
    """Return what a module says, whatever the order its imports are sorted in."""
    read = ast.parse(source)
    imports = [one for one in read.body if isinstance(one, ast.Import | ast.ImportFrom)]
    others = [one for one in read.body if one not in imports]
    for one in imports:
        one.names.sort(key=lambda name: name.name)
    return "\n".join([*sorted(map(ast.dump, imports)), *map(ast.dump, others)])


def answering(response: httpx.Response) -> Burnish:
    return Burnish("http://id.nordlake.example", transport=httpx.MockTransport(lambda _: response))


def test_a_problem_points_at_what_is_wrong() -> None:
    problem = {
        "status": 422,
        "code": "invalid_request",
        "detail": "This cannot be done.",
        "errors": [{"pointer": "/email", "detail": "is no address"}],
    }

    with pytest.raises(Invalid) as refused:
        answering(httpx.Response(422, json=problem)).users.create(email="ada")

    assert (refused.value.code, refused.value.status) == ("invalid_request", 422)
    assert refused.value.faults[0].pointer == "/email"


def test_an_error_of_oauth_is_one_of_ours() -> None:
    answer = httpx.Response(401, json={"error": "invalid_token", "error_description": "Too old."})

    with pytest.raises(Unauthorized, match="Too old") as refused:
        answering(answer).userinfo("token")

    assert refused.value.code == "invalid_token"


def test_what_is_not_burnish_is_told_from_it_and_not_repeated() -> None:
    with pytest.raises(UnreadableAnswer, match=r"/oauth2/userinfo") as unreadable:
        answering(httpx.Response(200, text="<p>Hello ada@nordlake.example</p>")).userinfo("token")

    assert "ada@" not in str(unreadable.value)

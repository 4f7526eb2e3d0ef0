"""`burnish roles`, and `burnish admin-keys`."""

from collections.abc import Callable
from pathlib import Path

import jwt
import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.server.cli.conftest import Ended

from burnish_server.admin_keys.models import AdminKey
from burnish_server.identity.models import User

pytestmark = pytest.mark.django_db

Burnish = Callable[..., Ended]


def test_roles_are_made_given_and_taken(burnish: Burnish) -> None:
    User.objects.create(email="ada@nordlake.example")

    burnish("roles", "create", "editor", "--name", "Editor")
    burnish("roles", "create", "viewer")
    burnish("roles", "create", "staff", "--group", "--role", "viewer")
    own = burnish("roles", "assign", "ada@nordlake.example", "editor")
    group = burnish("roles", "assign", "ada@nordlake.example", "staff", "--group")
    listed = burnish("roles", "list")
    gone = burnish("roles", "unassign", "ada@nordlake.example", "editor")

    assert own.out == "ada@nordlake.example has editor; effective roles: editor.\n"
    assert group.out == "ada@nordlake.example has staff; effective roles: editor viewer.\n"
    assert gone.out == "ada@nordlake.example has none; effective roles: viewer.\n"
    assert "Editor" in listed.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create", "1st"], "Write the key with 1 to 40"),
        (["create", "authgear:x"], "reserved"),
        (["create", "staff", "--group", "--role", "ghost"], "There is no role ghost."),
        (["create", "a", "--role", "b"], "add --group"),
        (["assign", "ghost@nordlake.example", "a"], "there is no user"),
        (["assign", "ada@nordlake.example", "ghost"], "There is no role ghost."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    burnish: Burnish, words: list[str], said: str
) -> None:
    User.objects.create(email="ada@nordlake.example")

    ended = burnish("roles", *words)

    assert ended.status != 0
    assert said in " ".join(ended.err.split())


def test_a_private_key_is_printed_once_and_revoked_by_name(burnish: Burnish) -> None:
    made = burnish("admin-keys", "create", "sync", "--audience", "myapp")
    listed = burnish("admin-keys", "list")
    gone = burnish("admin-keys", "revoke", "sync")
    again = burnish("admin-keys", "revoke", "sync")

    key = AdminKey.objects.get()
    assert made.out.startswith("-----BEGIN PRIVATE KEY-----")
    assert key.key_id in made.err
    assert "PRIVATE" not in listed.out + key.public_key
    assert (gone.status, again.status) == (0, 1)


def test_authgear_s_secrets_are_taken_over(burnish: Burnish, tmp_path: Path) -> None:
    pair = rsa.generate_private_key(65537, 2048)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(pair, as_dict=True)
    secrets = [
        {"key": "webhook", "data": {"keys": [{"kty": "oct", "k": "eA"}]}},
        {"key": "admin-api.auth", "data": {"keys": [{**jwk, "kid": "k1", "created_at": 1}]}},
    ]
    file = tmp_path / "authgear.secrets.yaml"
    file.write_text(yaml.safe_dump({"secrets": secrets}))
    empty = tmp_path / "empty.yaml"
    empty.write_text("secrets: []")

    done = burnish("admin-keys", "import", file, "--audience", "myapp")
    nothing = burnish("admin-keys", "import", empty)

    assert done.out == "k1 is known; its tokens name myapp as aud.\n"
    assert AdminKey.objects.get().audience == "myapp"
    assert (nothing.status, "no keys in it" in nothing.err) == (1, True)

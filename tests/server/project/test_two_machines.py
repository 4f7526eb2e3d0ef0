"""Machines that share a database and a secret key share what is sealed; others refuse to start."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.server.project.test_plain_role import owned

__all__ = ["owned"]

OPEN = """
import django
django.setup()
from burnish_server.identity.oidc import keys
from burnish_server.hooks import secrets, store
print(len(keys.published()))
"""
MAKE = """
import django
django.setup()
from burnish_server.hooks import secrets
from burnish_server.identity.oidc import keys
keys.rotate()
secrets.put("CRM_KEY", "value")
"""


def run(url: str, data_dir: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run Python on a database, with a data folder and settings of its own."""
    told = {
        "DATABASE_URL": url,
        "BURNISH_DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "burnish_server.project.settings",
    }
    kept = {k: v for k, v in os.environ.items() if not k.startswith("BURNISH_")}
    return subprocess.run(
        [sys.executable, *words],
        env={**kept, **told, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_same_secret_key_opens_on_both_and_another_refuses_to_start(
    owned: Callable[[str], str], tmp_path: Path
) -> None:
    url, first, second = owned("machines"), tmp_path / "one", tmp_path / "two"
    assert run(url, first, "-m", "burnish", "migrate", BURNISH_SECRET_KEY="same").returncode == 0
    assert run(url, first, "-c", MAKE, BURNISH_SECRET_KEY="same").returncode == 0

    both = [run(url, one, "-c", OPEN, BURNISH_SECRET_KEY="same") for one in (first, second)]
    check = ("-m", "burnish", "migrate", "--check")
    fine = run(url, second, *check, BURNISH_SECRET_KEY="same")
    others = [
        run(url, second, *check, BURNISH_SECRET_KEY="other"),
        run(url, second, "-m", "burnish", "worker", BURNISH_SECRET_KEY="other"),
        run(url, second, "-m", "burnish", "web", "--port", "1", BURNISH_SECRET_KEY="other"),
    ]

    assert [one.stdout for one in both] == ["1\n", "1\n"], both[1].stderr
    assert fine.returncode == 0
    for other in others:
        assert other.returncode == 1
        assert "cannot be opened with the keys of this machine" in other.stderr
        assert "BURNISH_SECRET_KEY" in other.stderr
        assert "Traceback" not in other.stderr
    assert not (first / "sealing-key").exists()


def test_a_key_made_in_a_data_folder_gives_way_to_that_of_the_settings(
    owned: Callable[[str], str], tmp_path: Path
) -> None:
    url, first, second = owned("made"), tmp_path / "one", tmp_path / "two"
    assert run(url, first, "-m", "burnish", "migrate").returncode == 0
    assert run(url, first, "-c", MAKE).returncode == 0
    made = (first / "sealing-key").read_text()

    moved = run(url, first, "-m", "burnish", "migrate", BURNISH_SECRET_KEY="same")

    assert (moved.returncode, moved.stderr) == (0, "")
    assert run(url, second, "-c", OPEN, BURNISH_SECRET_KEY="same").stdout == "1\n"
    assert (first / "sealing-key.replaced").read_text() == made
    assert not (first / "sealing-key").exists()


@pytest.mark.parametrize("keys", ["new,old", "old"])
def test_keys_of_the_settings_go_before(
    owned: Callable[[str], str], tmp_path: Path, keys: str
) -> None:
    url = owned("given")
    given = {"BURNISH_SECRET_KEY": "same", "BURNISH_HOOKS_SECRET_KEYS": "old"}
    assert run(url, tmp_path, "-m", "burnish", "migrate", **given).returncode == 0
    assert run(url, tmp_path, "-c", MAKE, **given).returncode == 0

    given["BURNISH_HOOKS_SECRET_KEYS"] = keys
    resealed = run(url, tmp_path, "-m", "burnish", "hooks", "secrets", "reseal", **given)
    given["BURNISH_HOOKS_SECRET_KEYS"] = keys.split(",")[0]

    assert resealed.stdout.split()[0] == "2", resealed.stderr
    assert run(url, tmp_path, "-c", OPEN, **given).stdout == "1\n"

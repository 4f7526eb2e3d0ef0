"""The key that signs sessions is made once and is for our eyes only."""

import stat
from pathlib import Path

import pytest

from burnish.errors import InvalidSettings
from burnish_server.project.keys import secret_key


def test_the_first_caller_makes_the_key_and_all_get_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "var"

    first, second = secret_key(folder), secret_key(folder)

    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret-key"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(InvalidSettings, match="cannot be used"):
        secret_key(tmp_path / "file" / "var")

"""What is in the data folder is for our eyes only: what is written, and what was there before."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from burnish_server.supervisor import folder


@pytest.fixture(autouse=True)
def _mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_are_for_us_alone_before_and_after(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "mail").mkdir(parents=True)
    (data / "mail/1.eml").write_text("a code")
    (data / "postgres").mkdir()
    (data / "postgres/PG_VERSION").write_text("18")
    (tmp_path / "elsewhere").write_text("not ours")
    (data / "link").symlink_to(tmp_path / "elsewhere")

    with folder.held(data):
        (data / "sms").mkdir()
        (data / "sms/1.json").write_text("a code")

    assert [mode(data / name) for name in (".", "mail", "sms")] == [0o700] * 3
    assert [mode(data / name) for name in ("mail/1.eml", "sms/1.json", "serve.lock")] == [0o600] * 3
    assert mode(data / "postgres") == 0o755
    assert mode(tmp_path / "elsewhere") == 0o644

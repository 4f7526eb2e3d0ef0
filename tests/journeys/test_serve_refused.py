"""What hinders a start is told in one sentence, with its mend: no traceback, exit status 1."""

import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import psutil
import pytest

from tests.journeys.conftest import BURNISH, environment, eventually

Run = Callable[..., CompletedProcess[str]]
NOWHERE = "postgresql://ada@127.0.0.1:1/nowhere"


def test_a_port_in_use_is_named(run: Run, tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        refused = run("serve", "--data-dir", str(tmp_path / "var"), "--port", str(port))

    assert refused.returncode == 1
    assert refused.stderr == (
        f"burnish: Port {port} of 127.0.0.1 is in use; "
        "stop what listens there, or choose another with --port.\n"
    )


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_database_that_cannot_be_reached_is_named(run: Run, tmp_path: Path, command: str) -> None:
    refused = run(
        command,
        DATABASE_URL=NOWHERE,
        BURNISH_DATA_DIR=str(tmp_path / "var"),
        BURNISH_WEB_PORT="48173",
    )

    assert refused.returncode == 1
    assert refused.stderr == (
        "burnish: The database nowhere at 127.0.0.1 cannot be reached (Connection refused); "
        "start it, or correct DATABASE_URL.\n"
    )


@pytest.mark.parametrize("command", ["web", "worker"])
def test_web_and_worker_wait_for_a_database_that_cannot_be_reached_and_name_it(
    tmp_path: Path, command: str
) -> None:
    log = tmp_path / "log"
    told = environment(
        DATABASE_URL=NOWHERE,
        BURNISH_DATA_DIR=str(tmp_path / "var"),
        BURNISH_WEB_PORT="48173",
    )
    with log.open("w") as file:
        process = subprocess.Popen([*BURNISH, command], stderr=file, env=told)
    try:
        line = r"waiting for the database.*where=.*nowhere at 127\.0\.0\.1"
        assert eventually(lambda: re.search(line, log.read_text()), within=20)
        assert process.poll() is None
    finally:
        family = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        process.wait(10)
    assert eventually(lambda: not any(one.is_running() for one in family), within=10)


def test_a_folder_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "var"

    refused = run("serve", "--data-dir", str(folder))

    assert refused.returncode == 1
    assert refused.stderr == (
        f"burnish: The data folder {folder} cannot be written (Not a directory); "
        "choose another with --data-dir.\n"
    )


def test_commands_say_that_no_service_runs_here(run: Run, tmp_path: Path) -> None:
    refused = run("users", "show", "ada@example.com", "--data-dir", str(tmp_path))

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"burnish: No service runs on the data folder {tmp_path};")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("BURNISH_WEB_PORT", "http", "input should be a valid integer"),
        ("BURNISH_WEB_TRUSTED_PROXIES", "proxy", "'proxy' does not appear to be"),
        ("BURNISH_WEB_ORIGIN", "accounts", "write it as https://accounts.example"),
        ("BURNISH_OUTBOUND_REWRITES", "vendor", "the rewrite 'vendor' needs two origins"),
        ("DATABASE_URL", "mysql://127.0.0.1/x", "write it as postgresql://"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    run: Run, tmp_path: Path, name: str, value: str, reason: str
) -> None:
    settings = {"BURNISH_DATA_DIR": str(tmp_path / "var"), "BURNISH_WEB_PORT": "48174"}

    refused = run("serve", **(settings | {name: value}))

    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert reason in refused.stderr
    assert name.split("_")[1] in refused.stderr


def test_a_missing_deno_is_named(run: Run, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "deno.py").write_text("def find_deno_bin():\n    raise FileNotFoundError\n")

    refused = run(
        "serve", "--data-dir", str(tmp_path / "var"), PYTHONPATH=str(bare), PATH=str(bare)
    )

    assert refused.returncode == 1
    assert refused.stderr == (
        "burnish: Deno, which runs hook scripts, was not found; "
        "install it with `pip install deno`.\n"
    )

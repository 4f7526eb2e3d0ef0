"""Rows filled by several processes: none outlives a kill, and one that is killed loses nothing."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from tests.library.cli.conftest import Burnish

ROWS = 30_000
COMMAND = ["enrich", "people.csv", "-o", "out.csv", "--want", "phone_country,email_domain"]


def people(folder: Path) -> None:
    lines = (f"{n},a{n}@company{n}.example,+4670{n:07}\n" for n in range(ROWS))
    (folder / "people.csv").write_text("id,email,phone\n" + "".join(lines))


@contextmanager
def under_way(folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[psutil.Process]]]:
    """Start it, and wait until rows are written."""
    process = subprocess.Popen(
        [sys.executable, "-m", "burnish", *COMMAND], cwd=folder, stderr=subprocess.PIPE, text=True
    )
    rows = folder / "out.csv.burnish" / "rows"
    try:
        while not rows.exists() or rows.stat().st_size < 100_000:
            assert process.poll() is None
            time.sleep(0.02)
        yield process, psutil.Process(process.pid).children(recursive=True)
    finally:
        process.kill()
        process.communicate()


def whole(folder: Path) -> list[str]:
    head = "id,email,phone,phone_country,email_domain"
    return [
        head,
        *(
            f"{n},a{n}@company{n}.example,+4670{n:07},Sweden,company{n}.example"
            for n in range(ROWS)
        ),
    ]


def test_a_kill_ends_all_processes_and_the_same_command_goes_on(
    tmp_path: Path, burnish: Burnish
) -> None:
    people(tmp_path)

    with under_way(tmp_path) as (process, others):
        process.kill()
        _, left = psutil.wait_procs(others, timeout=20)

    assert len(others) >= 1
    assert left == []
    done = burnish(*COMMAND)
    assert done.returncode == 0, done.stderr
    assert " of them by a run before" in done.stderr
    assert (tmp_path / "out.csv").read_text().splitlines() == whole(tmp_path)


def test_when_one_of_them_is_killed_it_says_so_and_goes_on_later(
    tmp_path: Path, burnish: Burnish
) -> None:
    people(tmp_path)

    with under_way(tmp_path) as (process, others):
        for other in others:
            if "spawn_main" in " ".join(other.cmdline()):
                other.kill()
        _, said = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "A process that filled rows was killed" in said
    assert "Traceback" not in said
    assert burnish(*COMMAND).returncode == 0
    assert (tmp_path / "out.csv").read_text().splitlines() == whole(tmp_path)

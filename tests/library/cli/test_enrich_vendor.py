"""What `burnish enrich` asks of a vendor: each question once, within the budget."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from tests.library.cli.conftest import Burnish, Inside, refusal
from tests.library.cli.standin import StandIn

COMMAND = ["enrich", "people.csv", "-o", "out.csv", "--config", "burnish.yaml", "--want", "city"]


def people(folder: Path, ips: list[str]) -> None:
    (folder / "people.csv").write_text("ip\n" + "".join(f"{ip}\n" for ip in ips))


def cities(folder: Path) -> list[str]:
    return [line.partition(",")[2] for line in (folder / "out.csv").read_text().splitlines()[1:]]


def test_repeated_inputs_are_asked_once(
    tmp_path: Path, inside: Inside, config: Path, standin: StandIn
) -> None:
    people(tmp_path, [f"203.0.113.{n % 7}" for n in range(1500)])

    result = inside(*COMMAND)

    assert result.exit_code == 0, result.output
    assert standin.asked == {f"203.0.113.{n}": 1 for n in range(7)}
    assert cities(tmp_path) == [f"City {n % 7}" if n % 7 else "" for n in range(1500)]
    assert "ipgeolocation: 6 found, 1 miss, 1,493 kept" in result.stderr
    assert "0.06 spent" in result.stderr


def test_a_dry_run_says_what_would_be_asked_and_asks_nobody(
    tmp_path: Path, inside: Inside, config: Path, standin: StandIn
) -> None:
    people(tmp_path, [f"203.0.113.{n % 7}" for n in range(100)] + ["10.0.0.1", "nowhere"])

    result = inside(*COMMAND, "--dry-run", "--budget", "0.05")

    assert result.exit_code == 0, result.output
    assert "102 rows; likely cost 0.07, at most 0.07. Nobody was asked." in result.stdout
    assert "The budget of 0.05 will not do for all of it." in result.stdout
    assert not standin.asked
    assert not (tmp_path / "out.csv").exists()
    assert not (tmp_path / "out.csv.burnish").exists()


def test_a_dry_run_tells_what_is_likely_from_what_is_possible(
    tmp_path: Path, inside: Inside
) -> None:
    (tmp_path / "burnish.yaml").write_text(
        """
        enrichment:
          providers:
            email_address: {}
            ipgeolocation: {api_key: k, price: "0.01"}
            abstract_ip: {api_key: k, price: "0.5"}
            hunter_company: {api_key: k, price: "2"}
          attributes:
            city: [ipgeolocation, abstract_ip]
            company_name: [hunter_company]
        """
    )
    (tmp_path / "people.csv").write_text(
        "ip,email\n"
        "203.0.113.1,ada@nordlake.example\n"
        "203.0.113.2,bo@nordlake.example\n"
        "203.0.113.1,cy@gmail.com\n"
    )

    result = inside(*COMMAND[:-1], "city,company_name", "--dry-run")

    assert result.exit_code == 0, result.output
    table = [line.replace("│", " ").split() for line in result.stdout.splitlines()]
    lines = {words[0]: words[1:] for words in table if len(words) == 6}
    assert lines["ipgeolocation"] == ["2", "0", "0.01", "0.02", "0.02"]
    assert lines["abstract_ip"] == ["0", "2", "0.5", "0.0", "1.0"]
    assert lines["hunter_company"] == ["1", "0", "2", "2", "2"]
    assert "likely cost 2.02, at most 3.02" in result.stdout


def test_a_budget_is_kept_to_and_the_rows_go_on_with_what_is_free(
    tmp_path: Path, inside: Inside, config: Path, standin: StandIn
) -> None:
    rows = "".join(f"203.0.113.{n},a{n}@gmail.com\n" for n in range(1, 101))
    (tmp_path / "people.csv").write_text("ip,email\n" + rows)

    result = inside(*COMMAND[:-1], "city,email_domain", "--budget", "0.25")

    assert result.exit_code == 0, result.output
    assert standin.asked.total() == 25
    assert "The budget of 0.25 was used up: 75 lookups were not made." in result.stderr
    lines = (tmp_path / "out.csv").read_text().splitlines()[1:]
    assert all(line.endswith(",gmail.com") for line in lines)
    assert sum("City" in line for line in lines) == 25


def test_what_is_set_aside_for_a_miss_comes_back_to_the_budget(
    tmp_path: Path, inside: Inside, config: Path, standin: StandIn
) -> None:
    misses = [f"203.0.{n}.0" for n in range(100)]
    people(tmp_path, [*misses, *(f"203.0.113.{n}" for n in range(1, 11))])

    result = inside(*COMMAND, "--budget", "0.05")

    assert result.exit_code == 0, result.output
    assert sum(standin.asked[ip] for ip in misses) == 100
    assert sum(city.startswith("City") for city in cities(tmp_path)) == 5


@pytest.mark.parametrize("kills", [1, 3])
def test_after_a_kill_the_same_command_goes_on_without_asking_again(
    tmp_path: Path, burnish: Burnish, config: Path, standin: StandIn, kills: int
) -> None:
    ips = [f"203.0.{n // 250}.{n % 250 + 1}" for n in range(1500)]
    people(tmp_path, ips)
    standin.seconds = 0.002
    concurrency = 4

    for number in range(kills):
        enough = 250 * (number + 1)
        process = subprocess.Popen(
            [sys.executable, "-m", "burnish", *COMMAND, "--concurrency", f"{concurrency}"],
            cwd=tmp_path,
            env=os.environ | standin.environment,
            stderr=subprocess.DEVNULL,
        )
        while standin.answered.total() < enough:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not (tmp_path / "out.csv").exists()

    standin.seconds = 0
    done = burnish(*COMMAND)

    assert done.returncode == 0, done.stderr
    assert cities(tmp_path) == [f"City {ip.rpartition('.')[2]}" for ip in ips]
    assert set(standin.asked) == set(ips)
    # Nobody can know of an answer that was on its way when the process was killed.
    assert standin.asked.total() <= len(ips) + concurrency * kills
    spent = Decimal(done.stderr.rpartition(" spent")[0].rpartition(" ")[2])
    charged = standin.asked.total() * Decimal("0.01")
    assert charged <= spent <= charged + concurrency * kills * Decimal("0.01")
    assert not (tmp_path / "out.csv.burnish").exists()


def test_a_run_that_was_killed_has_rows_done_that_are_not_done_again(
    tmp_path: Path, burnish: Burnish, standin: StandIn, config: Path
) -> None:
    ips = [f"203.0.{n // 250}.{n % 250 + 1}" for n in range(1500)]
    people(tmp_path, ips)
    standin.seconds = 0.002
    process = subprocess.Popen(
        [sys.executable, "-m", "burnish", *COMMAND, "--concurrency", "10"],
        cwd=tmp_path,
        env=os.environ | standin.environment,
        stderr=subprocess.DEVNULL,
    )
    while standin.answered.total() < 1000:
        time.sleep(0.01)
    process.kill()
    process.wait()
    # Without its answers, only rows that are done save asking.
    with sqlite3.connect(tmp_path / "out.csv.burnish" / "journal.sqlite3") as journal:
        journal.execute("DELETE FROM entry")
    journal.close()
    before = standin.asked.total()
    standin.seconds = 0

    done = burnish(*COMMAND)

    assert " of them by a run before" in done.stderr
    assert standin.asked.total() - before < 1100
    assert cities(tmp_path) == [f"City {ip.rpartition('.')[2]}" for ip in ips]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [("input", "the input file changed"), ("want", "--want changed"), ("config", "configuration")],
)
def test_a_changed_input_or_setting_is_noticed_and_answers_stay(
    tmp_path: Path, inside: Inside, config: Path, standin: StandIn, change: str, sentence: str
) -> None:
    ips = [f"203.0.113.{n}" for n in range(1, 41)]
    people(tmp_path, ips)
    process = subprocess.Popen(
        [sys.executable, "-m", "burnish", *COMMAND, "--concurrency", "1"],
        cwd=tmp_path,
        env=os.environ | standin.environment,
        stderr=subprocess.DEVNULL,
    )
    standin.seconds = 0.02
    while standin.answered.total() < 20:
        time.sleep(0.01)
    process.kill()
    process.wait()
    standin.seconds = 0
    command = list(COMMAND)
    if change == "input":
        people(tmp_path, [*ips, "203.0.113.99"])
    elif change == "want":
        command[-1] = "city,email_domain"
    else:
        config.write_text(config.read_text() + "\n")

    refused = inside(*command)

    assert sentence in refusal(refused)
    assert "--force begins with the first row again" in refusal(refused)
    again = inside(*command, "--force")
    assert again.exit_code == 0, again.output
    assert set(standin.asked.values()) <= {1, 2}
    assert sum(count - 1 for count in standin.asked.values()) <= 1


def test_two_runs_do_not_write_the_same_file(
    tmp_path: Path, inside: Inside, config: Path, standin: StandIn
) -> None:
    people(tmp_path, [f"203.0.113.{n}" for n in range(1, 200)])
    standin.seconds = 0.05
    process = subprocess.Popen(
        [sys.executable, "-m", "burnish", *COMMAND, "--concurrency", "1"],
        cwd=tmp_path,
        env=os.environ | standin.environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not standin.answered.total():
            time.sleep(0.01)

        assert "Another run is at work in out.csv.burnish." in refusal(inside(*COMMAND))
    finally:
        process.kill()
        process.wait()

"""A newcomer's first minute, and an operator's worst ones, with a real `burnish serve`."""

import re
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import psutil
import pytest

from tests.journeys.conftest import Service, alive, eventually, line

Serve = Callable[..., Service]
Run = Callable[..., CompletedProcess[str]]


def test_the_first_start_prints_addresses_and_a_password_and_later_ones_keep_quiet(
    serve: Serve,
) -> None:
    first = serve("--sandbox").ready()

    assert f"{first.url}/signup/" in first.printed
    assert f"{first.url}/settings/" in first.printed
    assert f"{first.url}/portal/" in first.printed
    assert re.search(r"Administrator\s+admin@burnish\.example", first.printed)
    password = re.search(r"Password\s+(\S{12,})", first.printed)
    assert password
    assert first.answers("/login/")
    assert first.end() == 0

    later = serve("--sandbox").ready()

    assert "Password" not in later.printed
    assert password[1] not in first.log + later.log
    assert later.answers("/portal/login/")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_every_process_within_five_seconds(
    serve: Serve, number: signal.Signals
) -> None:
    service = serve().ready()
    tree = service.tree()

    started = time.monotonic()
    status = service.end(number)

    assert status == 0
    assert time.monotonic() - started < 5
    assert eventually(lambda: not alive(tree), within=1), alive(tree)
    assert "Traceback" not in service.log
    assert not (service.data_dir / "serve.json").exists()


def test_a_signal_while_starting_leaves_nothing_behind(serve: Serve) -> None:
    service = serve("--sandbox")
    assert eventually(lambda: len(service.tree()) > 3, within=10)
    tree = service.tree()

    status = service.end(signal.SIGINT)

    assert status == 0
    assert eventually(lambda: not alive(tree), within=1), alive(tree)
    assert "Traceback" not in service.log


def test_a_killed_supervisor_takes_all_with_it_and_hinders_no_start(serve: Serve) -> None:
    killed = serve().ready()
    tree = killed.tree()
    killed.end(signal.SIGKILL)

    again = serve("--port", str(killed.port)).ready()

    # Each part gets the lifeline's three seconds to finish what it has in hand.
    assert eventually(lambda: not alive(tree), within=5), alive(tree)
    assert again.end() == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("worker", ["burnish worker"]),
        ("web", ["burnish web"]),
        ("postgres", ["/bin/postgres", "-D"]),
    ],
)
def test_what_dies_is_started_again_and_the_log_says_so(
    serve: Serve, name: str, words: list[str]
) -> None:
    service = serve().ready()
    victim = service.part(*words)

    victim.kill()

    ended, again = f"process={name} status=-9", f"process={name}"
    assert eventually(lambda: ended in service.log, within=5)
    assert eventually(lambda: re.search(f"process started again.*{again}", service.log), within=5)
    assert eventually(lambda: service.answers("/login/"), within=10)
    assert service.part(*words).pid != victim.pid


def test_a_killed_web_process_below_its_parent_is_started_again(serve: Serve) -> None:
    service = serve().ready()
    parent = service.part("burnish web")
    (victim,) = parent.children()

    victim.kill()

    assert eventually(lambda: "Unexpected exit from worker-1" in service.log, within=5)
    assert eventually(lambda: service.log.count("web process ready") == 2, within=10)
    assert service.answers("/login/")
    assert parent.is_running()
    assert psutil.pid_exists(parent.children()[0].pid)


def test_no_connection_is_refused_while_web_processes_are_killed(serve: Serve) -> None:
    service = serve().ready()
    refused: list[OSError] = []
    is_over = threading.Event()

    def knock() -> None:
        while not is_over.wait(0.002):
            try:
                socket.create_connection(("127.0.0.1", service.port), 5).close()
            except OSError as error:
                refused.append(error)

    knocking = threading.Thread(target=knock)
    knocking.start()
    try:
        for kills_the_parent in (False, True):
            parent = service.part("burnish web")
            (child,) = parent.children()
            before = service.log.count("web process ready")
            (parent if kills_the_parent else child).kill()
            ready = "web process ready"
            assert eventually(lambda: service.log.count(ready) > before, within=20)  # noqa: B023
            assert service.answers("/login/")
    finally:
        is_over.set()
        knocking.join()

    assert refused == []


def half_a_request(service: Service) -> socket.socket:
    """Send a request whose body is still to come."""
    visitor = socket.create_connection(("127.0.0.1", service.port), 30)
    head = "POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n"
    visitor.sendall(head.encode() + b"no")
    return visitor


def refuses(service: Service) -> bool:
    try:
        socket.create_connection(("127.0.0.1", service.port), 5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_request_under_way_is_finished_when_the_service_is_told_to_end(serve: Serve) -> None:
    service = serve().ready()
    with half_a_request(service) as visitor:
        service.process.send_signal(signal.SIGTERM)
        assert eventually(lambda: refuses(service), within=10)
        visitor.sendall(b"pe")

        assert visitor.recv(12) == b"HTTP/1.1 403"
    assert service.process.wait(10) == 0


def test_one_that_is_never_finished_holds_up_the_end_no_longer_than_the_setting(
    serve: Serve,
) -> None:
    service = serve(BURNISH_WEB_STOP_SECONDS="1").ready()
    with half_a_request(service):
        assert service.end() == 0


def test_a_second_serve_on_the_same_folder_is_refused(serve: Serve, data_dir: Path) -> None:
    serve().ready()

    second = serve()

    assert second.process.wait(10) == 1
    assert second.log == (
        f"burnish: Another `burnish serve` uses the data folder {data_dir}; "
        "stop it, or name another folder with --data-dir.\n"
    )


def test_an_administrator_is_made_beside_the_running_service(
    serve: Serve, run: Run, data_dir: Path
) -> None:
    serve().ready()
    words = ("admin", "create", "--email", "ada@example.com", "--data-dir", str(data_dir))

    made = run(*words)
    again = run(*words)

    assert made.returncode == 0
    assert re.search(r"Password: \S{12,}", made.stdout)
    assert again.returncode == 1
    assert again.stderr == (
        "burnish: There is a user ada@example.com already; choose another e-mail address.\n"
    )


def test_a_killed_script_process_is_replaced_and_the_log_says_so(serve: Serve) -> None:
    service = serve().ready()
    assert eventually(lambda: scripts(service), within=10)
    victim = scripts(service)[0]
    time.sleep(1.5)  # one killed while it starts is replaced when a script needs it

    victim.kill()

    assert eventually(lambda: _replaced(service, victim.pid), 10)
    assert f"pid={victim.pid}" in service.log


def _replaced(service: Service, pid: int) -> bool:
    running = [process.pid for process in scripts(service)]
    return pid not in running and len(running) >= 2


def scripts(service: Service) -> list[psutil.Process]:
    """Return the processes that wait for scripts."""
    return [process for process in service.tree() if "host.ts" in line(process)]

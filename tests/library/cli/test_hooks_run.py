"""`burnish hooks run`, as a program of its own."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

PROGRAM = "from burnish.cli.hooks import app; app(prog_name='hooks')"


def run(
    *arguments: object, given: str = "", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, "run", *map(str, arguments)],
        input=given,
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.fixture
def event(tmp_path: Path) -> Path:
    path = tmp_path / "event.json"
    path.write_text('{"id": "42"}')
    return path


def script(folder: Path, source: str) -> Path:
    path = folder / "geo.ts"
    path.write_text(source)
    return path


@pytest.fixture
def vendor() -> Iterator[str]:
    """Return the host and port of a server on this machine that says "hello"."""

    class Hello(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = HTTPServer(("127.0.0.1", 0), Hello)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_script_that_returns_is_told_as_one_json_object(tmp_path: Path, event: Path) -> None:
    path = script(tmp_path, 'export default (e) => { console.log("hi"); return { id: e.id }; };')

    done = run(path, "--event", event)

    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert said.pop("ms") > 0
    assert said == {"output": {"id": "42"}, "stdout": "hi\n", "error": None}


def test_the_event_may_come_from_stdin(tmp_path: Path) -> None:
    path = script(tmp_path, "export default (e) => e.n;")

    done = run(path, "--event", "-", given='{"n": "é"}')

    assert json.loads(done.stdout)["output"] == "é"


def test_a_script_that_throws_ends_with_status_1_and_its_line(tmp_path: Path, event: Path) -> None:
    path = script(tmp_path, "export default () => {\n  throw new Error('boo');\n};")

    done = run(path, "--event", event)

    assert (done.returncode, done.stderr) == (1, "")
    said = json.loads(done.stdout)
    assert said["output"] is None
    assert said["error"] == {"code": "threw", "message": "Error: boo", "line": 2}


def test_the_time_out_is_in_seconds(tmp_path: Path, event: Path) -> None:
    path = script(tmp_path, "export default () => { while (true); };")

    done = run(path, "--event", event, "--timeout", "0.2")

    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "timeout"


@pytest.mark.parametrize(
    ("event_text", "sentence"),
    [("{", "is not JSON"), ("[]", "an event is a JSON object"), (None, "No such file")],
)
def test_an_event_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, event_text: str | None, sentence: str
) -> None:
    path = script(tmp_path, "export default () => 1;")
    event = tmp_path / "event.json"
    if event_text is not None:
        event.write_text(event_text)

    done = run(path, "--event", event)

    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_script_that_is_not_there_is_one_sentence(tmp_path: Path, event: Path) -> None:
    done = run(tmp_path / "none.ts", "--event", event)

    assert done.returncode == 2
    assert done.stderr == f"{tmp_path / 'none.ts'} cannot be read: No such file or directory.\n"


def test_settings_that_cannot_be_read_are_one_sentence(tmp_path: Path, event: Path) -> None:
    path = script(tmp_path, "export default () => 1;")

    done = run(path, "--event", event, environment={"BURNISH_OUTBOUND_REWRITES": "nonsense"})

    assert done.returncode == 2
    assert "'nonsense' needs two origins" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("how", ["option", "exception", "rewrite"])
def test_a_private_address_may_be_opened(
    tmp_path: Path, event: Path, vendor: str, how: str
) -> None:
    url = "https://api.vendor.example/x" if how == "rewrite" else f"http://{vendor}/x"
    path = script(tmp_path, f'export default async () => await (await fetch("{url}")).text();')
    options = ["--allow-private"] if how == "option" else []
    environment = {
        "option": {},
        "exception": {"BURNISH_OUTBOUND_ALLOW_PRIVATE": vendor},
        "rewrite": {"BURNISH_OUTBOUND_REWRITES": f"https://api.vendor.example=http://{vendor}"},
    }[how]

    done = run(path, "--event", event, *options, environment=environment)

    assert json.loads(done.stdout)["output"] == "hello"


def test_a_private_address_is_refused_else(tmp_path: Path, event: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        path = script(tmp_path, f'export default () => fetch("http://127.0.0.1:{port}/");')

        done = run(path, "--event", event)

    assert done.returncode == 1
    assert "no net access" in json.loads(done.stdout)["error"]["message"]


def test_what_no_text_can_hold_is_printed_as_u_fffd(tmp_path: Path, event: Path) -> None:
    source = "export default () => { console.log('\\ud83d'); return ['a\\u0000', '\\ud83d']; };"

    result = run(script(tmp_path, source), "--event", event)

    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["output"], told["stdout"]) == (["a\ufffd", "\ufffd"], "\ufffd\n")


def test_an_error_that_no_text_can_hold_is_printed_too(tmp_path: Path, event: Path) -> None:
    source = "export default () => { throw new Error('x\\ud83d'); };"

    result = run(script(tmp_path, source), "--event", event)

    assert (result.returncode, result.stderr) == (1, "")
    assert "x\ufffd" in json.loads(result.stdout)["error"]["message"]

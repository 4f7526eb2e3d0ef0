"""What the guide of the client libraries shows is done against a running service."""

import re
import subprocess
from functools import partial
from pathlib import Path

import pytest
from tests.doors.clients.conftest import CLIENT, beside
from tests.doors.clients.javascript import NODE, in_node
from tests.journeys.conftest import Service

GUIDE = Path(__file__).parents[3] / "docs/guides/clients.md"


def snippets(language: str, service: Service) -> list[str]:
    """Return the guide's programs, which call this service."""
    text = GUIDE.read_text().replace("http://127.0.0.1:8000", service.url)
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def checked(folder: Path, programs: list[str]) -> None:
    """Let the compiler read programs; names of Node that they use are declared."""
    node = "declare const process: { env: Record<string, string | undefined> };\n"
    files = [folder / f"program{number}.mts" for number in range(len(programs))]
    for file, program in zip(files, programs, strict=True):
        file.write_text(node + program + "\nexport {};\n")
    flags = ["--noEmit", "--strict", "--module", "NodeNext", "--target", "ES2022"]
    tsc = [NODE, CLIENT / "node_modules/typescript/bin/tsc", *flags, *files]
    told = subprocess.run(tsc, cwd=folder, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_the_guide_s_python_does_what_it_asserts(
    service: Service, api_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BURNISH_API_KEY", api_key)
    programs = snippets("py", service)

    for program in programs:
        beside(partial(exec, compile(program, str(GUIDE), "exec"), {}))

    assert len(programs) == 3


def test_the_guide_s_typescript_has_right_types_and_runs(
    service: Service, api_key: str, dist: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BURNISH_API_KEY", api_key)
    on_a_server, on_a_page = (
        program.replace('"@burnish/client/browser"', f'"{dist}/browser.js"').replace(
            '"@burnish/client"', f'"{dist}/index.js"'
        )
        for program in snippets("typescript", service)
    )

    checked(tmp_path, [on_a_server, on_a_page])
    told = in_node(on_a_server)

    assert "ivo@guide.example Lyon" in told.splitlines()

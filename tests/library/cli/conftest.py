"""`burnish enrich`, run as people run it, with a vendor that remembers what it was asked."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import Result
from tests.library.cli.standin import StandIn, standing_in
from typer.testing import CliRunner

from burnish.cli import app
from burnish.errors import BurnishError

Burnish: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]
Inside: TypeAlias = Callable[..., Result]


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """A vendor's stand-in."""
    with standing_in() as standin:
        yield standin


@pytest.fixture
def burnish(tmp_path: Path, standin: StandIn) -> Burnish:
    """Run a command in the test's folder."""

    def run(*words: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "burnish", *words],
            cwd=tmp_path,
            env=os.environ | standin.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def inside(tmp_path: Path, standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> Inside:
    """Run a command in this process, which is faster; the message of what it raises is stderr."""
    monkeypatch.chdir(tmp_path)
    for name, value in standin.environment.items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    return run


def refusal(result: Result) -> str:
    """Return the sentence with which a command gave up."""
    assert isinstance(result.exception, BurnishError), result.output
    return str(result.exception)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with one vendor who costs a hundredth, and the local providers."""
    path = tmp_path / "burnish.yaml"
    path.write_text(
        """
        enrichment:
          providers:
            ipgeolocation: {api_key: k, price: "0.01"}
            email_address: {}
            phone: {places: false}
          attributes:
            city: [ipgeolocation]
            email_domain: [email_address]
            email_is_free: [email_address]
            phone_timezones: [phone]
        """
    )
    return path

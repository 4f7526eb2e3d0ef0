"""What the service is installed with may be used by everybody, in products of their own too."""

import re
from importlib.metadata import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PERMISSIVE = re.compile(
    r"MIT(-0| License)?|BSD( License|-[23]-Clause)?|Apache(-2\.0| Software License)|"
    r"ISC( License \(ISCL\))?|PSF-2\.0|Python Software Foundation License"
)

OTHERS = {
    "certifi": "MPL 2.0: a list of authorities, used unchanged",
    "fido2": "BSD; it comes with a list under MPL 2.0, used unchanged",
    "httpx-aiohttp": "BSD; its metadata has the text in place of the name",
    "psycopg": "LGPL: used as a library, unchanged",
    "psycopg-binary": "LGPL: used as a library, unchanged",
    "psycopg-pool": "LGPL: used as a library, unchanged",
    "qrcode": "BSD; the other licence is of the words QR Code",
}
"""Packages that need a look, by name, and what it came to."""


def installed() -> list[str]:
    """Return the names in the lock file of the service."""
    lock = (ROOT / "requirements" / "run.txt").read_text()
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock, re.MULTILINE)


def licences(name: str) -> list[str]:
    """Return the licences of a package, as its metadata names them."""
    about = metadata(name)
    if expression := about.get("License-Expression"):
        return re.split(r" (?:AND|OR) ", expression)
    classifiers = about.get_all("Classifier") or []
    named = [one.split(" :: ")[-1] for one in classifiers if one.startswith("License ::")]
    return named or about.get("License", "").splitlines()[:1]


@pytest.mark.parametrize("name", installed())
def test_a_package_is_permissively_licensed_or_was_looked_at(name: str) -> None:
    named = licences(name)

    is_permissive = bool(named) and all(PERMISSIVE.fullmatch(one) for one in named)
    assert is_permissive != (name in OTHERS), named


def test_only_packages_that_are_installed_are_excepted() -> None:
    assert set(OTHERS) <= set(installed())

"""Databases in MaxMind's format are read whatever their layout, and anew when they change."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from mmdb_writer import MMDBWriter
from netaddr import IPSet
from structlog.testing import capture_logs

from burnish.enrichment import mmdb
from burnish.enrichment.mmdb import database
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.providers.maxmind_db import MaxMindDb, MaxMindDbSettings
from burnish.enrichment.reading import BadAnswer
from burnish.errors import InvalidSettings

DATABASES = yaml.safe_load(Path(__file__).with_name("databases.yaml").read_text("utf-8"))
SWEDEN = {"203.0.113.0/24": {"country": {"iso_code": "SE"}}}
NORWAY = {"203.0.113.0/24": {"country": {"iso_code": "NO"}}}
ADDRESS = {"ip": "203.0.113.1"}


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "test.mmdb"
    database.cache_clear()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mmdb, "GLANCE_SECONDS", 0.0)


def write(path: Path, records: dict[str, Any], type: str = "GeoLite2-Country") -> None:
    """Write a database in place of another, as updaters do."""
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type=type, float_type="f64")
    for network, record in records.items():
        writer.insert_network(IPSet([network]), record)
    beside = path.with_suffix(".new")
    writer.to_db_file(str(beside))
    beside.rename(path)


def opened(path: Path) -> MaxMindDb:
    return MaxMindDb(MaxMindDbSettings(path=path))


def country_of(provider: MaxMindDb) -> str:
    answer = provider.look(ADDRESS)
    assert isinstance(answer, Found)
    return str(answer.values["country_code"])


@pytest.mark.parametrize("case", DATABASES, ids=lambda case: case["type"])
def test_a_layout_is_read(path: Path, case: dict[str, Any]) -> None:
    write(path, case["records"], case["type"])
    provider = opened(path)

    for address, expected in case["reads"].items():
        if expected == "bad":
            with pytest.raises(BadAnswer, match="country"):
                provider.look({"ip": address})
            continue
        answer = provider.look({"ip": address})
        assert answer == (Found(expected, 0.8) if expected else Miss()), address
        assert not isinstance(answer, Found) or answer.values.keys() <= provider.gives
    assert case["gives"] in provider.gives
    assert case.get("attribution", "") in provider.terms.attribution


def test_a_database_of_one_thing_is_not_asked_for_others(path: Path) -> None:
    write(path, {}, "GeoLite2-ASN")

    assert not opened(path).gives & {"city", "country", "is_vpn"}


@pytest.mark.usefixtures("at_once")
def test_a_new_file_in_its_place_is_read(path: Path) -> None:
    write(path, SWEDEN)
    provider = opened(path)
    assert country_of(provider) == "SE"

    write(path, NORWAY)

    assert country_of(provider) == "NO"


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"half of it"),
        lambda path: path.write_bytes(path.read_bytes()[:200]),
        lambda path: os.truncate(path, 0),
        lambda path: path.unlink(),
    ],
    ids=["something else", "a part", "nothing", "gone"],
)
def test_a_broken_file_leaves_the_old_one_in_use(path: Path, spoil: Callable[[Path], Any]) -> None:
    write(path, SWEDEN)
    provider = opened(path)

    spoil(path)
    with capture_logs() as logs:
        assert [country_of(provider) for _ in range(3)] == ["SE"] * 3

    assert [line["event"] for line in logs] == ["broken database ignored"]
    write(path, NORWAY)
    assert country_of(provider) == "NO"


def test_the_file_is_not_looked_at_for_every_lookup(path: Path) -> None:
    write(path, SWEDEN)
    provider = opened(path)
    country_of(provider)

    write(path, NORWAY)

    assert country_of(provider) == "SE"


def test_a_database_is_in_memory_once(path: Path) -> None:
    write(path, SWEDEN)

    assert opened(path)._database is opened(path)._database


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "There is no file"), (b"PK\x03\x04", "cannot be read as a MaxMind database")],
    ids=["missing", "something else"],
)
def test_a_file_that_cannot_serve_is_refused_at_once(
    path: Path, content: bytes | None, says: str
) -> None:
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(InvalidSettings, match=says) as refusal:
        opened(path)
    assert path.name in str(refusal.value)

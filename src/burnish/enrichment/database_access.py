"""Which databases and folders `sql` providers may ask, where those who set them may not ask all.

A service in which providers are configured by people and API keys confines them to a list kept by
whoever runs it. Code that makes a provider itself is not confined: it could open the database
without us.
"""

import ipaddress
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from burnish.errors import InvalidSettings
from burnish.outbound import Outbound, entries
from burnish.resolving import PublicResolver

SETTING = "BURNISH_LOOKUPS_SQL_DATABASES"
PORT = 5432

PARAMETERS = frozenset(
    {
        "host",
        "port",
        "dbname",
        "user",
        "password",
        "sslmode",
        "channel_binding",
        "connect_timeout",
        "application_name",
        "keepalives",
        "keepalives_idle",
    }
)
"""What a confined address may say to libpq. Others name files of this machine, other hosts, or
settings of the session (`service`, `passfile`, `sslkey`, `hostaddr`, `options`)."""

OWN_TABLES = ("enrichment_kept", "identity_user", "usersessions_usersession")
"""A database that has all of these is a Burnish's own, under whatever address it is reached."""

INSPECTION = """
select current_setting('is_superuser') = 'on'
    or pg_catalog.pg_has_role('pg_read_server_files', 'member')
    or pg_catalog.pg_has_role('pg_execute_server_program', 'member') as is_mighty,
    (select count(distinct relname) from pg_catalog.pg_class
     where relkind in ('r', 'p', 'f', 'v', 'm') and relname = any(%s)) as own_tables
"""


class NotAllowed(Exception):
    """A database that may not be asked; the message is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class DatabaseAccess:
    """The databases, as (host, port, name), and the folders or files that may be asked."""

    databases: frozenset[tuple[str, int, str]] = frozenset()
    paths: tuple[Path, ...] = ()
    outbound: Outbound = field(default_factory=Outbound)

    @classmethod
    def parse(cls, listed: str, outbound: Outbound | None = None) -> Self:
        """Read `crm.example:5432/crm,/srv/data`; the port may be left out.

        Raises `InvalidSettings` with the entry that cannot be read.
        """
        databases: set[tuple[str, int, str]] = set()
        paths: list[Path] = []
        for entry in entries(listed):
            if entry.startswith("/"):
                paths.append(Path(entry).resolve())
            else:
                databases.add(_database(entry))
        return cls(frozenset(databases), tuple(paths), outbound or Outbound())

    def file(self, path: Path) -> Path:
        """Return where a path really leads. Raises `NotAllowed` where that is not listed."""
        try:
            real = path.resolve()
        except (OSError, RuntimeError, ValueError):
            raise NotAllowed("The path of the database file cannot be read.") from None
        if not any(real == listed or listed in real.parents for listed in self.paths):
            raise NotAllowed(
                "This database file is in no folder that providers may ask; "
                f"whoever runs the service can add its folder to {SETTING}."
            )
        return real

    def server(self, parameters: Mapping[str, Any]) -> tuple[str, int]:
        """Return host and port of an address, given as libpq reads it.

        Raises `NotAllowed` where it says more than a listed database needs, or is not listed.
        """
        if unknown := sorted(parameters.keys() - PARAMETERS):
            raise NotAllowed(f"The database_url may not set {', '.join(unknown)}; leave that away.")
        host, port = str(parameters.get("host", "")), str(parameters.get("port", PORT))
        name = str(parameters.get("dbname", ""))
        if not host or not name or host[0] in "/@" or "," in host or not port.isdecimal():
            raise NotAllowed(
                "The database_url must name one host, not a socket, and a database: "
                "postgresql://user:password@host:5432/name."
            )
        place = (_host(host), int(port), name)
        if place not in self.databases:
            raise NotAllowed(
                f"{host}:{port}/{name} is no database that providers may ask; "
                f"whoever runs the service can add it to {SETTING}."
            )
        return host, int(port)

    async def addresses(self, host: str, port: int) -> list[str]:
        """Return the IP addresses to connect to.

        A listed address is its own permission; where a listed name leads to a private address,
        the outbound policy must have it too. Raises OSError (`resolving.Refused` where the policy
        does not).
        """
        if _is_address(host):
            return [host.strip("[]")]
        found = await PublicResolver(self.outbound).resolve(host, port, socket.AF_UNSPEC)
        return [one["host"] for one in found]


def judge(found: Mapping[str, Any]) -> None:
    """Judge what `INSPECTION` found. Raises `NotAllowed`."""
    if found["own_tables"] == len(OWN_TABLES):
        raise NotAllowed(
            "This is a database of Burnish itself, which providers never ask; "
            "read profiles by the Admin API."
        )
    if found["is_mighty"]:
        raise NotAllowed(
            "The provider's role may read the server's files; give it one that is no superuser "
            "and can only select."
        )


def pinned(host: str, addresses: list[str]) -> dict[str, str]:
    """Return parameters for libpq by which it connects to these addresses and uses no file."""
    return {
        "host": ",".join([host] * len(addresses)),
        "hostaddr": ",".join(addresses),
        "passfile": os.devnull,
        "gssencmode": "disable",
    }


def _database(entry: str) -> tuple[str, int, str]:
    parts = urlsplit(f"//{entry}")
    name = unquote(parts.path.strip("/"))
    try:
        port = PORT if parts.port is None else parts.port
    except ValueError:
        port = 0
    if not parts.hostname or not port or not name or parts.username or parts.query:
        raise InvalidSettings(
            f"{entry!r} is no database; write host:5432/name, or a folder's whole path."
        )
    return _host(parts.hostname), port, name


def _host(host: str) -> str:
    """Return a host in its one form; no two spellings of an address differ."""
    bare = host.strip("[]").lower().rstrip(".")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return bare


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True

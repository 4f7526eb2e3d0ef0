"""Which column holds which input: by name, by an alias, or because somebody said so."""

import re
from collections.abc import Collection, Iterable, Mapping

from burnish.enrichment.files.fault import Unusable

ALIASES: Mapping[str, tuple[str, ...]] = {
    "ip": ("ip_address", "ipaddress", "last_ip", "client_ip", "remote_addr"),
    "email": ("e_mail", "email_address", "mail"),
    "phone_number": ("phone", "telephone", "mobile"),
    "user_agent": ("useragent", "ua"),
    "company_domain": ("domain",),
    "company_name": ("company", "organization", "organisation"),
    "country_code": ("country_iso_code",),
    "latitude": ("lat",),
    "longitude": ("lon", "lng"),
    "name": ("full_name",),
    "given_name": ("first_name", "firstname"),
    "family_name": ("last_name", "lastname", "surname"),
}
"""Other names of columns by which an input is found, where no column has its own."""


def matched(
    columns: Collection[str], inputs: Iterable[str], said: Mapping[str, str]
) -> dict[str, str]:
    """Return the column of each input that has one. Raises `Unusable`."""
    known = sorted(set(inputs))
    by_form: dict[str, list[str]] = {}
    for column in columns:
        by_form.setdefault(_form(column), []).append(column)
    found: dict[str, str] = {}
    for name in known:
        if name in said:
            continue
        own = by_form.get(name, [])
        able = own or [
            column for alias in ALIASES.get(name, ()) for column in by_form.get(alias, ())
        ]
        if len(able) > 1:
            words = f"{' and '.join(able)} may all be {name}"
            raise Unusable(f"The columns {words}; say which: --column {name}={able[0]}.")
        if able:
            found[name] = able[0]
    for name, column in said.items():
        if name not in known:
            asked = ", ".join(known)
            raise Unusable(f"Nobody is asked with {name}; providers are asked with {asked}.")
        if column not in columns:
            raise Unusable(f"There is no column {column}; there are {', '.join(columns)}.")
        found[name] = column
    if not found:
        asked, there = ", ".join(known), ", ".join(columns)
        raise Unusable(
            f"No column holds anything a provider can be asked with ({asked}); there are {there}. "
            "Say which does: --column ip=COLUMN."
        )
    return found


def _form(column: str) -> str:
    return re.sub(r"[\s-]+", "_", column.strip().lower())

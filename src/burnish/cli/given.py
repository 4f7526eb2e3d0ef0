"""What providers are asked with, as options of several commands."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from burnish.errors import InvalidSettings

Email = Annotated[str | None, typer.Option(help="E-mail address to ask with.")]
Ip = Annotated[str | None, typer.Option(help="IP address to ask with.")]
Phone = Annotated[str | None, typer.Option(help="Phone number, such as +46701234567.")]
UserAgent = Annotated[str | None, typer.Option(help="What a browser calls itself.")]
AcceptLanguage = Annotated[str | None, typer.Option(help="Languages a browser asks for.")]
Domain = Annotated[str | None, typer.Option(help="Domain of a company.")]
Input = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="Any other input, such as country_code=SE."),
]


def given(
    email: str | None,
    ip: str | None,
    phone: str | None,
    user_agent: str | None,
    accept_language: str | None,
    domain: str | None,
    more: Sequence[str] | None,
) -> dict[str, Any]:
    """Return the inputs that were given, by name."""
    inputs = {
        "email": email,
        "ip": ip,
        "phone_number": phone,
        "user_agent": user_agent,
        "accept_language": accept_language,
        "company_domain": domain,
        **pairs(more, "--input country_code=SE"),
    }
    return {name: value for name, value in inputs.items() if value is not None}


def pairs(said: Sequence[str] | None, example: str) -> dict[str, str]:
    """Return `name=value` options by name. Raises `InvalidSettings`."""
    found: dict[str, str] = {}
    for one in said or ():
        name, equals, value = one.partition("=")
        if not equals or not name or not value:
            raise InvalidSettings(f"{one!r} needs a name and what it is: {example}.")
        found[name] = value
    return found


def names(said: str | None) -> list[str] | None:
    """Return the names in a list with commas; None where there is no list."""
    if said is None:
        return None
    return [name for name in (one.strip() for one in said.split(",")) if name]

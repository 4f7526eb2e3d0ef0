"""Which user a command means."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # the models exist only once Django is set up
    from burnish_server.identity.models import User

Who = Annotated[
    str, typer.Argument(help="E-mail address, phone number, username or id.", metavar="USER")
]


def user_of(who: str) -> "User":
    """Return the user, or say that there is none and end with status 1."""
    from burnish_server.identity import lookup  # as above: only once Django is set up

    user = lookup.find(who)
    if user is None:
        typer.echo(f"burnish: there is no user {who}", err=True)
        raise typer.Exit(1)
    return user

"""`burnish admin`: administrators."""

from typing import Annotated

import typer

from burnish.errors import BurnishError
from burnish_server.cli import database

app = typer.Typer(help="Make administrators.", no_args_is_help=True)


class AdministratorRefused(BurnishError):
    """The administrator cannot be made."""

    code = "administrator_refused"


@app.callback()
def admin() -> None:
    """Make administrators."""


@app.command("create")
def create(
    email: Annotated[str, typer.Option(help="E-mail address to sign in with.")],
    password: Annotated[
        str | None, typer.Option(help="Password; one is generated and printed without it.")
    ] = None,
    data_dir: database.DataDir = None,
) -> None:
    """Make an administrator, who may use the portal."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.identity.flows import administrator, signup

    try:
        secret = administrator.create(email, password)
    except administrator.Unacceptable as error:
        raise AdministratorRefused(str(error)) from None
    except signup.EmailTaken:
        raise AdministratorRefused(
            f"There is a user {email} already; choose another e-mail address."
        ) from None
    typer.echo(f"Administrator {email} can sign in to the portal.")
    if password is None:
        typer.echo(f"Password: {secret}  (shown only now)")

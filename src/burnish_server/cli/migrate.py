"""`burnish migrate`: the database brought up to date."""

import json
from typing import Annotated

import typer

from burnish_server.cli import database
from burnish_server.supervisor import lifeline


def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if there is something to do.")
    ] = False,
    first_administrator: Annotated[
        bool,
        typer.Option(
            "--first-administrator",
            help="Make one where there is none, and print e-mail and password as JSON.",
        ),
    ] = False,
    waits: Annotated[
        bool, typer.Option("--wait", help="Wait for a database that is down or starting.")
    ] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Bring the database up to date; needed before `burnish web` and `burnish worker`."""
    lifeline.guard()
    database.name(data_dir)
    database.start_django()
    if waits:
        database.wait()
    database.reach()
    # Django's parts exist only once it is set up, which `connect` does.
    from django.core.management import call_command

    if not database.is_migrated():
        if check:
            raise database.NotMigrated
        call_command("migrate", interactive=False, verbosity=0)
    if not check:
        _reseal()
        _sync_plugins()
    database.require_open()
    if first_administrator:
        typer.echo(json.dumps(_first_administrator()))


def _reseal() -> None:
    """Seal anew what a key of this data folder seals, where one of the settings took its place."""
    from django.conf import settings

    from burnish_server.cli import sealed
    from burnish_server.project import keys

    options = settings.BURNISH
    secret = options.secret_key.get_secret_value() if options.secret_key else None
    if not options.hooks.secret_keys and keys.is_replaced(options.data_dir, secret):
        sealed.reseal()
        keys.put_aside(options.data_dir)


def _sync_plugins() -> None:
    from burnish_server.hooks import plugins  # its models are known once Django is set up

    plugins.sync()


def _first_administrator() -> dict[str, str] | None:
    from django.conf import settings  # known once Django is set up

    from burnish_server.identity.flows import administrator

    email: str = settings.BURNISH.admin.email
    password = administrator.first(email)
    return None if password is None else {"email": email, "password": password}

"""`burnish roles`: roles and groups, and who has them."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from burnish_server.cli import database
from burnish_server.cli.who import Who, user_of

app = typer.Typer(help="Make roles and groups, and give them to users.", no_args_is_help=True)

Group = Annotated[bool, typer.Option("--group", help="A group rather than a role.")]
Keys = Annotated[list[str], typer.Argument(metavar="KEY...", help="Keys, such as editor.")]


@app.callback()
def roles() -> None:
    """Make roles and groups, and give them to users."""


@app.command("list")
def listed(data_dir: database.DataDir = None) -> None:
    """List roles and groups, the roles each group gives, and how many users have each."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.roles import listing, models, store

    table = Table("kind", "key", "name", "roles it gives", "users")
    for kind in (models.Role, models.Group):
        rows = list(kind._default_manager.all())
        counts = listing.users_counted(kind)
        given = store.roles_of_groups([row.pk for row in rows])
        for row in rows:
            word = str(kind._meta.model_name)
            keys = " ".join(given[row.pk])
            table.add_row(word, row.key, row.name, keys, str(counts.get(row.pk, 0)))
    Console(markup=False, highlight=False, emoji=False).print(table)


@app.command("create")
def create(
    key: Annotated[str, typer.Argument(help="By which apps know it, such as editor.")],
    name: Annotated[str, typer.Option(help="By which people know it.")] = "",
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    group: Group = False,
    roles: Annotated[
        list[str] | None, typer.Option("--role", help="A role the new group gives; again.")
    ] = None,
    data_dir: database.DataDir = None,
) -> None:
    """Make a role, or with --group a group."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.audit.log import Actor
    from burnish_server.roles import edit, models, tie

    if roles and not group:
        raise typer.BadParameter("A role gives no roles; add --group.")
    actor = Actor.at_command_line()
    tie.ids(models.Role, roles or ())
    if group:
        made = edit.create(models.Group, key, name, description, actor)
        edit.of_groups([made], tie.add, roles or (), actor)
    else:
        edit.create(models.Role, key, name, description, actor)
    typer.echo(f"{key} is there.")


@app.command("assign")
def assign(who: Who, keys: Keys, group: Group = False, data_dir: database.DataDir = None) -> None:
    """Give a user roles, or with --group put them into groups."""
    _change(who, keys, group, data_dir, taken=False)


@app.command("unassign")
def unassign(who: Who, keys: Keys, group: Group = False, data_dir: database.DataDir = None) -> None:
    """Take roles from a user, or with --group take them out of groups."""
    _change(who, keys, group, data_dir, taken=True)


def _change(
    who: str, keys: list[str], group: bool, data_dir: database.DataDir, *, taken: bool
) -> None:
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.audit.log import Actor
    from burnish_server.roles import edit, store, tie

    user = user_of(who)
    which = tie.GROUPS_OF_USERS if group else tie.ROLES_OF_USERS
    edit.of_user(user, which, tie.remove if taken else tie.add, keys, Actor.at_command_line())
    held = store.of(user.pk)
    has = " ".join(held.groups if group else held.roles) or "none"
    typer.echo(f"{user} has {has}; effective roles: {_words(store.effective_roles(user.pk))}.")


def _words(keys: tuple[str, ...]) -> str:
    return " ".join(keys) or "none"

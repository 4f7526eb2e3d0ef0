"""The server's commands, one file a room, thin.

These modules are imported whenever `burnish` runs, also for commands that need no server: what
is heavy (Django, the web server) is imported inside the functions that use it.
"""

import typer

from burnish.cli import config as library_config
from burnish.cli import hooks as library_hooks
from burnish_server.cli import (
    admin,
    admin_keys,
    api_keys,
    attributes,
    audit,
    clients,
    config,
    hooks,
    keys,
    migrate,
    roles,
    serve,
    users,
    web,
    worker,
)


def register(app: typer.Typer) -> None:
    """Add the server's commands to the library's command line."""
    for command in (serve.serve, web.web, worker.worker, migrate.migrate):
        app.command()(command)
    app.add_typer(admin.app, name="admin")
    app.add_typer(users.app, name="users")
    app.add_typer(api_keys.app, name="api-keys")
    app.add_typer(admin_keys.app, name="admin-keys")
    app.add_typer(roles.app, name="roles")
    app.add_typer(attributes.app, name="attributes")
    app.add_typer(audit.app, name="audit")
    app.add_typer(clients.app, name="clients")
    app.add_typer(keys.app, name="keys")
    library_hooks.app.command("list")(hooks.listed)
    library_hooks.app.command("log")(hooks.log)
    library_hooks.app.command("deliveries")(hooks.deliveries)
    library_hooks.app.command("replay")(hooks.replay)
    library_hooks.app.add_typer(hooks.secrets_app, name="secrets")
    library_config.app.command("apply")(config.apply)
    library_config.app.command("export")(config.export)

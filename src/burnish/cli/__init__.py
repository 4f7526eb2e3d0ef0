"""The command line. Packages add commands through the entry-point group `burnish.commands`."""

import sys
from functools import cache
from importlib.metadata import entry_points

import structlog
import typer

from burnish.cli import config, enrich, hooks, providers
from burnish.errors import BurnishError

app = typer.Typer(
    name="burnish",
    help="User profiles that fill themselves in.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def burnish() -> None:
    """User profiles that fill themselves in."""


app.command("enrich")(enrich.enrich)
app.add_typer(config.app, name="config")
app.add_typer(hooks.app, name="hooks")
app.add_typer(providers.app, name="providers")


@cache
def whole() -> typer.Typer:
    """Return the command line with what other packages add to it."""
    for entry in entry_points(group="burnish.commands"):
        entry.load()(app)
    return app


def main() -> None:
    """Run the command line. A failure Burnish knows is told in one sentence, with exit status 1."""
    if not structlog.is_configured():
        # What commands print is for programs too: the log goes beside it.
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        whole()()
    except BurnishError as error:
        sys.stderr.write(f"burnish: {error}\n")
        sys.exit(1)

"""The command line. Packages add commands through the entry-point group `burnish.commands`."""

import sys
from importlib.metadata import entry_points

import typer

from burnish.cli import config
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


app.add_typer(config.app, name="config")


def main() -> None:
    """Run the command line. A failure Burnish knows is told in one sentence, with exit status 1."""
    for entry in entry_points(group="burnish.commands"):
        entry.load()(app)
    try:
        app()
    except BurnishError as error:
        sys.stderr.write(f"burnish: {error}\n")
        sys.exit(1)

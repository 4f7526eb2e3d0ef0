"""The server's commands, one file a room, thin."""

import typer


def register(app: typer.Typer) -> None:
    """Add the server's commands to the library's command line."""

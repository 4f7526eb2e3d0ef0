"""Tables on stdout, in which nothing is cut off."""

import shutil
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

WIDE = 200
"""How wide a table may be where there is no terminal."""


def show(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table."""
    table = Table()
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE
    Console(width=width, markup=False, highlight=False).print(table)

"""Cells of CSV files, of which spreadsheets take some texts for formulas (CWE-1236).

An apostrophe before such a text keeps it a text; what reads the file again takes it away. Plain
numbers, `+46701740605` and `-5` among them, compute nothing and stay as they are.
"""

import re

_FORMULA = re.compile("'*[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def neutral(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    is_formula = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def original(cell: str) -> str:
    """Return the text that `neutral` made a cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell

"""Cells that a spreadsheet would take for formulas are texts, and come back as they were."""

import pytest

from burnish.attributes.spreadsheet import neutral, original

FORMULAS = [
    "=1+cmd|' /C calc'!A0",
    "-2+3",
    "+1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1+1",
    "'=1",
    "''-x",
    "+46 70",
    "-",
    "=",
]
PLAIN = ["", "Ada", "'Ada", "+46701740605", "-5", "-5.25", "a=b", "O'Neil", "'", "5-3"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_has_an_apostrophe_before_it(text: str) -> None:
    assert neutral(text) == f"'{text}"
    assert original(neutral(text)) == text


@pytest.mark.parametrize("text", PLAIN)
def test_another_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text
    assert original(text) == text

"""What `burnish enrich` cannot do it says in a sentence; a bad row holds nobody up."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.library.cli.conftest import Burnish, Inside, refusal

from burnish.enrichment.files.columns import ALIASES


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("none.csv -o out.csv --want email_domain", "There is no file none.csv."),
        (". -o out.csv --from csv --want email_domain", ". cannot be read: Is a directory."),
        ("people.csv -o out.xlsx --want email_domain", "out.xlsx has an ending of no format"),
        ("people.csv -o none/out.csv --want email_domain", "There is no folder none"),
        ("people.csv -o out.csv", "Say what is wanted: --want city,country"),
        ("people.csv -o out.csv --want shoe_size", "There is no attribute shoe_size; there are "),
        ("people.csv -o out.csv --want emaildomain", "is email_domain meant?"),
        ("people.csv -o out.csv --want company_name", "No provider gives company_name; there are"),
        ("people.csv -o out.csv --want os", "No column holds anything a provider can be asked"),
        (
            "people.csv -o out.csv --want email_domain --column email=mail",
            "There is no column mail; there are id, email.",
        ),
        (
            "people.csv -o out.csv --want email_domain --column emial=email",
            "Nobody is asked with emial; providers are asked with email.",
        ),
        ("people.csv -o out.csv --want email_domain --column email", "'email' needs a name and"),
        ("people.csv -o there.csv --want email_domain", "there.csv exists already; --force"),
        ("people.csv -o out.csv --want email_domain --config none.yaml", "there is no such file"),
        ("people.csv -o out.csv --want email_domain --config bad.yaml", "no provider acme"),
        ("people.csv -o out.csv --want email_domain --budget lots", "'lots' is no amount of money"),
        ("people.csv -o out.csv --want email_domain --budget -1", "'-1' is no amount of money"),
        ("people.csv --want email_domain", "Say where to write: -o people.parquet"),
        ("people.csv -o out.csv --want email_domain --email a@b.example", "not both"),
        ("people.csv -o out.csv --want email_domain --from xml", "There is no format xml"),
        ("- -o out.csv --from parquet --want email_domain", "not from stdin"),
        ("people.csv -o - --to parquet --want email_domain", "not written to stdout"),
        ("broken.parquet -o out.csv --want email_domain", "broken.parquet cannot be read as"),
        ("empty.csv -o out.csv --want email_domain", "empty.csv has no first line"),
        ("twice.csv -o out.csv --want email_domain", "twice.csv has two columns named email."),
        ("two.csv -o out.csv --want email_domain", "The columns e-mail and mail may all be email"),
        ("text.jsonl -o out.csv --want email_domain", "does not begin with JSON objects"),
        ("", "Name a file: burnish enrich people.csv"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    tmp_path: Path, inside: Inside, words: str, sentence: str
) -> None:
    for name, text in {
        "people.csv": "id,email\n1,ada@gmail.com\n",
        "there.csv": "",
        "bad.yaml": "enrichment: {providers: {acme: {}}}",
        "broken.parquet": "PAR1 not really",
        "empty.csv": "",
        "twice.csv": "email,email\n",
        "two.csv": "mail,e-mail\n",
        "text.jsonl": "hello\n",
    }.items():
        (tmp_path / name).write_text(text)
    before = sorted(tmp_path.iterdir())

    result = inside("enrich", *words.split())

    assert result.exit_code == 1
    assert sentence in refusal(result)
    assert sorted(tmp_path.iterdir()) == before


def test_a_sentence_is_all_that_is_printed(burnish: Burnish) -> None:
    done = burnish("enrich", "none.csv", "-o", "out.csv", "--want", "email_domain")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "burnish: There is no file none.csv.\n"


def test_without_pyarrow_a_sentence_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("email\nada@gmail.com\n")
    words = ["enrich", "people.csv", "-o", "out.parquet", "--want", "email_domain"]
    program = (
        "import sys; sys.modules['pyarrow'] = None; from burnish.cli import app;"
        f"app({words}, standalone_mode=False)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.stderr.rstrip().endswith("install it with: pip install 'burnish[parquet]'.")
    assert not (tmp_path / "out.parquet").exists()


def notes(path: Path) -> list[dict[str, Any]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_row_that_cannot_be_read_goes_to_a_side_file_and_the_rest_goes_on(
    tmp_path: Path, inside: Inside
) -> None:
    (tmp_path / "people.csv").write_bytes(
        b"id,email\n"
        b"1,ada@gmail.com\n"
        b"2\n"
        b"3,too@many.example,cells\n"
        b"\n"
        b'4,"ends"nowhere\n'
        b"5,\xff@latin.example\n"
        b"6," + b"x" * 200_000 + b"\n"
        b"7,bo@gmail.com\n"
    )

    result = inside("enrich", "people.csv", "-o", "out.csv", "--want", "email_domain")

    assert result.exit_code == 1
    assert (tmp_path / "out.csv").read_text() == (
        "id,email,email_domain\n1,ada@gmail.com,gmail.com\n7,bo@gmail.com,gmail.com\n"
    )
    found = notes(tmp_path / "out.errors.csv")
    assert [(note["row"], note["at"]) for note in found] == [(row, "") for row in "23456"]
    reasons = [note["reason"] for note in found]
    assert reasons[0] == "it has 1 cells, and there are 2 columns"
    assert reasons[1] == "it has 3 cells, and there are 2 columns"
    assert "not well-formed" in reasons[2]
    assert reasons[3] == "it is not text in UTF-8"
    assert "field larger than field limit" in reasons[4]
    assert json.loads(found[1]["content"]) == ["3", "too@many.example", "cells"]
    last = "5 rows could not be read and are not in the output; see out.errors.csv.\n"
    assert result.stderr.endswith(last)


def people(rows: int, **odd: str) -> list[str]:
    """Return lines of a file, its head first; `n3="..."` is what stands in row 3."""
    return ["email,name\n"] + [
        odd.get(f"n{row}", f"p{row}@nordlake.example,N{row}") + "\n" for row in range(1, rows + 1)
    ]


@pytest.mark.parametrize("closed", [None, 2, 150, 201, 202, 1500], ids=str)
def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_alone(
    tmp_path: Path, inside: Inside, closed: int | None
) -> None:
    odd = {"n3": 'p3@nordlake.example,"N3'}
    if closed is not None:
        odd[f"n{3 + closed}"] = f'p@nordlake.example,"N{3 + closed}'
    (tmp_path / "people.csv").write_text("".join(people(2000, **odd)))

    result = inside("enrich", "people.csv", "-o", "out.csv", "--want", "email_domain")

    lost = [note["row"] for note in notes(tmp_path / "out.errors.csv")]
    assert result.exit_code == 1
    assert lost == ["3"] if closed is None else ["3", str(3 + closed)]
    rows = (tmp_path / "out.csv").read_text().splitlines()[1:]
    assert len(rows) == 2000 - len(lost)
    words = f"{len(lost):,} rows could not be read and are not in the output; see out.errors.csv."
    assert result.stderr.splitlines()[-1] == words
    first = notes(tmp_path / "out.errors.csv")[0]
    assert first["reason"] == "a quotation mark is opened and never closed"
    assert first["content"] == 'p3@nordlake.example,"N3'


@pytest.mark.parametrize(("more", "is_whole"), [(199, True), (200, True), (201, False)])
def test_a_cell_may_go_over_two_hundred_and_one_lines(
    tmp_path: Path, inside: Inside, more: int, is_whole: bool
) -> None:
    note = '"' + "n\n" * more + 'end"'
    (tmp_path / "people.csv").write_text("".join(people(3, n2=f"p2@nordlake.example,{note}")))

    result = inside("enrich", "people.csv", "-o", "out.csv", "--want", "email_domain")

    assert result.exit_code == (0 if is_whole else 1)
    with (tmp_path / "out.csv").open(newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert names == (["N1", note.strip('"'), "N3"] if is_whole else ["N1", "N3"])


def test_a_row_that_runs_into_the_next_ones_costs_its_own_line_alone(
    tmp_path: Path, inside: Inside
) -> None:
    lines = people(5, n2='p2@nordlake.example,"N2', n4='p4@nordlake.example,"N4"')
    (tmp_path / "people.csv").write_text("".join(lines))

    result = inside("enrich", "people.csv", "-o", "out.csv", "--want", "email_domain")

    assert result.exit_code == 1
    assert [note["row"] for note in notes(tmp_path / "out.errors.csv")] == ["2"]
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 5


def test_a_file_in_another_encoding_ends_with_what_is_missing(
    tmp_path: Path, inside: Inside
) -> None:
    names = ["Zoë", "Ada", "Åsa", "Bo"]
    text = "".join(f"p@nordlake.example,{name}\n" for name in names)
    (tmp_path / "people.csv").write_bytes(f"email,name\n{text}".encode("cp1252"))

    result = inside("enrich", "people.csv", "-o", "out.csv", "--want", "email_domain")

    assert result.exit_code == 1
    last = "2 rows could not be read and are not in the output; see out.errors.csv.\n"
    assert result.stderr.endswith(last)


def test_json_that_cannot_be_read_goes_there_too(tmp_path: Path, inside: Inside) -> None:
    (tmp_path / "people.jsonl").write_bytes(
        b'{"email": "ada@gmail.com"}\n'
        b'{"email": "half\n'
        b"[1]\n"
        b'{"n": NaN}\n'
        b'{"email": "' + b"x" * 1_100_000 + b'"}\n' + b"[" * 100_000 + b"\n"
        b'{"email": ["no", "text"]}\n'
        b'{"email": "bo@gmail.com"}\n'
    )

    result = inside("enrich", "people.jsonl", "-o", "out.jsonl", "--want", "email_domain")

    assert result.exit_code == 1
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["email_domain"] for row in rows] == ["gmail.com", None, "gmail.com"]
    side = (tmp_path / "out.errors.jsonl").read_text().splitlines()
    assert [(note["row"], note["at"]) for note in map(json.loads, side)] == [
        *((row, "") for row in range(2, 7)),
        (7, "email"),
    ]


def test_a_value_nobody_can_be_asked_about_is_noted_and_its_row_stays(
    tmp_path: Path, inside: Inside
) -> None:
    (tmp_path / "people.csv").write_text("email,phone\nnobody,+46701740605\nada@gmail.com,12\n,\n")

    result = inside(
        *("enrich", "people.csv", "-o", "out.csv", "--want", "email_domain,phone_country_code")
    )

    assert result.exit_code == 0
    assert (tmp_path / "out.csv").read_text().splitlines()[1:] == [
        "nobody,+46701740605,,SE",
        "ada@gmail.com,12,gmail.com,",
        ",,,",
    ]
    assert [
        (note["row"], note["at"], note["reason"]) for note in notes(tmp_path / "out.errors.csv")
    ] == [
        ("1", "email", "is not an e-mail address"),
        ("2", "phone", "is not a phone number in international form"),
    ]


@pytest.mark.parametrize(
    ("name", "column"), [(name, alias) for name, aliases in ALIASES.items() for alias in aliases]
)
def test_a_column_is_found_by_another_usual_name(tmp_path: Path, name: str, column: str) -> None:
    from burnish.enrichment.files.columns import matched

    assert matched([column.upper().replace("_", " ")], [name], {}) == {
        name: column.upper().replace("_", " ")
    }


def test_a_column_of_its_own_name_goes_before_others_and_one_that_is_named_before_all(
    tmp_path: Path, inside: Inside
) -> None:
    (tmp_path / "people.csv").write_text("mail,email,other\na@a.example,b@b.example,c@c.example\n")

    inside("enrich", "people.csv", "-o", "one.csv", "--want", "email_domain")
    inside(
        *("enrich", "people.csv", "-o", "two.csv", "--want", "email_domain"),
        *("--column", "email=other"),
    )

    assert (tmp_path / "one.csv").read_text().endswith(",b.example\n")
    assert (tmp_path / "two.csv").read_text().endswith(",c.example\n")


def test_what_no_column_can_give_is_said_beforehand(tmp_path: Path, inside: Inside) -> None:
    (tmp_path / "people.csv").write_text("email\nada@gmail.com\n")

    result = inside("enrich", "people.csv", "-o", "out.csv", "--want", "email_domain,os")

    assert "no column holds what os is looked up by: user_agent" in result.stderr
    assert (tmp_path / "out.csv").read_text() == "email,email_domain,os\nada@gmail.com,gmail.com,\n"


def test_the_guide_has_all_the_other_names_of_columns() -> None:
    guide = Path(__file__).parents[3] / "docs/guides/enrichment-files.md"
    named = set(re.findall(r"`(\w+)`", guide.read_text("utf-8")))

    assert {*ALIASES, *(alias for aliases in ALIASES.values() for alias in aliases)} <= named

"""`burnish enrich` reads and writes four formats, and keeps what stands in a file."""

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.library.cli.conftest import Burnish, Inside

WANT = "email_domain,email_is_free,phone_timezones"
FILLED = {
    "email_domain": "gmail.com",
    "email_is_free": True,
    "phone_timezones": ["Europe/Stockholm"],
}
ADA = {"id": "1", "name": 'Ada, of "Nordlake"', "email": "ada@gmail.com", "phone": "+46701740605"}
BO = {"id": "2", "name": "Bo\nBerg", "email": "bo@nordlake.example", "phone": ""}


def put(path: Path, rows: list[dict[str, Any]]) -> None:
    match path.suffix:
        case ".csv" | ".tsv":
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, rows[0], delimiter=delimiter(path))
                writer.writeheader()
                writer.writerows(rows)
        case ".jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        case ".parquet":
            pq.write_table(pa.Table.from_pylist(rows), path)


def got(path: Path) -> list[dict[str, Any]]:
    match path.suffix:
        case ".csv" | ".tsv":
            with path.open(newline="", encoding="utf-8") as file:
                return list(csv.DictReader(file, delimiter=delimiter(path)))
        case ".jsonl":
            return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def delimiter(path: Path) -> str:
    return "\t" if path.suffix == ".tsv" else ","


@pytest.mark.parametrize("source", ["csv", "tsv", "jsonl", "parquet"])
@pytest.mark.parametrize("target", ["csv", "tsv", "jsonl", "parquet"])
def test_every_format_becomes_every_other(
    tmp_path: Path, inside: Inside, source: str, target: str
) -> None:
    put(tmp_path / f"people.{source}", [ADA, BO])

    done = inside("enrich", f"people.{source}", "-o", f"out.{target}", "--want", WANT)

    assert done.exit_code == 0, done.output
    ada, bo = got(tmp_path / f"out.{target}")
    assert list(ada) == [*ADA, *FILLED]
    if target in ("csv", "tsv"):
        assert ada == ADA | {
            "email_domain": "gmail.com",
            "email_is_free": "true",
            "phone_timezones": '["Europe/Stockholm"]',
        }
        assert bo == BO | {
            "email_domain": "nordlake.example",
            "email_is_free": "false",
            "phone_timezones": "",
        }
    else:
        assert ada == ADA | FILLED
        assert (bo["email_is_free"], bo["phone_timezones"]) == (False, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [f"people.{source}", f"out.{target}"]
    )


def test_columns_of_parquet_have_types_and_keep_those_they_had(
    tmp_path: Path, burnish: Burnish
) -> None:
    schema = pa.schema(
        [
            ("id", pa.int32()),
            ("email", pa.dictionary(pa.int32(), pa.string())),
            ("seen", pa.timestamp("ms", tz="UTC")),
        ]
    )
    rows = [{"id": 7, "email": "ada@gmail.com", "seen": 1_700_000_000_000}] * 3
    pq.write_table(pa.Table.from_pylist(rows, schema), tmp_path / "people.parquet")

    done = burnish("enrich", "people.parquet", "-o", "out.parquet", "--want", WANT)

    assert done.returncode == 0, done.stderr
    written = pq.read_schema(tmp_path / "out.parquet")
    assert {field.name: str(field.type) for field in written} == {
        "id": "int32",
        "email": "string",
        "seen": "timestamp[ms, tz=UTC]",
        "email_domain": "string",
        "email_is_free": "bool",
        "phone_timezones": "list<element: string>",
    }


def test_json_lines_need_not_have_the_same_names(tmp_path: Path, burnish: Burnish) -> None:
    put(
        tmp_path / "people.jsonl",
        [{"email": "ada@gmail.com", "tags": ["a"]}, {"n": 1}, {"n": 2.5, "email": None}],
    )

    lines = burnish("enrich", "people.jsonl", "-o", "out.jsonl", "--want", "email_domain")
    table = burnish("enrich", "people.jsonl", "-o", "out.parquet", "--want", "email_domain")

    assert (lines.returncode, table.returncode) == (0, 0), table.stderr
    assert got(tmp_path / "out.jsonl") == [
        {"email": "ada@gmail.com", "tags": ["a"], "email_domain": "gmail.com"},
        {"n": 1, "email_domain": None},
        {"n": 2.5, "email": None, "email_domain": None},
    ]
    assert got(tmp_path / "out.parquet")[2] == {
        "email": None,
        "tags": None,
        "n": 2.5,
        "email_domain": None,
    }


def test_what_a_person_said_stays(tmp_path: Path, burnish: Burnish) -> None:
    rows = [
        {"email": "ada@gmail.com", "email_domain": "hers"},
        {"email": "bo@gmail.com", "email_domain": " "},
    ]
    put(tmp_path / "people.csv", rows)

    done = burnish("enrich", "people.csv", "-o", "out.csv", "--want", "email_domain,email_is_free")

    assert "2 rows" in done.stderr
    assert got(tmp_path / "out.csv") == [
        {"email": "ada@gmail.com", "email_domain": "hers", "email_is_free": "true"},
        {"email": "bo@gmail.com", "email_domain": "gmail.com", "email_is_free": "true"},
    ]


def test_stdin_and_stdout_are_files_too(tmp_path: Path, burnish: Burnish) -> None:
    done = burnish(
        "enrich", "-", "-o", "-", "--want", "email_domain", given="email\nada@gmail.com\n"
    )
    lines = burnish(
        *("enrich", "-", "-o", "-", "--from", "jsonl", "--want", "email_domain"),
        given='{"email": "ada@gmail.com"}\n',
    )

    assert done.stdout == "email,email_domain\nada@gmail.com,gmail.com\n"
    assert json.loads(lines.stdout) == {"email": "ada@gmail.com", "email_domain": "gmail.com"}
    assert list(tmp_path.iterdir()) == []


def test_many_rows_go_through_processes_and_keep_their_order(
    tmp_path: Path, burnish: Burnish
) -> None:
    rows = [{"n": str(n), "email": f"a{n % 700}@company{n % 900}.example"} for n in range(9000)]
    put(tmp_path / "people.csv", rows)

    done = burnish("enrich", "people.csv", "-o", "out.csv", "--want", "email_domain")

    assert done.returncode == 0, done.stderr
    expected = [row | {"email_domain": f"company{int(row['n']) % 900}.example"} for row in rows]
    assert got(tmp_path / "out.csv") == expected

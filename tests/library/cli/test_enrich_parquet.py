"""Columns of Parquet files that are empty, of another type, or hold what Python or JSON cannot."""

import csv
import json
import math
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from tests.library.cli.conftest import Inside, refusal

EMAILS = ["ada@gmail.com", "bo@nordlake.example", None]
FILLED = ["gmail.com", "nordlake.example", None]
WANT = ("--want", "email_domain,email_is_free")


def store(folder: Path, **columns: Any) -> None:
    pq.write_table(pa.table({"email": EMAILS, **columns}), folder / "people.parquet")


def enrich(inside: Inside, target: str, *words: str) -> Any:
    return inside("enrich", "people.parquet", "-o", target, *(words or WANT))


@pytest.mark.parametrize(
    "empty",
    [
        pa.nulls(3),
        pa.nulls(3, pa.int64()),
        pa.nulls(3, pa.float64()),
        pa.nulls(3, pa.timestamp("ns")),
    ],
    ids=lambda column: str(column.type),
)
def test_a_wanted_column_that_is_empty_gets_the_type_that_is_wanted(
    tmp_path: Path, inside: Inside, empty: Any
) -> None:
    store(tmp_path, email_domain=empty, email_is_free=empty)

    done = enrich(inside, "out.parquet")

    table = pq.read_table(tmp_path / "out.parquet")
    assert done.exit_code == 0, done.output
    assert table["email_domain"].to_pylist() == FILLED
    assert table["email_is_free"].to_pylist() == [True, False, None]
    assert table.schema.field("email_is_free").type == pa.bool_()


@pytest.mark.parametrize(
    ("name", "there", "words"),
    [
        ("email_domain", [7, None, None], "holds int64, and text is wanted in it"),
        ("email_is_free", [0.5, None, None], "holds double, and true and false are wanted"),
        ("email_is_free", ["no", None, None], "holds string, and true and false are wanted"),
    ],
)
def test_a_wanted_column_of_another_type_is_refused(
    tmp_path: Path, inside: Inside, name: str, there: list[Any], words: str
) -> None:
    store(tmp_path, **{name: there})

    assert words in refusal(enrich(inside, "out.parquet"))
    assert not (tmp_path / "out.parquet").exists()


ODD = {
    "nanoseconds": pa.array([1, 10**18 + 1, None], pa.timestamp("ns")),
    "a far year": pa.array([10**15, 2**62, None], pa.timestamp("ms")),
    "far nanoseconds inside": pa.array([[1], [10**18 + 1], None], pa.list_(pa.timestamp("ns"))),
    "a struct of nanoseconds": pa.array(
        [{"at": 1}, None, {"at": 10**18 + 1}], pa.struct([("at", pa.timestamp("ns"))])
    ),
    "durations": pa.array([1, 2001, None], pa.duration("ns")),
    "a list of a dictionary": pa.ListArray.from_arrays(
        [0, 1, 2, 3], pa.array(["a", "b", "a"]).dictionary_encode()
    ),
    "a struct of a dictionary": pa.StructArray.from_arrays(
        [pa.array(["a", "b", "a"]).dictionary_encode()], ["kind"]
    ),
    "bytes": pa.array([b"text", b"\xff", None], pa.binary()),
    "bytes inside": pa.array([[b"text"], [b"\xff"], None], pa.list_(pa.binary())),
    "no numbers": pa.array([math.nan, math.inf, 1.0]),
}


@pytest.mark.parametrize("target", ["out.csv", "out.jsonl", "out.parquet"])
@pytest.mark.parametrize("what", ODD)
def test_an_odd_column_is_written_whole_also_beside_a_fault(
    tmp_path: Path, inside: Inside, what: str, target: str
) -> None:
    pq.write_table(
        pa.table({"email": ["ada@gmail.com", "nobody", None], "odd": ODD[what]}),
        tmp_path / "people.parquet",
        store_schema=True,
    )

    done = enrich(inside, target, "--want", "email_domain")

    assert done.exit_code == 0, (done.output, done.exception)
    path = tmp_path / target
    match path.suffix:
        case ".csv":
            with path.open(newline="") as file:
                rows: list[Any] = list(csv.DictReader(file))
        case ".jsonl":
            rows = [
                json.loads(line, parse_constant=pytest.fail)
                for line in path.read_text().splitlines()
            ]
        case _:
            table = pq.read_table(path)
            assert table["email_domain"].to_pylist() == ["gmail.com", None, None]
            assert len(table["odd"]) == len(ODD[what])
            return
    assert [row["email_domain"] or "" for row in rows] == ["gmail.com", "", ""]
    assert "b'" not in str(rows[0]["odd"])
    assert rows[0]["odd"] != "" or what == "no numbers"


def test_numbers_json_does_not_have_are_null_and_noted(tmp_path: Path, inside: Inside) -> None:
    store(tmp_path, score=[math.nan, math.inf, 1.5])

    done = enrich(inside, "out.jsonl")

    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert done.exit_code == 0, done.output
    assert [row["score"] for row in rows] == [None, None, 1.5]
    notes = [json.loads(line) for line in (tmp_path / "out.errors.jsonl").read_text().splitlines()]
    assert [(note["row"], note["at"]) for note in notes] == [(1, "score"), (2, "score")]


def test_a_number_too_large_in_lines_of_json_is_null_and_noted(
    tmp_path: Path, inside: Inside
) -> None:
    line = '{"email": "ada@gmail.com", "score": 1e999, "in": {"x": [-1e999]}}\n'
    (tmp_path / "people.jsonl").write_text(line)

    inside("enrich", "people.jsonl", "-o", "out.jsonl", *WANT)

    (row,) = (json.loads(one) for one in (tmp_path / "out.jsonl").read_text().splitlines())
    assert (row["score"], row["in"], row["email_domain"]) == (None, {"x": [None]}, "gmail.com")
    assert (tmp_path / "out.errors.jsonl").read_text().count("\n") == 2


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view()], ids=str)
def test_addresses_in_bytes_are_read_as_text(tmp_path: Path, inside: Inside, kind: Any) -> None:
    emails = pa.array([b"ada@gmail.com", b"bo@nordlake.example", None], pa.binary())
    pq.write_table(pa.table({"email": emails.cast(kind)}), tmp_path / "people.parquet")

    done = enrich(inside, "out.csv")

    assert done.exit_code == 0, done.output
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[1:] == [
        "ada@gmail.com,gmail.com,true",
        "bo@nordlake.example,nordlake.example,false",
        ",,",
    ]


def test_a_wanted_name_of_another_type_in_lines_of_json_loses_nothing(
    tmp_path: Path, inside: Inside
) -> None:
    lines = [{"email": "ada@gmail.com", "email_domain": 7}, {"email": "bo@nordlake.example"}]
    (tmp_path / "people.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))

    done = inside("enrich", "people.jsonl", "-o", "out.parquet", *WANT)

    assert done.exit_code == 0, done.output
    table = pq.read_table(tmp_path / "out.parquet")
    assert table["email_domain"].to_pylist() == ["7", "nordlake.example"]

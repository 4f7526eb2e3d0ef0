"""Lists in pages: each says where the next one is, by a cursor that only this API understands.

A cursor holds the place of the last row that was shown (keyset), so the thousandth page is as fast
as the first one, and rows that are added meanwhile shift nothing.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Field as Column
from django.db.models import Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import ConfigDict, Field

from burnish.attributes.faults import Fault
from burnish_server.api.problems import Problem

M = TypeVar("M", bound=Model)
T = TypeVar("T")

MOST = 100


class Paging(Schema):
    """Which page is wanted."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    limit: int = Field(50, ge=1, le=MOST, examples=[50])
    """How many items a page has at most."""
    cursor: str = Field("", max_length=2000)
    """Where the page begins, from `next` of the page before; empty for the first one."""


class Page(Schema, Generic[T]):
    """One page of a list."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[T]
    next: str | None = Field(examples=["/api/v1/users?limit=50&cursor=WyIyMDI2LTAzLTAyIl0"])
    """The address of the next page; null on the last one."""


def page(
    request: HttpRequest,
    response: HttpResponse,
    rows: QuerySet[M],
    by: Sequence[str],
    paging: Paging,
    show: Callable[[Sequence[M]], Iterable[Any]],
) -> dict[str, Any]:
    """Return a page of rows, ordered by these columns, all falling (`-created_at`) or all rising.

    Together the columns are different for each row, never NULL, and have an index. `show` makes
    items of all rows of the page at once, so that it needs no query for each. Where there is a next
    page, `Link` leads to it too (RFC 8288). Raises a problem where the cursor is none of ours.
    """
    falling = by[0].startswith("-")
    names = [name.removeprefix("-") for name in by]
    if paging.cursor:
        kind = TupleLessThan if falling else TupleGreaterThan
        rows = rows.filter(kind(Tuple(*names), _place(rows.model, names, paging.cursor)))
    found = list(rows.order_by(*by)[: paging.limit + 1])
    shown, more = found[: paging.limit], len(found) > paging.limit
    onward = _onward(request, shown[-1], names) if more else None
    if onward:
        response["Link"] = f'<{onward}>; rel="next"'
    return {"items": list(show(shown)), "next": onward}


def _onward(request: HttpRequest, last: Model, names: Sequence[str]) -> str:
    place = [_text(getattr(last, name)) for name in names]
    query = request.GET.copy()
    packed = base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode())
    query["cursor"] = packed.decode().rstrip("=")
    return f"{request.path}?{query.urlencode()}"


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _place(model: type[Model], names: Sequence[str], cursor: str) -> tuple[Any, ...]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        texts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise ValueError("no list of texts")
        place = tuple(
            _column(model, name).to_python(text) for name, text in zip(names, texts, strict=True)
        )
        if None in place or any("\0" in text for text in texts):
            raise ValueError("no place")
    except (ValueError, binascii.Error, ValidationError, RecursionError) as error:
        fault = Fault("/cursor", "take it from `next` of the page before")
        sentence = "This is no cursor of this list; begin again without one."
        raise Problem(422, "invalid_cursor", sentence, [fault]) from error
    return place


def _column(model: type[Model], name: str) -> "Column[Any, Any]":
    column = model._meta.get_field(name)
    assert isinstance(column, Column)  # noqa: S101 - lists are ordered by columns
    return column

"""Values of Arrow's columns as Python has them, and types all batches of a file have alike."""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]

from burnish.enrichment.files.kind import Kind

if TYPE_CHECKING:
    from pyarrow import Array, DataType, Scalar


def plain(kind: "DataType") -> "DataType":
    """Return a type without dictionaries, at any depth: each batch has them anew."""
    if pa.types.is_dictionary(kind):
        return plain(kind.value_type)
    if pa.types.is_large_list(kind):
        return pa.large_list(kind.value_field.with_type(plain(kind.value_type)))
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(kind.value_field.with_type(plain(kind.value_type)), kind.list_size)
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(plain(kind.value_type)))
    if pa.types.is_struct(kind):
        fields = (kind.field(place) for place in range(kind.num_fields))
        return pa.struct([field.with_type(plain(field.type)) for field in fields])
    if pa.types.is_map(kind):
        return pa.map_(plain(kind.key_type), plain(kind.item_type))
    return kind


def decoded(column: "Array", kind: "DataType") -> "Array":
    """Return a column without dictionaries, of the type that `plain` made of its own."""
    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    try:
        return column.cast(kind)
    except (pa.ArrowException, NotImplementedError):
        return pa.array(column.to_pylist(), kind)


def holds(kind: "DataType", wanted: Kind) -> bool:
    """Say whether a column of a type can hold what is wanted, all values of it."""
    types = pa.types
    match wanted:
        case "text":
            return bool(
                types.is_string(kind)
                or types.is_large_string(kind)
                or types.is_string_view(kind)
                or types.is_binary(kind)
                or types.is_large_binary(kind)
            )
        case "number":
            return bool(types.is_float64(kind))
        case "integer":
            return bool(types.is_float64(kind) or types.is_int64(kind))
        case "flag":
            return bool(types.is_boolean(kind))
        case "texts":
            is_list = types.is_list(kind) or types.is_large_list(kind)
            return is_list and holds(kind.value_type, "text")


def python(column: "Array") -> Sequence[Any]:
    """Return a column's values. What Python has no value for is text: nanoseconds, far years.

    Bytes are the text they hold in UTF-8, else text in base64.
    """
    values: list[Any]
    try:
        values = column.to_pylist()
    except (ValueError, OverflowError, pa.ArrowException):
        values = [_value(one) for one in column]
    return list(map(_texts, values)) if _has_bytes(column.type) else values


def _value(scalar: "Scalar") -> Any:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError, pa.ArrowException):
        pass
    if isinstance(scalar, pa.StructScalar):
        return {name: _value(scalar[name]) for name in scalar.type.names}
    if isinstance(scalar, pa.ListScalar):  # of maps too, whose items are structs
        return [_value(one) for one in scalar.values]
    try:
        return scalar.cast(pa.string()).as_py()
    except (ValueError, OverflowError, pa.ArrowException):
        return str(scalar.value)


def _has_bytes(kind: "DataType") -> bool:
    if any(_has_bytes(kind.field(place).type) for place in range(kind.num_fields)):
        return True
    types = pa.types
    is_wide = types.is_binary(kind) or types.is_large_binary(kind) or types.is_binary_view(kind)
    return bool(is_wide or types.is_fixed_size_binary(kind))


def _texts(value: Any) -> Any:
    match value:
        case bytes():
            try:
                return value.decode()
            except UnicodeDecodeError:
                return base64.b64encode(value).decode()
        case list() | tuple():
            return [_texts(one) for one in value]
        case dict():
            return {name: _texts(one) for name, one in value.items()}
    return value

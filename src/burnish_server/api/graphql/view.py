"""The GraphQL door: one address, one request, one answer.

What goes wrong is told with HTTP 200 in `errors`; only whoever is unknown gets 403, and what is no
GraphQL request at all 400.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from graphql import GraphQLError, OperationDefinitionNode, get_operation_ast, parse
from strawberry.types import ExecutionResult

from burnish.hooks import wire
from burnish_server.api.graphql import errors, limits, outside, users, visitor
from burnish_server.api.graphql.asked import Asked
from burnish_server.api.graphql.schema import schema

LONGEST = 256 * 1024
"""Bytes of a body."""

PAGE = "api/graphql.html"


class Unreadable(Exception):
    """This is no GraphQL request; the message says what one is."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked."""

    text: str
    variables: Mapping[str, Any]
    operation: str | None


@csrf_exempt
def graphql(request: HttpRequest) -> HttpResponseBase:
    """Answer a query; serve a page to type one into."""
    if request.method in ("GET", "HEAD"):
        return render(request, PAGE)
    if request.method != "POST":
        return HttpResponse("Send a query by POST.", status=405, headers={"Allow": "GET, POST"})
    who = visitor.of(request.headers.get("Authorization", ""))
    if who is None:
        return HttpResponse("Forbidden", content_type="text/plain", status=403)
    headers = who.budget.as_headers()
    if who.budget.spent:
        wait = str(who.budget.resets)
        sentence = f"This key asks too often; wait {wait} seconds."
        refusal = errors.Refusal("TooManyRequest", "RateLimited", sentence)
        return _answer({"errors": [_told(refusal)]}, 429, {**headers, "Retry-After": wait})
    try:
        query = _read(request)
    except Unreadable as error:
        refusal = errors.Refusal("BadRequest", "InvalidQuery", str(error))
        return _answer({"errors": [_told(refusal)]}, 400, headers)
    return _answer(_execute(query, Asked(request, who, users.by_id)), 200, headers)


def _read(request: HttpRequest) -> Query:
    try:
        body = request.body
    except RequestDataTooBig:
        body = b" " * (LONGEST + 1)
    if len(body) > LONGEST:
        raise Unreadable(f"The body is longer than {LONGEST // 1024} KiB.")
    if request.content_type == "application/graphql":
        return Query(_text(body), {}, None)
    if request.content_type != "application/json":
        raise Unreadable("Send the body as Content-Type: application/json or application/graphql.")
    try:
        given = wire.decode(body)
    except wire.NotJSON as error:
        raise Unreadable(f"The body cannot be read: {error}.") from None
    text = given.get("query") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(text, str):
        raise Unreadable('Send {"query": "...", "variables": {...}}.')
    variables, operation = given.get("variables"), given.get("operationName")
    if not isinstance(variables, dict | None) or not isinstance(operation, str | None):
        raise Unreadable("variables must be an object, and operationName a text.")
    return Query(text, variables or {}, operation or None)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Unreadable("The body is not UTF-8.") from None


def _execute(query: Query, asked: Asked) -> dict[str, Any]:
    try:
        document = parse(query.text, max_tokens=limits.TOKENS)
        operation = get_operation_ast(document, query.operation)
        if operation is None:
            raise GraphQLError("Name the operation that is meant in operationName.")
        names = limits.check(document, operation, query.variables)
    except GraphQLError as error:
        return {"errors": [errors.as_json(error)]}
    except RecursionError:
        return {"errors": [errors.as_json(GraphQLError("This is nested too deep to be read."))]}
    if len(names) > 1 and _changes(operation) and not outside.asked_by(names):
        with transaction.atomic():
            result = _run(query, asked)
            if result.errors:
                transaction.set_rollback(True)
                result.data = None
    else:
        result = _run(query, asked)
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [errors.as_json(error) for error in result.errors]
    return answer


def _run(query: Query, asked: Asked) -> ExecutionResult:
    return schema.execute_sync(
        query.text,
        variable_values=dict(query.variables),
        context_value=asked,
        operation_name=query.operation,
    )


def _changes(operation: OperationDefinitionNode) -> bool:
    return operation.operation.value == "mutation"


def _told(refusal: errors.Refusal) -> dict[str, Any]:
    return errors.as_json(GraphQLError(str(refusal), original_error=refusal))


def _answer(told: Any, status: int, headers: Mapping[str, str]) -> HttpResponse:
    text = json.dumps(told, ensure_ascii=False, default=str)
    kind = "application/json"
    return HttpResponse(text, content_type=kind, status=status, headers=dict(headers))

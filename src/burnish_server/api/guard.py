"""What stands around every operation: the limits are told, answers are kept, deeds are noted."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.operation import Operation

from burnish_server.api import call as calls
from burnish_server.api import deed, idempotency

Run = Callable[..., HttpResponse]


def guard(run: Run) -> Run:
    """Wrap an operation."""
    operation: Operation = inspect.unwrap(run).__self__
    done = operation.view_func.__name__

    @wraps(run)
    def guarded(request: HttpRequest, **values: Any) -> HttpResponse:
        response: HttpResponse | None = None
        try:
            response = run(request, **values)
            deed.note(request, response, done)
        finally:
            if call := calls.of(request):
                idempotency.end(request, call, response)
        for name, value in (call.budget.as_headers() if call else {}).items():
            response.headers[name] = value
        return response

    return guarded

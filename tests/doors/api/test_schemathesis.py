"""Every operation is called with what its description allows, and with what it does not.

Nothing is answered by a 5xx, and every answer is one that the description names.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from burnish_server.api import rate
from burnish_server.api_keys.models import ApiKey
from burnish_server.api_keys.scope import SCOPES

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CASES = 4
"""For each operation and each of both kinds."""

SLOW = frozenset({"POST /hooks/check", "POST /config/check"})
"""Each call of these starts a type checker."""


def operations(schema: Any) -> Iterator[Any]:
    for result in schema.get_all_operations():
        operation = result.ok()
        path = operation.path.removeprefix("/api/v1")
        if f"{operation.method.upper()} {path}" not in SLOW:
            yield operation


@pytest.mark.django_db(transaction=True)
def test_whatever_is_sent_is_answered_as_described(key: Callable[..., tuple[ApiKey, str]]) -> None:
    headers = {"Authorization": f"Bearer {key('everything', *SCOPES)[1]}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    troubles: list[str] = []
    called = 0

    for operation in operations(schema):
        called += 1
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                fuzz(operation, mode, headers)
            except BaseException as trouble:  # one fault hides no other operation
                if "Unsatisfiable" not in type(trouble).__name__:
                    troubles.append(f"{operation.label}: {trouble}"[:1500])

    assert called > 40
    assert not troubles, "\n\n".join(troubles)


def fuzz(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> None:
    @settings(
        max_examples=CASES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        rate.counter.clear()
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)

    run()

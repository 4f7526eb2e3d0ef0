"""Reading what was sent: JSON, not too long, and an object."""

from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from burnish.attributes import storable
from burnish.attributes.faults import InvalidValues
from burnish.hooks import wire
from burnish_server.api import problems
from burnish_server.api.problems import Problem

LONGEST = 64 * 1024
ROOMY = 1024 * 1024
_WITH_SCRIPTS = ("/api/v1/hooks", "/api/v1/config")

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


def media_types(request: HttpRequest) -> tuple[str, ...]:
    """Return what a body may be declared as: a patch is a merge patch (RFC 7396)."""
    return (MERGE_PATCH, JSON) if request.method == "PATCH" else (JSON,)


class Body(Parser):
    """Reads bodies strictly, and says where they break."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the object that was sent."""
        good = media_types(request)
        if request.content_type not in good:
            sentence = f"Send the body as Content-Type: {' or '.join(good)}."
            raise Problem(415, "unsupported_media_type", sentence, Accept=", ".join(good))
        longest = ROOMY if request.path.startswith(_WITH_SCRIPTS) else LONGEST
        if len(request.body) > longest:
            sentence = f"The body is longer than {longest // 1024} KiB."
            raise Problem(413, "too_large", sentence)
        try:
            value = wire.decode(request.body)
        except wire.NotJSON as error:
            raise Problem(400, "not_json", f"The body cannot be read: {error}.") from None
        if not isinstance(value, dict):
            raise Problem(422, "invalid_request", "The body must be a JSON object.")
        if fault := storable.fault(value):
            raise problems.of(InvalidValues([fault]))
        return value

"""Entity tags (RFC 9110): which state somebody saw, and whether it is still that one.

A tag is made of what is shown, so it changes exactly when that changes.
"""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from burnish_server.api.call import Settled
from burnish_server.api.problems import Problem


def of(shown: Any) -> str:
    """Return the tag of something that can be shown as JSON."""
    text = json.dumps(shown, sort_keys=True, default=str)
    return f'"{hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]}"'


def tag(request: HttpRequest, response: HttpResponse, shown: Any) -> None:
    """Send the tag along. Raises `Settled`, with status 304, where the caller has this already."""
    current = of(shown)
    response["ETag"] = current
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or current in {one.removeprefix("W/") for one in known}:
        raise Settled(HttpResponse(status=304, headers={"ETag": current}))


def require(request: HttpRequest, shown: Any, *, demanded: bool = False) -> None:
    """Refuse a change that was made in view of another state than what is shown now.

    Raises a problem: 412 where the tag of `If-Match` is another one, 428 where it is `demanded`
    and missing.
    """
    header = request.headers.get("If-Match")
    if header is None:
        if demanded:
            raise Problem(
                428,
                "precondition_required",
                "Say in If-Match which state you replace: the ETag a GET answered with, or *.",
            )
        return
    known = parse_etags(header)
    if "*" not in known and of(shown) not in known:
        raise Problem(
            412,
            "precondition_failed",
            "This was changed since you read it; read it again, and send the new ETag.",
            ETag=of(shown),
        )

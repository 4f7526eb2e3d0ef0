"""Requests that may be sent twice: `Idempotency-Key` names one, and it is done once.

The answer is kept for 24 hours for the same API key; sent again, the request gets it again. What
was refused changed nothing and is not kept, so it can be mended and sent under the same name.
Kept answers are sealed, and gone once somebody they name is forgotten. One that shows a secret is
not kept either.
Follows the IETF's draft "The Idempotency-Key HTTP Header Field".
"""

import hashlib
import re
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from burnish.errors import InvalidSettings
from burnish_server.api.body import media_types
from burnish_server.api.call import Call, Settled
from burnish_server.api.problems import Problem
from burnish_server.api_keys import answers
from burnish_server.api_keys.models import Answer
from burnish_server.hooks import sealing

log = structlog.get_logger("burnish.api")

_ID = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_NAME = re.compile(r"[\x21-\x7e]{1,255}")
_HEADERS = ("Content-Type", "ETag", "Location", "Link")

HEADER = "Idempotency-Key"


def begin(request: HttpRequest, call: Call) -> None:
    """Claim the name of a request that has one, before anything is done.

    Raises `Settled` with the answer where it was done already, and a problem: 409 while it is being
    done, 422 where the name was another request's.
    """
    name = request.headers.get(HEADER)
    if name is None or request.method == "GET":
        return
    if not _NAME.fullmatch(name):
        sentence = f"Write {HEADER} with 1 to 255 visible ASCII characters, such as a UUID."
        raise Problem(400, "invalid_idempotency_key", sentence)
    try:
        answer = answers.begin(call.key, name, _fingerprint(request), timezone.now())
    except answers.Busy:
        sentence = "This very request is being worked on; send it again in a moment."
        raise Problem(409, "request_in_progress", sentence, Retry_After="1") from None
    except answers.Another:
        sentence = f"Another request had this {HEADER}; give each request one of its own."
        raise Problem(422, "idempotency_key_reused", sentence) from None
    if answer.status is None:
        call.answer = answer
        return
    call.recorded = True
    headers = {**answer.headers, "Idempotency-Replayed": "true"}
    raise Settled(HttpResponse(_body(answer), status=answer.status, headers=headers))


def end(request: HttpRequest, call: Call, response: HttpResponse | None) -> None:
    """Keep the answer, or give the name back where nothing was done."""
    if call.answer is None:
        return
    if response is None or response.status_code >= 400 or response.streaming:
        answers.drop(call.answer)
        return
    if call.shown_once:
        answers.withhold(call.answer, response.status_code)
        return
    headers = {name: response[name] for name in _HEADERS if name in response.headers}
    body = sealing.seal_bytes(response.content)
    about = _ids(request.path.encode(), headers.get("Location", "").encode(), response.content)
    answers.keep(call.answer, response.status_code, headers, body, about)


def _body(answer: Answer) -> bytes:
    if not answer.withheld:
        try:
            return sealing.unseal_bytes(bytes(answer.body))
        except InvalidSettings:
            log.warning("kept answer not readable", api_key=str(answer.api_key_id))
    sentence = (
        "This request was done. Its answer is not shown again; read what it made, or send another "
        f"request with another {HEADER}."
    )
    raise Problem(409, "answer_not_kept", sentence)


def _ids(*texts: bytes) -> set[UUID]:
    """Return all ids in texts: an answer that names somebody may hold their values."""
    return {UUID(one.decode()) for text in texts for one in _ID.findall(text)}


def _fingerprint(request: HttpRequest) -> str:
    known = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type in media_types(request):
        known.update(request.body)
    else:
        # What is streamed is not read before its time.
        known.update(f"{request.content_type} {request.headers.get('Content-Length')}".encode())
    return known.hexdigest()

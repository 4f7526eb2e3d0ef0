"""Which other origins' pages may use the API, by CORS (https://fetch.spec.whatwg.org/#http-cors)."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers

from burnish.attributes import storable
from burnish.hooks import wire

HERE = "/_allauth/"
METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
HEADERS = (
    "Accept-Language, Authorization, CF-Turnstile-Response, Content-Type, X-CSRFToken, "
    "X-Email-Verification-Key, X-Password-Reset-Key, X-Session-Token"
)
FORMS = "/auth/provider/redirect"
"""The one address that takes a form: a browser is sent away from there."""

NO_OBJECT = "The body is no JSON object; send one, with Content-Type: application/json."


class Origins:
    """Answers browsers that ask whether a page may call, and says so with each answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the pages of the origins in the settings read answers, and send cookies along."""
        if not request.path.startswith(HERE):
            return self.get_response(request)
        asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        response = HttpResponse(status=204) if asks else self._answer(request)
        patch_vary_headers(response, ["Origin"])
        origin = request.headers.get("Origin", "")
        if origin in settings.BURNISH.headless.origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
            if asks:
                response.headers["Access-Control-Allow-Methods"] = METHODS
                response.headers["Access-Control-Allow-Headers"] = HEADERS
                response.headers["Access-Control-Max-Age"] = "600"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if sentence := _unreadable(request):
            return _refused(sentence)
        return _worded(self.get_response(request))


def _unreadable(request: HttpRequest) -> str:
    """Return why what was sent cannot be read as JSON; empty where it can, or nothing was sent."""
    if request.method == "GET" or request.path.endswith(FORMS):
        return ""
    try:
        value = wire.decode(request.body) if request.body else None
    except RequestDataTooBig:
        return "The body is too long."
    except wire.NotJSON as error:
        return f"{NO_OBJECT} {str(error)[:1].upper()}{str(error)[1:]}."
    fault = storable.fault(value)
    return f"The body holds what cannot be kept: {fault}." if fault else ""


def _refused(sentence: str) -> JsonResponse:
    errors = [{"message": sentence, "code": "invalid_json"}]
    return JsonResponse({"status": 400, "errors": errors}, status=400)


def _worded(response: HttpResponse) -> HttpResponse:
    """Return allauth's empty refusal of what is no JSON with a sentence."""
    if response.status_code == 400 and not response.content:
        return _refused(NO_OBJECT)
    return response

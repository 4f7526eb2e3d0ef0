"""The methods every address of the API knows: HEAD beside GET, and OPTIONS (RFC 9110)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from burnish_server.api.problems import ROOT, Problem, as_response


class Methods:
    """Answers HEAD as GET without the body, OPTIONS with what an address allows.

    A null character means nothing anywhere in an address, and PostgreSQL cannot be asked for one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next middleware."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through, as the API knows it."""
        if not request.path.startswith(ROOT):
            return self.get_response(request)
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path:
            return as_response(Problem(404, "not_found", "There is nothing at this address."))
        if "%00" in query or "\0" in query:
            sentence = "The query must not contain a null character."
            return as_response(Problem(422, "invalid_request", sentence))
        match request.method:
            case "HEAD":
                return self._head(request)
            case "OPTIONS":
                return self._options(request)
        return self.get_response(request)

    def _head(self, request: HttpRequest) -> HttpResponse:
        request.method = "GET"
        try:
            answer = self.get_response(request)
        finally:
            request.method = "HEAD"
        if answer.streaming:
            headers = dict(answer.headers)
            answer.close()
            return HttpResponse(status=answer.status_code, headers=headers)
        answer.content = b""
        return answer

    def _options(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != 405:
            return answer
        allowed = {one.strip() for one in answer.headers.get("Allow", "").split(",")} | {"OPTIONS"}
        if "GET" in allowed:
            allowed.add("HEAD")
        return HttpResponse(status=204, headers={"Allow": ", ".join(sorted(allowed))})

"""What the provider refuses to an app, in the words of RFC 6749."""

from collections.abc import Mapping

from django.http import HttpResponse, JsonResponse


class Refused(Exception):
    """An app asked for what it does not get: an error code, and a sentence for its author."""

    def __init__(
        self, error: str, said: str, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(said)
        self.error = error
        self.status = status
        self.headers = dict(headers or {})

    def as_json(self) -> dict[str, str]:
        """Return `error` and `error_description`."""
        return {"error": self.error, "error_description": str(self)}


def answer(refused: Refused) -> HttpResponse:
    """Return a refusal as it is answered to a program."""
    return unstored(JsonResponse(refused.as_json(), status=refused.status, headers=refused.headers))


def unstored(response: HttpResponse) -> HttpResponse:
    """Have nobody keep an answer (RFC 6749, 5.1)."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response

"""Where vendors send what they find later: an address for one answer, which nobody can guess."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from burnish.enrichment.client import MAX_ANSWER
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import Provider
from burnish.enrichment.reading import BadAnswer
from burnish_server import engine
from burnish_server.enrichment import asking, store
from burnish_server.identity.flows import enrich_rest


@csrf_exempt
@require_POST
def called_back(request: HttpRequest, token: str) -> HttpResponse:
    """Take an answer in. Vendors repeat themselves: that is no harm."""
    about = asking.read_callback(token)
    provider = store.setup().providers.get(about[0]) if about else None
    if about is None or provider is None:
        return HttpResponse("There is nothing here.", status=404, content_type="text/plain")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_ANSWER:
        return HttpResponse("That is too long.", status=413, content_type="text/plain")
    answer = _read(provider, request)
    if answer is None:
        return HttpResponse("That is no answer.", status=400, content_type="text/plain")
    lookups = asking.lookups()
    engine.run(lambda _: lookups.deliver(provider, about[1], answer), timeout=5)
    enrich_rest.called_back(about[1])
    return HttpResponse(status=204)


def _read(provider: Provider, request: HttpRequest) -> Found | Miss | None:
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        answer = provider.called_back(request.body, headers)
    except BadAnswer:
        return None
    return answer if isinstance(answer, Found | Miss) else None

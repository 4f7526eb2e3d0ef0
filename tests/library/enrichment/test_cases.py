"""Every provider asks as its vendor wants to be asked, and reads what it answers.

A case is data: the settings, what is known, what is then asked, the vendor's reply, and what that
comes to.
"""

from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from burnish.enrichment.outcome import Answer, Failed, Found, Miss, Pending
from burnish.enrichment.provider import Provider
from burnish.enrichment.providers import BUILT_IN, kinds
from burnish.enrichment.reading import BadAnswer
from burnish.enrichment.vocabulary import OUTPUTS

FOLDER = Path(__file__).parent / "cases"
BY_SETTINGS = {"http", "sql"}  # what these need and give is said by their settings
OVER_HTTP = [kind for kind in BUILT_IN if not kind.local and kind.key not in BY_SETTINGS]


def cases() -> list[Any]:
    return [
        pytest.param(file.stem, case, id=f"{file.stem}: {case['case']}")
        for file in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(file.read_text("utf-8"))
    ]


def made(kind: str, settings: dict[str, Any]) -> Provider:
    provider = kinds()[kind]
    return provider(provider.Settings.model_validate(settings))


@pytest.mark.parametrize(("kind", "case"), cases())
async def test_a_case(kind: str, case: dict[str, Any]) -> None:
    provider = made(kind, case.get("settings", {}))
    asked: list[httpx.Request] = []

    async def send(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return reply_of(case["reply"], request)

    try:
        answer: Answer = await provider.answer(case["known"], send)
    except BadAnswer as error:
        answer = Failed("bad_answer", str(error))

    assert told(answer) == expected(case["comes_to"], answer)
    if asks := case.get("asks"):
        assert_asked(asked[0], asks)
    assert all(output in provider.gives for output in getattr(answer, "values", {}))


def reply_of(reply: dict[str, Any], request: httpx.Request) -> httpx.Response:
    content = {"json": reply["json"]} if "json" in reply else {"text": reply.get("body", "")}
    return httpx.Response(reply["status"], headers=reply.get("headers"), request=request, **content)


def told(answer: Answer) -> dict[str, Any]:
    match answer:
        case Found():
            return {
                "found": dict(answer.values),
                "confidence": answer.confidence,
                "record": answer.record,
                "sure": answer.sure,
            }
        case Miss():
            return {"miss": "suppressed" if answer.suppressed else "plain"}
        case Pending():
            return {"pending": answer.retry_after, "calls_back": answer.calls_back}
        case Failed():
            return {"failed": answer.reason, "retry_after": answer.retry_after}


def expected(comes_to: Any, answer: Answer) -> dict[str, Any]:
    """Return all that is told of the answer, with what the case says put over it."""
    said = {"miss": "plain"} if comes_to == "miss" else dict(comes_to)
    return {**told(answer), **said}


def assert_asked(request: httpx.Request, asks: dict[str, Any]) -> None:
    if "method" in asks:
        assert request.method == asks["method"]
    if "url" in asks:
        assert request.url == httpx.URL(asks["url"])
    for name, value in asks.get("headers", {}).items():
        assert request.headers[name] == value
    if "json" in asks:
        assert yaml.safe_load(request.content) == asks["json"]


@pytest.mark.parametrize("kind", OVER_HTTP, ids=lambda kind: kind.key)
def test_what_a_provider_declares(kind: type[Provider]) -> None:
    assert (FOLDER / f"{kind.key}.yaml").is_file(), "its recorded cases are missing"
    assert kind.title
    assert kind.page.startswith("https://")
    assert kind.needs | kind.any_of
    assert kind.hashed <= kind.needs | kind.any_of | kind.hints
    assert kind.gives
    assert kind.gives <= OUTPUTS.keys(), "give the new outputs a line in vocabulary.py"


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.key)
def test_what_comes_from_a_vendor_has_terms(kind: type[Provider]) -> None:
    assert kind.terms.licence
    assert kind.__doc__

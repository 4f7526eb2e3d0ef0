"""Progressive profiling > Questions > Preview: the page people see, with no effect."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin

from burnish.attributes.schema import Schema
from burnish.profiles.document import Document, amend
from burnish.profiles.fact import Fact
from burnish.questions.choose import Asking, Chosen
from burnish.questions.question import Question
from burnish.questions.simulate import an_answer
from burnish_server.identity import answering
from burnish_server.identity.flows.ask_questions import Interview, Visit
from burnish_server.identity.models import User
from burnish_server.portal import questions
from burnish_server.portal.questions_edit import ONE
from burnish_server.portal.site import site
from burnish_server.profiles import store as profiles

WIDTHS = {"390": "Phone", "768": "Tablet", "1280": "Desktop"}
ALONE = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""The page in the frame shows, and does nothing."""

NOBODY = User(id=UUID(int=0), email="somebody@people.example")


def view(request: HttpRequest, key: str) -> HttpResponse:
    """Show the page in a frame, by language, variant and width."""
    questions.require(request)
    row = questions.one(key)
    question = questions.read(row)
    about: dict[str, Any] = {"row": row, "original": row, "trail_back": reverse(ONE, args=[key])}
    about["unreadable"] = question is None
    if question:
        languages = _languages(question)
        width = request.GET.get("width", "")
        about |= {
            "languages": languages,
            "language": _chosen(request.GET.get("language", ""), languages),
            "variants": ["a", *(one.name for one in question.variants)],
            "variant": _variant(request, question),
            "widths": WIDTHS,
            "width": width if width in WIDTHS else "390",
            "problem": "; ".join(_unknown(question, profiles.schema())),
        }
    return site.show(request, "portal/question_preview.html", "Preview", about)


@xframe_options_sameorigin
def page_view(request: HttpRequest, key: str) -> HttpResponse:
    """Return the page itself, for the frame: nobody is asked, and nothing is noted."""
    questions.require(request)
    question, schema = questions.read(questions.one(key)), profiles.schema()
    if question is None or _unknown(question, schema):
        raise Http404
    language = _chosen(request.GET.get("language", ""), _languages(question))
    sheet = _sheet(question.as_variant(_variant(request, question)), schema, language)
    context = {"sheet": sheet, "form": sheet.form, "may_leave": not sheet.required}
    response = render(request, "identity/questions.html", context)
    response.headers["Content-Security-Policy"] = ALONE
    return response


def _sheet(question: Question, schema: Schema, language: str) -> answering.Sheet:
    document, guess = Document(), None
    place = schema.find(question.attributes[0])
    if question.confirm and place:
        guess = an_answer(schema, question.attributes[0])
        now = timezone.now()
        document = amend(document, [Fact(*place, guess, "provider:example", now)], now).document
    asking = Asking(question, question.attributes, guess)
    visit = Visit("preview", "preview", languages=(language,))
    talk = Interview(NOBODY, visit, schema, document, 0, {}, Chosen((asking,)))
    return answering.blank(talk, asking)


def _languages(question: Question) -> list[str]:
    found = [*question.words, *(tag for one in question.variants for tag in one.words)]
    return list(dict.fromkeys(found))


def _chosen(given: str, offered: list[str]) -> str:
    return given if given in offered else offered[0]


def _variant(request: HttpRequest, question: Question) -> str:
    return _chosen(request.GET.get("variant", ""), ["a", *(one.name for one in question.variants)])


def _unknown(question: Question, schema: Schema) -> list[str]:
    return [
        f"nobody defined the attribute {name}"
        for name in question.attributes
        if schema.find(name) is None
    ]


site.add_page("questions/question/<str:key>/preview/", view, "questions_question_preview")
site.add_page("questions/question/<str:key>/page/", page_view, "questions_question_page")

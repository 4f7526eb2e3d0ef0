"""Progressive profiling > Simulator: what somebody would be asked at their next logins."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from burnish.attributes.schema import Schema
from burnish.profiles.document import Document, amend
from burnish.questions.choose import Context, History
from burnish.questions.explain import explain
from burnish.questions.simulate import Login, Plan, simulate
from burnish.segments.rule import memberships
from burnish_server.identity.models import User
from burnish_server.portal import questions
from burnish_server.portal.questions_simulator_form import SimulatorForm, known_rows
from burnish_server.portal.site import site
from burnish_server.profiles import search
from burnish_server.profiles import store as profiles
from burnish_server.questions import store
from burnish_server.segments import store as segments

FOUND = 10
"""Users to choose from."""


def view(request: HttpRequest) -> HttpResponse:
    """Show the form, and the next logins once it is good. Nothing is written."""
    questions.require(request)
    schema = profiles.schema()
    data = request.POST if request.method == "POST" else None
    form = SimulatorForm(data)
    known = known_rows(data, schema)
    about: dict[str, Any] = {"form": form, "known": known, "failed": False, "listing": True}
    if data is not None:
        good = not [part for part in (form, known) if not part.is_valid()]
        about["failed"], about["error"] = not good, known.error
        if good:
            about |= _simulated(form, schema, [fact for row in known if (fact := row.fact)])
    return site.show(request, "portal/questions_simulator.html", "Simulator", about)


def _simulated(form: SimulatorForm, schema: Schema, facts: list[Any]) -> dict[str, Any]:
    now, wanted = timezone.now(), form.cleaned_data["user"].strip()
    if not wanted:
        document = amend(Document(), facts, now).document
        since = now - timedelta(days=form.cleaned_data["days"])
        context = _context(form, "made-up", form.cleaned_data["logins"], since)
        return {"logins": list(_rows(form, schema, document, {}, context, now)), "who": None}
    users, more = _users(wanted, schema)
    if len(users) != 1:
        return {"users": users, "more": more, "nobody": not users}
    [user] = users
    document = profiles.of(user.pk).as_document()
    context = _context(form, str(user.pk), user.logins, user.created_at)
    past = store.history(user.pk)
    return {"logins": list(_rows(form, schema, document, past, context, now)), "who": user}


def _users(wanted: str, schema: Schema) -> tuple[list[User], bool]:
    found = search.find(wanted, schema, "portal_ui", FOUND)
    ids: list[UUID] = list(found.users)
    users = list(User.objects.filter(pk__in=ids).order_by("email")[:FOUND])
    exact = [user for user in users if wanted.lower() in (user.email, str(user.pk))]
    return exact or users, found.more and not exact


def _context(form: SimulatorForm, user_id: str, logins: int, since: datetime) -> Context:
    said = form.cleaned_data
    return Context(user_id, "", logins, since, said["client"], tuple(said["languages"]))


def _rows(
    form: SimulatorForm,
    schema: Schema,
    document: Document,
    past: History,
    context: Context,
    now: datetime,
) -> Iterator[dict[str, Any]]:
    asked, rules = store.asked(), segments.rules()
    apart = timedelta(days=form.cleaned_data["apart"])
    plan = Plan(form.cleaned_data["deed"], apart=apart)

    def inside(values: Mapping[str, Any]) -> frozenset[str]:
        return memberships(rules, values)

    found = simulate(
        asked.questions, document, schema, past, context, now, asked.manners, plan, inside
    )
    for login in found:
        yield _row(login, asked, context)


def _row(login: Login, asked: store.Asked, context: Context) -> dict[str, Any]:
    by_key = {one.key: one for one in asked.questions}
    return {
        "number": login.number,
        "day": f"{login.at:%Y-%m-%d}",
        "asked": [
            {
                "key": asking.question.key,
                "title": asking.question.worded(context.languages).title,
                "variant": asking.variant if asking.question.variants else "",
                "guess": asking.guess is not None,
                "required": asking.question.required,
                "deed": deed,
            }
            for asking, deed in login.asked
        ],
        "left": [
            (key, explain(why, by_key[key], asked.manners)) for key, why in login.left.items()
        ],
        "reports": login.reports,
    }


site.add_page("questions/simulator/", view, "questions_simulator_changelist")

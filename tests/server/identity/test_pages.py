"""The pages people meet: one design, usable without a script, by keyboard and by ear."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Form
from django.template.loader import render_to_string
from django.test import Client

pytestmark = pytest.mark.django_db

VISITOR_PAGES = ["/signup/", "/login/", "/password/reset/", "/password/reset/done/", "/nothing/"]
OWN_PAGES = ["/settings/", "/settings/profile/", "/email/", "/password/change/", "/logout/"]
ERROR_TEMPLATES = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"]
SANDBOX = "vendors are stand-ins and their answers are made up."


class Outline(HTMLParser):
    """Collects what a page says about itself to those who cannot see it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: set[str] = set()
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids.add(found.get("id", ""))
        if tag == "label":
            self.labelled.add(found["for"])
        if tag == "input" and found.get("type") != "hidden" and "hidden" not in found:
            self.inputs.append(found)


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Turn the sandbox on or off: `sandbox(True)`."""

    def turn(on: bool) -> None:
        changed = settings.BURNISH.model_copy(update={"sandbox": on})
        monkeypatch.setattr(settings, "BURNISH", changed)

    return turn


def assert_told_without_sight(page: str) -> None:
    outline = Outline(page)
    assert re.search(r"<title>[^<]*\w[^<]* · Burnish</title>", page)
    assert '<html lang="en">' in page
    assert 'href="#main"' in page
    assert "main" in outline.ids
    assert outline.tags.count("h1") == 1
    for field in outline.inputs:
        assert field["id"] in outline.labelled, f"{field} has no label"
        assert set(field.get("aria-describedby", "").split()) <= outline.ids


@pytest.mark.parametrize("address", VISITOR_PAGES)
def test_a_visitors_page_is_told_without_sight(client: Client, address: str) -> None:
    assert_told_without_sight(client.get(address).content.decode())


@pytest.mark.parametrize("address", OWN_PAGES)
def test_the_page_of_someone_signed_in_is_told_without_sight(person: Client, address: str) -> None:
    assert_told_without_sight(person.get(address).content.decode())


@pytest.mark.parametrize("address", VISITOR_PAGES)
def test_a_visitors_page_needs_no_script_and_nothing_from_elsewhere(
    client: Client, address: str
) -> None:
    page = client.get(address).content.decode()

    scripts = re.findall(r"<script([^>]*)>", page)
    if address != "/login/":
        assert scripts == []
    # A passkey needs a script; it comes from here, and the page works without.
    assert all('src="/static/' in one or 'type="application/json"' in one for one in scripts)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)


@pytest.mark.parametrize("address", VISITOR_PAGES)
def test_every_page_says_that_the_sandbox_is_on(
    client: Client, sandbox: Callable[[bool], None], address: str
) -> None:
    sandbox(True)
    assert SANDBOX in client.get(address).content.decode()

    sandbox(False)
    assert SANDBOX not in client.get(address).content.decode()


@pytest.mark.parametrize("template", ERROR_TEMPLATES)
def test_an_error_page_says_so_too_although_it_knows_no_request(
    sandbox: Callable[[bool], None], template: str
) -> None:
    sandbox(True)

    page = render_to_string(template)

    assert SANDBOX in page
    assert_told_without_sight(page)


def test_a_field_points_to_its_rules_and_its_error(client: Client) -> None:
    page = client.post("/signup/", {"email": "dana@shop.example", "password1": "1"})

    outline = Outline(page.content.decode())
    password = next(field for field in outline.inputs if field["name"] == "password1")
    assert password["aria-invalid"] == "true"
    assert password["autocomplete"] == "new-password"
    assert password["aria-describedby"].split() == ["id_password1_helptext", "id_password1_error"]
    assert "<title>Error: " in page.content.decode()


@pytest.mark.parametrize("reason", ["<i>Not</i> yet", "100% sure", ""])
def test_a_refusal_is_shown_as_text(reason: str) -> None:
    params = {"title": "Not <b>here</b>", "reason": reason}
    form = Form({})
    form.add_error(None, ValidationError("%(reason)s", code="hook_disallowed", params=params))

    shown = render_to_string("identity/refusals.html", {"form": form})

    assert "Not &lt;b&gt;here&lt;/b&gt;" in shown
    assert reason.replace("<", "&lt;").replace(">", "&gt;") in shown
    assert ("<p" in shown) == bool(reason)

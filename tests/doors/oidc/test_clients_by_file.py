"""Apps in a configuration file: applied, exported, and refused where they could not work."""

from pathlib import Path

import pytest

from burnish import config
from burnish.attributes.faults import Fault
from burnish_server.audit.log import Actor
from burnish_server.audit.models import Entry
from burnish_server.configuration import whole
from burnish_server.identity.oidc.models import Client

FILE = """
oauth:
  clients:
  - client_id: shop
    name: The Shop
    x_application_type: spa
    redirect_uris: [https://shop.example/back]
    post_logout_redirect_uris: [https://shop.example/]
    access_token_lifetime_seconds: 600
  - client_id: desk
    x_application_type: confidential
    redirect_uris: [https://desk.example/back]
    issue_jwt_access_token: true
"""


def read(path: Path, text: str) -> config.Config | list[Fault]:
    file = path / "burnish.yaml"
    file.write_text(text)
    return config.read(file)


@pytest.mark.django_db(transaction=True)
def test_a_file_registers_apps_and_changes_nothing_the_second_time(tmp_path: Path) -> None:
    content = read(tmp_path, FILE)
    assert isinstance(content, config.Config)

    before = whole.plan(content).lines
    whole.apply(content, Actor.at_command_line(), allow_loss=False)

    assert before == (
        "+ client shop (spa)",
        "+ client desk (confidential): it gets its secret by `burnish clients rotate-secret desk`",
    )
    assert whole.plan(content).lines == ()
    shop = Client.objects.get(pk="shop")
    assert (shop.name, shop.access_token_lifetime_seconds) == ("The Shop", 600)
    assert Client.objects.get(pk="desk").name == "desk"
    assert Entry.objects.filter(subject_kind="client").count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_exported_changes_nothing_when_applied(tmp_path: Path) -> None:
    content = read(tmp_path, FILE)
    assert isinstance(content, config.Config)
    whole.apply(content, Actor.at_command_line(), allow_loss=False)

    exported = whole.export()[0]["oauth"]
    again = read(tmp_path, config.file.write({"oauth": exported}))

    assert isinstance(again, config.Config)
    assert whole.plan(again).lines == ()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{client_id: a b, x_application_type: spa}", "pattern"),
        ("{client_id: a, x_application_type: spa}", "redirect_uris"),
        ("{client_id: a, x_application_type: web}", "'spa'"),
        (
            "{client_id: a, x_application_type: spa, redirect_uris: ['javascript:alert(1)']}",
            "whole address",
        ),
        (
            "{client_id: a, x_application_type: spa, redirect_uris: ['https://*.shop.example/']}",
            "exact",
        ),
        (
            "{client_id: a, x_application_type: spa, redirect_uris: ['https://a@shop.example/']}",
            "exact",
        ),
        (
            "{client_id: a, x_application_type: spa, redirect_uris: ['https://shop.example/#x']}",
            "after #",
        ),
        (
            "{client_id: a, x_application_type: spa, redirect_uris: ['com.shop:/back']}",
            "only a native app",
        ),
        ("{client_id: a, x_application_type: m2m, redirect_uris: ['https://a.example']}", "m2m"),
    ],
)
def test_what_could_not_work_is_refused_with_a_sentence(
    entry: str, said: str, tmp_path: Path
) -> None:
    faults = read(tmp_path, f"oauth: {{clients: [{entry}]}}")

    assert isinstance(faults, list)
    assert any(said in str(fault) for fault in faults), faults
    assert all(str(fault).startswith("oauth.clients") for fault in faults)

"""Social providers of the settings file."""

from typing import Any

import pytest
from pydantic import ValidationError

from burnish_server.project.options import SocialProvider
from burnish_server.social.kinds import KINDS, client

RIGHT = {"id": "acme", "client_id": "c", "client_secret": "s", "server_url": "https://a.example"}


def provider(**more: Any) -> SocialProvider:
    return SocialProvider.model_validate({**RIGHT, **more})


def test_openid_connect_is_what_is_meant_where_nothing_is_said() -> None:
    told = provider(name="Acme").as_client()

    assert (told.alias, told.provider, told.name) == ("acme", "openid_connect", "Acme")
    assert told.settings["server_url"] == "https://a.example"


def test_a_secret_comes_from_the_variable_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_SECRET", "from outside")

    told = provider(client_secret=None, client_secret_env="ACME_SECRET").as_client()

    assert told.secret == "from outside"
    assert "from outside" not in repr(told)


def test_any_of_allauths_is_taken_with_its_own_settings() -> None:
    told = provider(
        id="gitlab", provider="gitlab", server_url="", settings={"gitlab_url": "https://g.example"}
    ).as_client()

    assert (told.provider, told.name) == ("gitlab", "Gitlab")
    assert told.settings == {"gitlab_url": "https://g.example"}


def test_apple_signs_with_the_key() -> None:
    told = provider(
        id="apple", provider="apple", settings={"team_id": "T", "key_id": "K"}
    ).as_client()

    assert (told.secret, told.key, told.settings["certificate_key"]) == ("K", "T", "s")
    assert told == client(
        KINDS["apple"], "apple", "Apple", "c", "s", {"team_id": "T", "key_id": "K"}
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"provider": "nobody"}, "there is no provider nobody"),
        ({"provider": "../mfa"}, "there is no provider"),
        ({"provider": "google"}, "give it the id google"),
        ({"id": "github"}, "another provider's"),
        ({"server_url": ""}, "acme wants server_url too"),
        ({"id": "apple", "provider": "apple"}, "apple wants settings.team_id too"),
        ({"client_secret": None}, "acme has no secret"),
        ({"client_secret": None, "client_secret_env": "NOT_SET_HERE"}, "acme has no secret"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_what_cannot_be_right_is_refused(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        provider(**wrong)

"""The log tells what happened and keeps secrets."""

from burnish_server.project.logging import HIDDEN, hide_secrets


def test_values_whose_name_says_they_are_secret_are_hidden() -> None:
    line = {"event": "signed in", "password": "p", "api_key": "k", "user": "42"}

    kept = hide_secrets(None, "info", line)

    assert kept == {"event": "signed in", "password": HIDDEN, "api_key": HIDDEN, "user": "42"}

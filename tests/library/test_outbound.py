"""The policy about calling outside."""

import pytest

from burnish.errors import InvalidSettings
from burnish.outbound import Outbound


def test_the_environment_s_forms_are_read() -> None:
    outbound = Outbound.parse(
        " 10.0.0.5:8080, CRM.example:443 ,[fd00::5]:80,",
        "https://API.vendor.example=http://127.0.0.1:9111, https://b.example:443/=https://c.example",
    )

    assert outbound.allow_private == ("10.0.0.5:8080", "crm.example:443", "[fd00::5]:80")
    assert outbound.rewrites == {
        "https://api.vendor.example": "http://127.0.0.1:9111",
        "https://b.example": "https://c.example",
    }


def test_nothing_is_allowed_or_rewritten_unless_asked_for() -> None:
    outbound = Outbound.parse("", " , ")

    assert outbound == Outbound()
    assert outbound.target("http://127.0.0.1:9111/") is None


@pytest.mark.parametrize(
    ("allow_private", "rewrites", "named"),
    [
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5:0x1", "", "10.0.0.5:0x1"),
        ("10.0.0.5:99999", "", "10.0.0.5:99999"),
        ("http://10.0.0.5:80", "", "http://10.0.0.5:80"),
        ("a@b:80", "", "a@b:80"),
        ("", "https://api.vendor.example", "https://api.vendor.example"),
        ("", "ftp://a.example=http://b.example", "ftp://a.example"),
        ("", "https://a.example=b.example", "b.example"),
        ("", "https://a.example=http://b.example:x", "http://b.example:x"),
    ],
)
def test_what_cannot_be_read_is_named(allow_private: str, rewrites: str, named: str) -> None:
    with pytest.raises(InvalidSettings, match="such as") as raised:
        Outbound.parse(allow_private, rewrites)

    assert repr(named) in str(raised.value)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://api.vendor.example/a?b=c%20d", "http://127.0.0.1:9111/a?b=c%20d"),
        ("https://api.vendor.example", "http://127.0.0.1:9111/"),
        ("https://API.vendor.example:443/", "http://127.0.0.1:9111/"),
        ("http://api.vendor.example/", None),
        ("https://api.vendor.example.evil.example/", None),
        ("https://evil.example/@api.vendor.example/", None),
        ("http://10.0.0.5:8080/x", "http://10.0.0.5:8080/x"),
        ("https://10.0.0.5:8080/x", "https://10.0.0.5:8080/x"),
        ("http://10.0.0.5/x", None),
        ("http://10.0.0.5:80:80/", None),
        ("file:///etc/passwd", None),
    ],
)
def test_only_listed_origins_are_ours_to_call(url: str, target: str | None) -> None:
    outbound = Outbound.parse("10.0.0.5:8080", "https://api.vendor.example=http://127.0.0.1:9111")

    assert outbound.target(url) == target


def test_a_redirect_of_a_stand_in_is_told_in_the_vendor_s_name() -> None:
    outbound = Outbound.parse("", "https://api.vendor.example=http://127.0.0.1:9111")

    shown = outbound.shown("https://api.vendor.example/a", "http://127.0.0.1:9111/b")
    other = outbound.shown("https://api.vendor.example/a", "http://127.0.0.1:91110/b")

    assert shown == "https://api.vendor.example/b"
    assert other == "http://127.0.0.1:91110/b"

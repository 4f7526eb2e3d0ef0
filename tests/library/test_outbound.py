"""The policy about calling outside."""

from ipaddress import ip_address

import pytest

from burnish.enrichment import inputs
from burnish.errors import InvalidSettings
from burnish.outbound import Outbound, is_public
from burnish.resolving import Refused, destination

PRIVATE = (
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "169.254.169.254"),
    *("172.16.0.1", "172.31.255.255", "192.0.0.1", "192.88.99.1", "192.168.1.1", "198.18.0.1"),
    *("198.19.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::10.0.0.1", "::8.8.8.8", "::ffff:10.0.0.1", "::ffff:0:10.0.0.1"),
    *("::ffff:0:8.8.8.8", "64:ff9b::a9fe:a9fe", "64:ff9b::a00:1", "64:ff9b:1::808:808", "100::1"),
    *("2001::1", "2001:0:4136:e378::1", "2001:1ff:ffff::1", "2002:a00:1::", "2002:7f00:1::1"),
    *("3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fd00::5", "fe80::1", "febf::1"),
    *("fec0::1", "feff::1", "ff02::1"),
)
PUBLIC = (
    *("8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "192.0.1.1"),
    *("192.88.98.1", "198.17.255.255", "198.20.0.1", "223.255.255.255"),
    *("::ffff:8.8.8.8", "64:ff9b::808:808", "2000::1", "2001:200::1", "2001:4860:4860::8888"),
    *("2002:808:808::1", "2606:4700::1", "3fff:1000::1", "3ffe::1"),
)
DOCUMENTATION = ("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1")


@pytest.mark.parametrize("address", [*PRIVATE, *DOCUMENTATION])
def test_what_is_no_public_address_is_not_called(address: str) -> None:
    host = f"[{address}]" if ":" in address else address

    assert not is_public(ip_address(address))
    with pytest.raises(Refused, match="is a private address"):
        destination(f"http://{host}:9114/x", Outbound())


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_called(address: str) -> None:
    host = f"[{address}]" if ":" in address else address

    assert is_public(ip_address(address))
    assert destination(f"http://{host}:9114/x", Outbound()).port == 9114


@pytest.mark.parametrize("address", PRIVATE)
def test_no_vendor_is_asked_about_what_is_no_public_address(address: str) -> None:
    with pytest.raises(inputs.Unfit):
        inputs.ip(address)


@pytest.mark.parametrize("address", [*PUBLIC, *DOCUMENTATION])
def test_vendors_are_asked_about_public_addresses(address: str) -> None:
    assert inputs.ip(address)


@pytest.mark.parametrize(
    "host",
    [
        "①②⑦.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "127．0．0．1",
        "ⓛocalhost",
        "dömäin.example",
        "xn--dmin-moa0i.ex。ample",
    ],
)
def test_a_host_that_is_not_ascii_is_refused(host: str) -> None:
    for url in (f"http://{host}:9114/x", f"https://{host}/x", f"http://me@{host}:9114/x"):
        for encoded in (False, True):
            with pytest.raises(Refused, match="must be written in ASCII letters"):
                destination(url, Outbound(), encoded=encoded)


def test_the_ascii_form_of_a_domain_is_named() -> None:
    with pytest.raises(Refused, match=r"ASCII letters, as xn--dmin-moa0i\.example"):
        destination("https://dömäin.example/x", Outbound())
    made = destination("https://xn--dmin-moa0i.example/ä?b=c%20d", Outbound())
    assert str(made) == "https://xn--dmin-moa0i.example/%C3%A4?b=c%20d"


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example\\@127.0.0.1/x",
        "http://crm.example@127.0.0.1/x",
        "http://crm.example:80@127.0.0.1:9114/x",
        "http://127.0.0.1?crm.example/x",
        "http://127.0.0.1#crm.example/x",
        "http://%31%32%37.0.0.1/x",
        "http://127.0.0.1%2f.crm.example/x",
        "HTTP://127.0.0.1/x",
        "http:\\\\127.0.0.1/x",
        "//127.0.0.1/x",
        "http:///127.0.0.1/x",
        "ftp://127.0.0.1/x",
        "http://[::1%25eth0]/x",
        "http://127.0.0.1:99999/x",
        "http://127.0.0.1:x/",
        "http://\t127.0.0.1/x",
        "",
    ],
)
def test_what_could_be_read_as_another_host_leads_to_no_private_address(url: str) -> None:
    try:
        made = destination(url, Outbound.parse("crm.example:80"))
    except (Refused, ValueError):
        return
    # A name, which is judged when it is resolved.
    assert made.raw_host not in ("127.0.0.1", "::1", "")
    with pytest.raises(ValueError, match="does not appear to be"):
        ip_address((made.raw_host or "").partition("%")[0])


def test_an_excepted_address_is_called_as_it_was_judged() -> None:
    outbound = Outbound.parse("10.0.0.5:80,[fd00::5]:443", "https://api.example=http://127.0.0.1")

    assert str(destination("http://10.0.0.5/a?b", outbound)) == "http://10.0.0.5/a?b"
    assert str(destination("http://me@10.0.0.5:80/a", outbound)) == "http://10.0.0.5/a"
    assert str(destination("https://[fd00::5]/a", outbound)) == "https://[fd00::5]/a"
    assert str(destination("https://api.example/a", outbound)) == "http://127.0.0.1/a"
    assert str(destination("http://127.0.0.1:80/a", outbound)) == "http://127.0.0.1/a"
    with pytest.raises(Refused):
        destination("http://127.0.0.1:81/a", outbound)
    assert destination("http://127.0.0.1:81/a", Outbound.parse("*")).port == 81


def test_the_environment_s_forms_are_read() -> None:
    outbound = Outbound.parse(
        " 10.0.0.5:8080, CRM.example:443 ,[FD00:0::5]:80,",
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

"""What a browser says of itself in its `User-Agent`, by the rules of the ua-parser project."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from burnish.enrichment.inputs import Known
from burnish.enrichment.outcome import Found, Miss
from burnish.enrichment.provider import LocalProvider, Terms

if TYPE_CHECKING:
    from ua_parser import Parser, Result

REMEMBERED = 5_000

_PROGRAMS = re.compile(
    r"(?i)\b(?:curl|wget|python|aiohttp|httpx|go-http-client|okhttp|java|axios|node|postman|ruby"
    r"|perl|php|libwww|guzzle|insomnia)\b|bot\b|crawler|spider|headless|^[\w-]*http[\w-]*/"
)
_TV = re.compile(r"(?i)\btv\b|smart-?tv|appletv|googletv|bravia|hbbtv|roku|\baft[a-z]")
_CONSOLE = re.compile(r"(?i)playstation|xbox|nintendo")
_TABLET = re.compile(r"(?i)ipad|tablet|kindle|silk/")
_COMPUTERS = ("Windows", "Mac OS X", "Linux", "Chrome OS", "Ubuntu", "Fedora", "Debian", "FreeBSD")


class UserAgent(LocalProvider):
    """Device, operating system and browser, or that it is a program."""

    key = "user_agent"
    title = "User agent"
    page = "https://github.com/ua-parser/uap-python"
    needs = frozenset({"user_agent"})
    gives = frozenset(
        {"device_type", "device_brand", "device_model", "os", "os_version", "browser"}
        | {"browser_version", "is_bot"}
    )
    terms = Terms("Apache-2.0 (uap-core's rules).")
    example: ClassVar[Known] = {"user_agent": "Mozilla/5.0"}

    def look(self, known: Known) -> Found | Miss:
        return _look(str(known["user_agent"]))


@lru_cache(REMEMBERED)
def _look(words: str) -> Found | Miss:
    said = _parser().parse(words)
    values = _browser(said) | _device(said)
    is_bot = _is_bot(said, words)
    if not values and not is_bot:
        return Miss()
    if kind := "bot" if is_bot else _kind(said, words):
        values["device_type"] = kind
    return Found({**values, "is_bot": is_bot}, confidence=0.9)


@cache
def _parser() -> "Parser":
    from ua_parser import Parser, loaders  # rules and their index take 30 MB
    from ua_parser.regex import Resolver

    return Parser(Resolver(loaders.load_lazy_builtins()))


def _browser(said: "Result") -> dict[str, Any]:
    values: dict[str, Any] = {}
    if browser := said.user_agent:
        values["browser"] = browser.family
        values["browser_version"] = _version(browser.major, browser.minor)
    if system := said.os:
        values["os"] = system.family
        values["os_version"] = _version(system.major, system.minor)
    return {name: value for name, value in values.items() if value}


def _device(said: "Result") -> dict[str, Any]:
    """Return maker and model; browsers that keep their device to themselves say `K`."""
    device = said.device
    if device is None or device.family == "Spider" or device.model in (None, "K"):
        return {}
    if (brand := device.brand) and not brand.startswith("Generic"):
        return {"device_brand": brand, "device_model": device.model}
    return {"device_model": device.model}


def _version(*parts: str | None) -> str:
    return ".".join(part for part in parts if part)


def _is_bot(said: "Result", words: str) -> bool:
    is_spider = said.device is not None and said.device.family == "Spider"
    return is_spider or _PROGRAMS.search(words) is not None


def _kind(said: "Result", words: str) -> str:
    system = said.os.family if said.os else ""
    for kind, signs in (("tv", _TV), ("console", _CONSOLE), ("tablet", _TABLET)):
        if signs.search(words):
            return kind
    if "Mobi" in words or system in ("iOS", "Windows Phone"):
        return "mobile"
    if system == "Android":
        return "tablet"  # Android's browsers leave `Mobile` out on large screens
    return "desktop" if system.startswith(_COMPUTERS) else ""

"""One setting of a provider in the portal: its form field, its text, and its value again."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import yaml
from django import forms
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from burnish.enrichment.settings import Section, span_text

Sort = Literal["flag", "choice", "secret", "secrets", "purposes", "list", "number", "text", "yaml"]

LONGEST = 16 * 1024

WORDS = {"skip": "Leave it", "wait": "Ask later, in the background"}
"""Choices that read better in other words."""

LABELS = {
    "api_key": "API key",
    "url": "URL",
    "database_url": "Database URL",
    "expires_after": "Values hold for",
    "limits.when_rate": "Over the rate",
    "limits.concurrency": "Lookups at a time",
    "limits.when_concurrency": "Over that many",
    "limits.daily": "Lookups a day",
    "limits.when_daily": "Over the day's lookups",
    "limits.day_budget": "Budget a day",
    "limits.month_budget": "Budget a month",
    "limits.when_budget": "Over a budget",
    "cache.found": "Found answers",
    "cache.miss": "Misses",
    "cache.error": "Failures",
    "cache.last_good": "Last good values",
}

HINTS: Mapping[str, str] = {"yaml": "As YAML.", "secrets": "One a line, as Name: value."}

TALL = frozenset({"query"})
"""Texts of several lines."""

_TEXTS: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda value: "",
    timedelta: span_text,
    Decimal: lambda value: f"{value:f}",
    tuple: lambda value: ", ".join(map(str, value)),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting, by its path: `limits.rate`. `default` is its text where nobody settles it."""

    path: str
    about: FieldInfo
    sort: Sort
    default: Any

    @property
    def label(self) -> str:
        """What people read."""
        name = self.path.rpartition(".")[2]
        return LABELS.get(self.path) or name.replace("_", " ").capitalize()

    @property
    def may_be_none(self) -> bool:
        """Whether it may be left open."""
        return NoneType in get_args(self.about.annotation)

    def shown(self, stored: Any) -> Any:
        """Return what a form shows of a stored value."""
        match self.sort:
            case "flag" | "purposes":
                return stored
            case "yaml":
                return _yaml(stored)
            case "list" if isinstance(stored, list | tuple):
                return ", ".join(map(str, stored))
        return _TEXTS.get(type(stored), str)(stored)

    def read(self, typed: Any) -> Any:
        """Return the value of what was typed, as a file would hold it; None for nothing.

        Raises `ValidationError` where it is no YAML; the rest is for the settings themselves.
        """
        match self.sort:
            case "flag" | "purposes":
                return typed
            case "yaml":
                return _parsed(typed)
            case "secrets":
                return _pairs(typed)
        typed = typed.strip()
        match self.sort:
            case "list":
                return [_number(item.strip()) for item in typed.split(",") if item.strip()] or None
            case "number":
                return _number(typed) if typed else None
        return typed or None

    def field(self, purposes: Sequence[tuple[str, str]]) -> forms.Field:
        """Return the form's field; what is wrong with a value, the settings say."""
        about = (self.about.description or "").replace("`", "").replace("\n", " ")
        help_text = f"{about} {HINTS.get(self.sort, '')}".strip()
        match self.sort:
            case "flag":
                return forms.BooleanField(
                    label=self.label,
                    required=False,
                    help_text=help_text,
                    widget=UnfoldBooleanSwitchWidget(),
                )
            case "choice":
                choices = [(one, WORDS.get(one, one)) for one in get_args(self.about.annotation)]
                return forms.ChoiceField(
                    label=self.label,
                    required=False,
                    help_text=help_text,
                    choices=choices,
                    widget=UnfoldAdminSelectWidget(),
                )
            case "purposes":
                return forms.MultipleChoiceField(
                    label=self.label,
                    help_text=help_text,
                    choices=purposes,
                    widget=UnfoldAdminCheckboxSelectMultipleWidget(),
                    error_messages={"required": "Choose at least one."},
                )
        return forms.CharField(
            label=self.label,
            required=False,
            strip=False,
            max_length=LONGEST,
            help_text=help_text,
            widget=self._widget(),
        )

    def _widget(self) -> forms.Widget:
        plain = {"autocomplete": "off", "spellcheck": "false"}
        match self.sort:
            case "text" if self.path in TALL:
                return UnfoldAdminTextareaWidget(attrs={**plain, "rows": 4})
            case "secret":
                return UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})
            case "yaml" | "secrets":
                return UnfoldAdminTextareaWidget(attrs={**plain, "rows": 4, "class": "portal-json"})
        return UnfoldAdminTextInputWidget(attrs=plain)


def settings_of(
    kind: type[Section], above: str = "", given: Section | None = None
) -> Iterator[Setting]:
    """Return every setting of a kind's settings, those of groups in them too.

    `given` is what holds in a group where nobody settles it.
    """
    for name, about in kind.model_fields.items():
        path = f"{above}{name}"
        default = None if about.is_required() else about.get_default(call_default_factory=True)
        default = getattr(given, name, default)
        if isinstance(about.annotation, type) and issubclass(about.annotation, Section):
            yield from settings_of(about.annotation, f"{path}.", default)
        else:
            yield Setting(path, about, _sort(name, about.annotation), default)


def _sort(name: str, annotation: Any) -> Sort:
    kinds = [kind for kind in _members(annotation) if kind is not NoneType]
    kind = kinds[0] if len(kinds) == 1 else Any
    if name == "purposes":
        return "purposes"
    if get_origin(kind) is Literal:
        return "choice"
    if get_origin(kind) is tuple:
        return "list"
    if get_origin(kind) is dict:
        return "secrets" if SecretStr in get_args(kind) else "yaml"
    if kind is Any or (isinstance(kind, type) and issubclass(kind, Section)):
        return "yaml"
    sorts: dict[Any, Sort] = {bool: "flag", SecretStr: "secret", int: "number", float: "number"}
    return sorts.get(kind, "text")


def _members(annotation: Any) -> list[Any]:
    """Return what a value may be, without the rules that bound it."""
    if get_origin(annotation) in (Union, UnionType):
        return [member for one in get_args(annotation) for member in _members(one)]
    return _members(annotation.__origin__) if hasattr(annotation, "__metadata__") else [annotation]


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _yaml(value: Any) -> str:
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, Section):
        value = value.model_dump(mode="json", exclude_defaults=True)
    if not isinstance(value, dict | list):
        return str(value)
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
    return text.rstrip("\n")


class _Plain(yaml.SafeLoader):
    """Reads what JSON can hold: dates stay texts, and nothing stands for something else."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's shape
        first: [(tag, rule) for tag, rule in rules if not tag.endswith(":timestamp")]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise ValueError("an alias")
        return super().compose_node(parent, index)


def _parsed(text: str) -> Any:
    try:
        value = yaml.load(text, _Plain)  # noqa: S506 - a safe loader, and more
        kept = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        if b"\\u0000" in kept:
            raise ValueError("a null character")
        return value
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" in line {mark.line + 1}" if mark else ""
        raise forms.ValidationError(f"This is not YAML that can be kept{place}.") from None


def _pairs(text: str) -> dict[str, str] | None:
    """Return the `Name: value` lines of a text; None for an empty one."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, colon, value = line.partition(":")
        if line.strip() and not (colon and name.strip() and value.strip()):
            raise forms.ValidationError(f"Line {number} is not a name, a colon and a value.")
        if line.strip():
            found[name.strip()] = value.strip()
    return found or None

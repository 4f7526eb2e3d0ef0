"""The form of a provider, made from the settings of its kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from burnish.attributes.faults import Fault
from burnish.enrichment.provider import Provider
from burnish.errors import InvalidSettings
from burnish_server.consent import store as consent
from burnish_server.enrichment import models, store
from burnish_server.portal.enrichment_setting import Setting, settings_of

USUAL = ("purposes", "price", "confidence", "expires_after", "timeout")

LOCAL = ("timeout", "limits", "cache")
"""Settings without effect on a provider that needs no network."""

GROUPS: Mapping[str, str] = {
    "limits": "Limits",
    "cache": "How long answers are kept",
    "miss": "When an answer is a miss",
    "pending": "When an answer is still to come",
}

KEPT = "One is kept, and nobody can read it again; type to replace it."

SENTENCES = {"Field required": "This is needed", "Extra inputs are not permitted": "is no setting"}


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    title: str
    fields: tuple[BoundField, ...]
    in_pairs: bool = False


class ProviderForm(forms.Form):
    """A provider's name and its settings. What is secret goes in and does not come out."""

    name = forms.CharField(
        max_length=40,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: QueryDict | None, kind: type[Provider], row: models.Provider) -> None:
        super().__init__(data)
        self.kind, self.row = kind, row
        self.added = row._state.adding
        self.settings = {one.path: one for one in settings_of(kind.Settings) if self._shows(one)}
        self.entry: dict[str, Any] = {}
        about = models.Provider._meta.get_field("name")
        self.fields["name"].help_text = about.help_text
        self.fields["name"].validators += about.validators
        self.fields["name"].disabled = not self.added
        self.initial["name"] = row.name
        purposes = self._purposes()
        for path, setting in self.settings.items():
            self.fields[path] = setting.field(purposes)
            if setting.sort in ("secret", "secrets"):
                self._veil(setting)
            else:
                self.initial[path] = setting.shown(_stored(row, path, setting.default))

    def _shows(self, setting: Setting) -> bool:
        return not (self.kind.local and setting.path.partition(".")[0] in LOCAL)

    def _purposes(self) -> list[tuple[str, str]]:
        known = {name: purpose.title or name for name, purpose in consent.purposes().items()}
        named = self.row.settings.get("purposes", ())
        return list({**{name: name for name in named}, **known}.items())

    def _veil(self, setting: Setting) -> None:
        """Say that there is a secret, without showing it; offer to forget what is not needed."""
        kept = self.row.settings.get(setting.path) or self.row.sealed.get(setting.path)
        if not kept:
            return
        field = self.fields[setting.path]
        field.help_text = f"{field.help_text} {KEPT}"
        if not setting.about.is_required():
            self.fields[f"forget.{setting.path}"] = forms.BooleanField(
                label=f"Forget {setting.label}",
                required=False,
                widget=UnfoldBooleanSwitchWidget(),
            )

    def groups(self) -> Iterator[Group]:
        """Return the fields by group."""
        own = [
            name
            for name in self.fields
            if name.removeprefix("forget.").partition(".")[0] not in (*USUAL, *GROUPS)
        ]
        yield Group(self.kind.title or self.kind.key, self._bound(own))
        usual = [name for name in USUAL if name in self.fields]
        yield Group("Use and price", self._bound(usual))
        for group, title in GROUPS.items():
            if names := [name for name in self.fields if name.startswith(f"{group}.")]:
                yield Group(title, self._bound(names), in_pairs=True)

    def _bound(self, names: list[str]) -> tuple[BoundField, ...]:
        return tuple(self[name] for name in names)

    def clean_name(self) -> str:
        """Refuse a name that is taken."""
        name = str(self.cleaned_data["name"])
        if self.added and models.Provider.objects.filter(pk=name).exists():
            raise ValidationError("There is a provider of this name already.")
        return name

    def clean(self) -> dict[str, Any]:
        """Make the entry a file would hold, and have the settings' own rules judge it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.entry = self._entry(cleaned)
        for fault in self._faults(cleaned.get("name", "provider")):
            self._blame(fault)
        return cleaned

    def _entry(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        entry: dict[str, Any] = {"kind": self.kind.key}
        for path, setting in self.settings.items():
            if path not in cleaned:
                continue
            try:
                value = setting.read(cleaned[path])
            except ValidationError as error:
                self.add_error(path, error)
                continue
            if setting.sort in ("secret", "secrets"):
                self._keep(entry, path, value)
            elif not _is_default(setting, value):
                _put(entry, path, value)
        return entry

    def _keep(self, entry: dict[str, Any], path: str, value: Any) -> None:
        """Take a new secret, or leave the one there is, or forget it."""
        if value:
            entry[path] = value
        elif self.cleaned_data.get(f"forget.{path}"):
            entry[path] = self.settings[path].default
        elif path in self.row.settings:
            entry[path] = self.row.settings[path]

    def _faults(self, name: str) -> list[Fault]:
        try:
            kept = {} if self.added else store.secrets_of(self.row)
            made = store.made_of(name, {**kept, **self.entry})
        except InvalidSettings as error:
            return [Fault("", str(error))]
        return made if isinstance(made, list) else []

    def _blame(self, fault: Fault) -> None:
        """Put what is wrong beside the field it speaks of."""
        parts = fault.path.split(".")[3:]
        sentence = SENTENCES.get(fault.message, fault.message)
        for length in range(len(parts), 0, -1):
            path = ".".join(parts[:length])
            if path in self.fields:
                rest = ".".join(parts[length:])
                if not self.has_error(path) or rest:
                    self.add_error(path, _sentence(f"{rest}: {sentence}" if rest else sentence))
                return
        self.add_error(None, _sentence(" ".join([*parts, sentence])))


def _stored(row: models.Provider, path: str, default: Any) -> Any:
    at: Any = row.settings
    for name in path.split("."):
        if not isinstance(at, Mapping) or name not in at:
            return default
        at = at[name]
    return at


def _put(entry: dict[str, Any], path: str, value: Any) -> None:
    *above, name = path.split(".")
    for group in above:
        entry = entry.setdefault(group, {})
    entry[name] = value


def _is_default(setting: Setting, value: Any) -> bool:
    """Say whether a file needs not say this; what is empty stands for the default, or for none."""
    if value is None and not (setting.may_be_none and setting.default is not None):
        return True
    if setting.sort in ("flag", "purposes"):
        return bool(value == setting.default or tuple(value or ()) == setting.default)
    return bool(setting.shown(value) == setting.shown(setting.default))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."

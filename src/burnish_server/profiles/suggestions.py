"""What values are typed into where Django has nothing of the kind."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from burnish_server.profiles.wording import part_label


class Suggesting(forms.TextInput):
    """One line of text, with suggestions the browser offers; others may be typed too."""

    template_name = "profiles/suggesting.html"

    def __init__(self, suggestions: Sequence[str], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Tell the template the suggestions, and the input where they are."""
        listed = f"{name}-suggestions"
        context = super().get_context(name, value, {**(attrs or {}), "list": listed})
        return {**context, "list": listed, "suggestions": self.suggestions}


class AddressInput(forms.Widget):
    """A line of text for each part of an address, each with its label."""

    template_name = "profiles/address.html"
    use_fieldset = True

    def __init__(self, parts: Sequence[str], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.parts = parts

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give each part an input of its own."""
        context = super().get_context(name, value, attrs)
        shown = value if isinstance(value, Mapping) else {}
        stem = context["widget"]["attrs"].pop("id", f"id_{name}")
        context["parts"] = [
            {
                "name": f"{name}-{part}",
                "id": f"{stem}-{part}",
                "label": part_label(part),
                "value": shown.get(part, ""),
                "long": part == "formatted" or "\n" in str(shown.get(part, "")),
            }
            for part in self.parts
        ]
        return context

    def format_value(self, value: Any) -> Any:
        """Leave the parts to the template."""
        return value

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> dict[str, Any]:
        """Return what was typed, by part."""
        return {part: data.get(f"{name}-{part}", "") for part in self.parts}

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        """Return whether no part was sent at all."""
        return not any(f"{name}-{part}" in data for part in self.parts)

    def id_for_label(self, id_: str) -> str:
        """Let the label point to the first part."""
        return f"{id_}-{self.parts[0]}" if id_ else id_

"""The `enrichment` fragment of a configuration file."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from burnish import file
from burnish.attributes import fragment as attributes
from burnish.attributes.faults import Fault, faults_of
from burnish.attributes.schema import Schema
from burnish.consent import fragment as purposes
from burnish.consent.fragment import Consent
from burnish.consent.purpose import DEFAULTS
from burnish.enrichment import outside
from burnish.enrichment.provider import Provider
from burnish.enrichment.providers import kinds
from burnish.enrichment.settings import Confidence, Money, Section, Span
from burnish.enrichment.setup import BUDGET, Setup
from burnish.enrichment.vocabulary import STANDARD
from burnish.enrichment.waterfall import Choice
from burnish.errors import InvalidSettings

log = structlog.get_logger("burnish.enrichment")

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

Secret = Callable[[str], str | None]
"""Returns a secret by its name, or None where there is none."""

_REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]{0,59})\}")


class Budget(Section):
    """How long an event waits for providers; what comes later is written when it comes."""

    sign_up: Span = BUDGET
    """At sign-up."""
    login: Span = BUDGET
    """At login, for users who miss something."""


class Step(Section):
    """One step of a waterfall. A provider's name alone is one too."""

    provider: Name
    """Who is asked."""
    output: str = ""
    """What of its answer fills the attribute; none means what has the attribute's name."""
    min_confidence: Confidence = 0.0
    """A value less sure is not taken."""
    max_price: Money | None = None
    """A dearer lookup is not made for this attribute."""

    @model_validator(mode="before")
    @classmethod
    def _may_be_one_word(cls, value: Any) -> Any:
        return {"provider": value} if isinstance(value, str) else value

    def as_choice(self, attribute: str) -> Choice:
        """Return the step as the waterfall of an attribute has it."""
        output = self.output or STANDARD.get(attribute, attribute)
        price = None if self.max_price is None else Decimal(self.max_price)
        return Choice(self.provider, output, self.min_confidence, price)


class Enrichment(BaseModel):
    """`enrichment`: providers by name, and the waterfall of each attribute.

    A provider's entry holds its settings and its `kind`, which is its name if left out. Texts of
    the form `${NAME}` stand for secrets.
    """

    model_config = ConfigDict(extra="forbid")

    budget: Budget = Budget()
    providers: dict[Name, dict[str, Any]] = Field(default_factory=dict)
    attributes: dict[str, list[Step]] = Field(default_factory=dict)


def parse(fragment: Any) -> Enrichment | list[Fault]:
    """Return the fragment, or all that is wrong with it. Secrets need not be there for that."""
    try:
        section = Enrichment.model_validate(fragment)
    except ValidationError as error:
        return faults_of(error, "enrichment")
    made = {name: make(name, entry, None) for name, entry in section.providers.items()}
    faults = [fault for one in made.values() if isinstance(one, list) for fault in one]
    for attribute, steps in section.attributes.items():
        for index, step in enumerate(steps):
            place = f"enrichment.attributes.{attribute}.{index}"
            faults += _judge(step.as_choice(attribute), made, place)
    return faults or section


def make(name: str, entry: Mapping[str, Any], secret: Secret | None) -> Provider | list[Fault]:
    """Return the provider an entry describes, or what is wrong with it.

    Without `secret` the references to secrets are left as they are.
    """
    place = f"enrichment.providers.{name}"
    key = str(entry.get("kind", name))
    kind = kinds().get(key)
    if kind is None:
        known = ", ".join(sorted(kinds()))
        return [Fault(f"{place}.kind", f"there is no provider {key}; there are {known}")]
    settings = {field: value for field, value in entry.items() if field != "kind"}
    try:
        if secret is not None:
            settings = _opened(settings, secret)
        made = kind(kind.Settings.model_validate(settings), name)
        why = outside.misshapen(made) if outside.is_outside(kind) else None
    except ValidationError as error:
        return faults_of(error, place)
    except InvalidSettings as error:
        return [Fault(place, str(error))]
    except Exception as error:
        # Somebody else's code; its words may hold a key.
        log.error("provider not made", provider=name, error=type(error).__name__)
        return [Fault(place, f"there is a fault in the provider's code ({type(error).__name__})")]
    return [Fault(place, why)] if why else made


def load(path: Path, secret: Secret) -> Setup:
    """Return the setup a file describes. Raises `InvalidSettings` with all that is wrong."""
    content = file.load(path)
    if isinstance(content, list):
        raise InvalidSettings("; ".join(map(str, content)))
    profile = attributes.parse(content.get("user_profile") or {})
    consent = purposes.parse(content.get("consent") or {})
    section = parse(content.get("enrichment") or {})
    faults = [
        fault for one in (profile, consent, section) if isinstance(one, list) for fault in one
    ]
    if isinstance(profile, list) or isinstance(consent, list) or isinstance(section, list):
        raise InvalidSettings("; ".join(map(str, faults)))
    schema = Schema(tuple(profile.custom_attributes.attributes))
    made = build(section, consent, schema if "user_profile" in content else None, secret)
    if isinstance(made, list):
        raise InvalidSettings("; ".join(map(str, made)))
    return made


def build(
    section: Enrichment, consent: Consent, schema: Schema | None, secret: Secret
) -> Setup | list[Fault]:
    """Return the setup a file describes, with its secrets; or what is wrong with it."""
    providers: dict[str, Provider] = {}
    faults: list[Fault] = []
    for name, entry in section.providers.items():
        match make(name, entry, secret):
            case list() as found:
                faults += found
            case provider if provider.settings.enabled:
                providers[name] = provider
    if faults:
        return faults
    return Setup(
        providers,
        waterfalls(section.attributes, providers),
        DEFAULTS | consent.purposes,
        schema,
        section.budget.sign_up,
        section.budget.login,
    )


def waterfalls(
    steps: Mapping[str, list[Step]], providers: Mapping[str, Provider]
) -> dict[str, list[Choice]]:
    """Return the waterfalls of attributes, with those providers that are enabled."""
    return {
        attribute: [step.as_choice(attribute) for step in way if step.provider in providers]
        for attribute, way in steps.items()
    }


def references(entry: Any) -> list[str]:
    """Return the names of the secrets an entry refers to."""
    match entry:
        case str():
            return _REFERENCE.findall(entry)
        case Mapping():
            return [name for value in entry.values() for name in references(value)]
        case list():
            return [name for value in entry for name in references(value)]
    return []


def _judge(choice: Choice, made: Mapping[str, Provider | list[Fault]], place: str) -> list[Fault]:
    match made.get(choice.provider):
        case None:
            message = f"there is no provider {choice.provider} in enrichment.providers"
            return [Fault(f"{place}.provider", message)]
        case Provider() as provider if choice.output not in provider.gives:
            given = ", ".join(sorted(provider.gives))
            message = f"{choice.provider} does not give {choice.output}; it gives {given}"
            return [Fault(f"{place}.output", message)]
    return []


def _opened(value: Any, secret: Secret) -> Any:
    match value:
        case str():
            return _REFERENCE.sub(lambda match: _found(match[1], secret), value)
        case Mapping():
            return {name: _opened(inner, secret) for name, inner in value.items()}
        case list():
            return [_opened(inner, secret) for inner in value]
    return value


def _found(name: str, secret: Secret) -> str:
    value = secret(name)
    if value is None:
        raise InvalidSettings(f"There is no secret {name}; set it, or write the value itself.")
    return value

"""The setup in force: providers with their secrets, waterfalls, purposes."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings

from burnish.attributes.faults import Fault
from burnish.attributes.schema import Schema
from burnish.enrichment import fragment
from burnish.enrichment.database_access import DatabaseAccess, NotAllowed
from burnish.enrichment.fragment import Step
from burnish.enrichment.provider import Provider
from burnish.enrichment.providers import kinds
from burnish.enrichment.providers.sql import Sql
from burnish.enrichment.setup import Setup
from burnish.errors import InvalidSettings
from burnish.outbound import Outbound
from burnish_server.consent import models as consent_models
from burnish_server.consent import store as consent
from burnish_server.enrichment import models
from burnish_server.hooks import sealing
from burnish_server.hooks.models import Secret
from burnish_server.kept import Kept
from burnish_server.profiles import models as profiles_models
from burnish_server.profiles import store as profiles

log = structlog.get_logger("burnish.enrichment")


@dataclass(frozen=True, slots=True)
class InForce:
    """The setup, and why some of the enabled providers cannot be used, by name."""

    setup: Setup
    problems: Mapping[str, str] = field(default_factory=dict)


_OWN_VARIABLE = re.compile(r"DATABASE_URL|BURNISH_.*|PG[A-Z]+", re.IGNORECASE)


def _read() -> InForce:
    providers: dict[str, Provider] = {}
    problems: dict[str, str] = {}
    for row in models.Provider.objects.all():
        match make(row):
            case list() as faults:
                problems[row.name] = "; ".join(fault.message for fault in faults)
                log.error("provider not usable", provider=row.name, error=problems[row.name])
            case provider if provider.settings.enabled:
                providers[row.name] = provider
    schema = profiles.schema()
    budget = models.TimeBudget.current()
    setup = Setup(
        providers,
        fragment.waterfalls(steps(schema), providers),
        consent.purposes(),
        schema,
        timedelta(milliseconds=budget.sign_up_ms),
        timedelta(milliseconds=budget.login_ms),
    )
    return InForce(setup, problems)


_in_force = Kept(
    _read,
    models.Provider,
    models.Waterfall,
    models.TimeBudget,
    consent_models.Purpose,
    Secret,
    profiles_models.CustomAttribute,
    profiles_models.StandardAttribute,
    at_pages=True,
)


def in_force() -> InForce:
    """Return the setup in force, and what is wrong with the rest."""
    return _in_force()


def setup() -> Setup:
    """Return the setup in force."""
    return _in_force().setup


def make(row: models.Provider) -> Provider | list[Fault]:
    """Return the provider a row describes, with its secrets; or what is wrong with it."""
    try:
        opened = secrets_of(row)
    except InvalidSettings as error:
        return [Fault(f"enrichment.providers.{row.name}", str(error))]
    return made_of(row.name, {**row.settings, **opened, "kind": row.kind})


def made_of(name: str, entry: Mapping[str, Any]) -> Provider | list[Fault]:
    """Return the provider an entry describes, confined to databases the settings list.

    Return what is wrong with it instead where there is something.
    """
    made = fragment.make(name, entry, secret)
    if isinstance(made, Sql):
        try:
            made.confine(database_access())
        except NotAllowed as error:
            return [Fault(f"enrichment.providers.{name}.database_url", str(error))]
    return made


def database_access() -> DatabaseAccess:
    """Return which databases and folders the settings let providers ask."""
    options = settings.BURNISH
    policy = Outbound.parse(options.outbound.allow_private, options.outbound.rewrites)
    return DatabaseAccess.parse(options.lookups.sql_databases, policy)


def judge(name: str, entry: Mapping[str, Any]) -> list[Fault]:
    """Return why an entry, good in itself, may not be used here; its secrets may be missing yet."""
    if str(entry.get("kind", name)) != Sql.key:
        return []
    if any(secret(reference) is None for reference in fragment.references(entry)):
        return []
    made = made_of(name, entry)
    return made if isinstance(made, list) else []


def secrets_of(row: models.Provider) -> dict[str, Any]:
    """Return the sealed settings of a row, opened. Raises `InvalidSettings`."""
    opened: dict[str, Any] = {name: sealing.unseal(text) for name, text in row.sealed.items()}
    kind = kinds().get(row.kind)
    several = [name for name in opened if kind and is_several(kind, name)]
    return opened | {name: json.loads(opened[name]) for name in several}


def steps(schema: Schema) -> dict[str, list[Step]]:
    """Return the stored waterfalls by attribute name; those of attributes that are gone are not."""
    names = {("custom", one.id): one.name for one in schema.custom}
    names |= {("standard", name): name for name in schema.standard}
    return {
        names[row.group, row.key]: [Step.model_validate(step) for step in row.steps]
        for row in models.Waterfall.objects.all()
        if (row.group, row.key) in names
    }


def secret(name: str) -> str | None:
    """Return a secret by name: one that is stored, or else a variable of the environment.

    Burnish's own variables are nobody's: they open the database, and what is sealed in it.
    """
    sealed = Secret.objects.filter(name=name).values_list("sealed", flat=True).first()
    if sealed is not None:
        return sealing.unseal(sealed)
    return None if _OWN_VARIABLE.fullmatch(name) else os.environ.get(name)


def secret_fields(kind: type[Provider]) -> list[str]:
    """Return the settings of a kind that are secret."""
    return [
        name
        for name, about in kind.Settings.model_fields.items()
        if "SecretStr" in str(about.annotation)
    ]


def is_several(kind: type[Provider], name: str) -> bool:
    """Say whether a secret setting is several secrets by name, rather than one."""
    about = kind.Settings.model_fields.get(name)
    return about is not None and str(about.annotation).startswith("dict")


def known_of(profile: profiles_models.Profile, schema: Schema) -> dict[str, Any]:
    """Return what of a profile providers may be asked with, by name."""
    custom = {one.name: profile.custom[one.id] for one in schema.custom if one.id in profile.custom}
    values = {**profile.standard, **custom}
    return {name: value for name, value in values.items() if isinstance(value, str | int | float)}

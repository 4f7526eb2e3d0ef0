"""What a configuration file says, all rooms together: planned, applied, and written out."""

from typing import Any

from django.db import transaction

from burnish.attributes.faults import Fault
from burnish.attributes.schema import Schema
from burnish.config import Config, Plan
from burnish_server.audit.log import Actor
from burnish_server.consent import apply as consent
from burnish_server.enrichment import apply as enrichment
from burnish_server.hooks import apply as hooks
from burnish_server.hooks import export as hooks_export
from burnish_server.identity.oidc import apply as oidc
from burnish_server.profiles import apply as profiles
from burnish_server.profiles import export as profiles_export
from burnish_server.profiles import store
from burnish_server.profiles.definitions import Refused
from burnish_server.questions import apply as questions
from burnish_server.roles import apply as roles
from burnish_server.segments import store as segments


def plan(config: Config) -> Plan:
    """Return what a file would change. Writes nothing."""
    whole = profiles.plan(config.user_profile) if config.user_profile else Plan()
    whole += hooks.plan(config) if config.hook else Plan()
    whole += consent.plan(config.consent) if config.consent else Plan()
    if config.enrichment:
        whole += enrichment.plan(config.enrichment, _schema(config))
    if config.segments is not None:
        whole += segments.plan(config.segments, _schema(config))
    if config.questions:
        known = {*segments.rules(), *(config.segments or ())}
        whole += questions.plan(config.questions, _schema(config), known)
    if config.oauth:
        whole += oidc.plan(config.oauth)
    return whole + roles.plan(config)


def _schema(config: Config) -> Schema:
    """Return the schema there will be once the file's attributes are written."""
    present = store.schema()
    given = config.user_profile.custom_attributes.attributes if config.user_profile else []
    ids = {one.id for one in given}
    kept = [one for one in present.custom if one.id not in ids]
    return Schema((*kept, *given), present.standard)


def apply(config: Config, actor: Actor, *, allow_loss: bool) -> list[Fault]:
    """Apply all of a file or nothing; return why nothing was changed, if it was not.

    Not to be called inside a transaction: what scripts import is fetched first. Raises
    `NotPinned` where it cannot be.
    """
    config = hooks.fetch(config)
    try:
        with transaction.atomic():
            if config.user_profile:
                profiles.apply(config.user_profile, actor, allow_loss=allow_loss)
            hooks.apply(config, actor)
            if config.consent:
                consent.apply(config.consent, actor)
            if config.enrichment:
                enrichment.apply(config.enrichment, store.schema(), actor)
            if config.segments is not None:
                segments.apply(config.segments, actor)
            if config.questions:
                questions.apply(config.questions, actor)
            if config.oauth:
                oidc.apply(config.oauth, actor)
            roles.apply(config, actor)
    except Refused as refused:
        return list(refused.faults)
    return []


def export() -> tuple[dict[str, Any], dict[str, str]]:
    """Return a file's content that changes nothing here, and its scripts by path."""
    section, scripts = hooks_export.export()
    content = {
        "user_profile": profiles_export.export(),
        "hook": section,
        "consent": consent.export(),
        "enrichment": enrichment.export(store.schema()),
        "segments": segments.export(),
        "questions": questions.export(),
        "oauth": oidc.export(),
        **roles.export(),
    }
    return content, scripts

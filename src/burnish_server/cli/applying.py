"""A configuration file into the service, in one transaction. Imported once Django is set up."""

from django.db import transaction

from burnish.attributes.faults import Fault
from burnish.config import Config
from burnish_server.hooks import apply as hooks
from burnish_server.profiles import apply as profiles


def apply_config(config: Config) -> tuple[list[str], list[Fault]]:
    """Apply all of a file or nothing; return what changed, or why nothing did."""
    section = config.user_profile
    definitions = section.custom_attributes.attributes if section else []
    with transaction.atomic():
        if faults := profiles.refuse(definitions):
            return [], faults
        lines = profiles.apply(definitions) + hooks.apply(config.hooks, config.limits)
    if section and section.standard_attributes:
        lines.append("user_profile.standard_attributes: not changed; the defaults are in force")
    return lines, []

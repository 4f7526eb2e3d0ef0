"""What profiles may hold, as a configuration file has it."""

from typing import Any

from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute


def export() -> dict[str, Any]:
    """Return the section `user_profile`: every attribute, the retired ones too."""
    return {
        "standard_attributes": {
            "population": {"strategy": str(store.population())},
            "access_control": [
                attribute.as_entry() for attribute in store.schema().standard.values()
            ],
        },
        "custom_attributes": {
            "attributes": [
                attribute.as_definition().as_entry() for attribute in CustomAttribute.objects.all()
            ]
        },
    }

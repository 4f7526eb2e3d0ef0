"""Model fields whose values are sealed in the database and plain in Python.

They cannot be searched or sorted by. Rows from before they were sealed are read as they are.
"""

import json
from typing import Any

from django.db import models

from burnish_server.hooks import sealing

_MEMBER = "sealed"


class SealedTextField(models.TextField):
    """A text, sealed. The empty text stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        """Return the sealed text."""
        text = super().get_prep_value(value)
        return sealing.seal(text) if text else text

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Return the text. Raises `InvalidSettings` where its key is gone."""
        return sealing.unseal_if_sealed(value) if value else value


class SealedJSONField(models.JSONField):
    """JSON, sealed: stored as an object of one member."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return the object that is stored."""
        stored = {_MEMBER: sealing.seal(json.dumps(value))}
        return super().get_db_prep_value(stored, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the value. Raises `InvalidSettings` where its key is gone."""
        stored = super().from_db_value(value, expression, connection)
        if isinstance(stored, dict) and list(stored) == [_MEMBER]:
            return json.loads(sealing.unseal(stored[_MEMBER]))
        return stored

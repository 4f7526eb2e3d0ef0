"""The `oauth` fragment of a configuration file."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from burnish.attributes.faults import Fault, faults_of
from burnish.oauth.client import Client


class OAuth(BaseModel):
    """`oauth`: the apps people sign in to."""

    model_config = ConfigDict(extra="forbid")

    clients: list[Client] = Field(default_factory=list)

    @field_validator("clients")
    @classmethod
    def _each_once(cls, clients: list[Client]) -> list[Client]:
        ids = [client.client_id for client in clients]
        for client_id in ids:
            if ids.count(client_id) > 1:
                raise ValueError(f"the client_id {client_id} stands more than once")
        return clients


def parse(fragment: Any) -> OAuth | list[Fault]:
    """Return the fragment, or what is wrong with it."""
    try:
        return OAuth.model_validate(fragment)
    except ValidationError as error:
        return faults_of(error, "oauth")

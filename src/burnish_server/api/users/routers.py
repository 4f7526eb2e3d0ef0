"""What the door opens for users, in the order the description has it."""

from burnish_server.api.users import (
    account,
    creating,
    ending,
    facts,
    finding,
    identities,
    memberships,
    password,
    profile,
    sessions,
)

_PARTS = (
    finding,
    creating,
    profile,
    facts,
    identities,
    memberships,
    account,
    ending,
    password,
    sessions,
)

# Files that answer at the same address share a router.
ROUTERS = tuple(dict.fromkeys(part.router for part in _PARTS))

"""What users sign in with."""

from uuid import UUID

from burnish.client.answers.users import Identities as All
from burnish.client.answers.users import Identity, LoginKey
from burnish.client.ask import path, stated
from burnish.client.asynchronous.line import Line

Id = UUID | str


class Identities:
    """Addresses, numbers and names to sign in with. The profile follows by itself."""

    def __init__(self, line: Line) -> None:
        """Ask by this line."""
        self._line = line

    async def list(self, user_id: Id) -> tuple[Identity, ...]:
        """Return all ways a user signs in, the primary one first."""
        return (await self._line.get(All, path("users", user_id, "identities"))).items

    async def add(
        self, user_id: Id, key: LoginKey, value: str, *, verified: bool = False
    ) -> Identity:
        """Add one. Raises Conflict (`identity_taken`), Invalid."""
        new = {"key": key, "value": value, "verified": verified}
        return await self._line.change(Identity, "POST", path("users", user_id, "identities"), new)

    async def change(
        self,
        user_id: Id,
        identity_id: str,
        *,
        value: str | None = None,
        verified: bool | None = None,
    ) -> Identity:
        """Put another value in its place, or say whether it is verified. Raises Conflict."""
        where = path("users", user_id, "identities", identity_id)
        said = stated(value=value, verified=verified)
        return await self._line.change(Identity, "PATCH", where, said)

    async def remove(self, user_id: Id, identity_id: str) -> None:
        """Take one away. Raises Conflict (`last_way_in`)."""
        await self._line.do("DELETE", path("users", user_id, "identities", identity_id))

"""Profiles: read, changed in view of what was read, and explained."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from burnish.client.answers.answer import Attributes
from burnish.client.answers.profiles import Explained, Fact, Facts, Profile, Said
from burnish.client.ask import path, stated
from burnish.client.errors import Changed
from burnish.client.synchronous.line import Line
from burnish.client.synchronous.pages import Pages

Id = UUID | str
TRIES = 5


class Profiles:
    """The profiles of users. Who is not there raises NotFound."""

    def __init__(self, line: Line) -> None:
        """Ask by this line."""
        self._line = line

    def get(self, user_id: Id) -> Profile:
        """Read a profile as it can be written, with its ETag."""
        return self._line.get(Profile, path("users", user_id, "profile"))

    def patch(
        self,
        user_id: Id,
        *,
        standard_attributes: Attributes | None = None,
        custom_attributes: Attributes | None = None,
        locked: Sequence[str] | None = None,
        if_match: str | None = None,
    ) -> Profile:
        """Change what is named (RFC 7396): None as a value deletes it.

        With `if_match`, the ETag of a profile that was read, raises Changed where somebody else
        was faster. Raises Forbidden (`hook_disallowed`), Invalid.
        """
        said = stated(
            standard_attributes=standard_attributes,
            custom_attributes=custom_attributes,
            locked=locked,
        )
        where = path("users", user_id, "profile")
        return self._line.change(Profile, "PATCH", where, said, if_match)

    def replace(
        self,
        user_id: Id,
        *,
        standard_attributes: Attributes,
        custom_attributes: Attributes,
        locked: Sequence[str] = (),
        if_match: str,
    ) -> Profile:
        """Put a whole profile in the place of the one that was read. Raises Changed.

        What is not named is deleted; what the user signs in with stays if it is left out.
        """
        whole = {
            "standard_attributes": standard_attributes,
            "custom_attributes": custom_attributes,
            "locked": list(locked),
        }
        where = path("users", user_id, "profile")
        return self._line.change(Profile, "PUT", where, whole, if_match)

    def update(self, user_id: Id, change: Callable[[Profile], Mapping[str, Any] | None]) -> Profile:
        """Change a profile in view of what it is, and begin again where somebody was faster.

        `change` gets the profile and returns a merge patch of it, such as
        `{"custom_attributes": {"visits": 3}}`, or None to leave it; it may be called several
        times. Raises Changed after five tries.
        """
        for tried in range(1, TRIES + 1):
            seen = self.get(user_id)
            wanted = change(seen)
            if wanted is None:
                return seen
            try:
                return self.patch(user_id, **wanted, if_match=seen.etag)
            except Changed:
                if tried == TRIES:
                    raise
        raise AssertionError("the last try returns or raises")

    def facts(self, user_id: Id) -> dict[str, tuple[Fact, ...]]:
        """Return every fact by attribute; the one that holds comes first."""
        return (self._line.get(Facts, path("users", user_id, "facts"))).facts

    def explain(self, user_id: Id, attribute: str) -> Explained:
        """Say why an attribute has its value. Raises NotFound (`attribute_not_found`)."""
        return self._line.get(Explained, path("users", user_id, "facts", attribute))

    def history(self, user_id: Id, *, limit: int = 100) -> Pages[Said]:
        """List everything that was ever said of a user, the latest first."""
        return Pages(self._line, Said, path("users", user_id, "history"), limit=limit)

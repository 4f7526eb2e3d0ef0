"""Users: found, made, closed, opened, ended and enriched."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from burnish.client.answers.answer import Attributes
from burnish.client.answers.enrichment import Enriched, Planned
from burnish.client.answers.users import Ended, Memberships, Session, Sessions, User
from burnish.client.ask import path, stated
from burnish.client.asynchronous.line import Line
from burnish.client.asynchronous.pages import Pages

Status = Literal[
    "active", "disabled", "deletion_scheduled", "anonymization_scheduled", "anonymized"
]
Id = UUID | str


class Users:
    """The users of a service. Who is not there raises NotFound."""

    def __init__(self, line: Line) -> None:
        """Ask by this line."""
        self._line = line

    def list(
        self,
        *,
        q: str | None = None,
        id: Sequence[Id] | None = None,
        email: str | None = None,
        domain: str | None = None,
        phone_number: str | None = None,
        username: str | None = None,
        name: str | None = None,
        attribute: Sequence[str] | None = None,
        role: Sequence[str] | None = None,
        group: Sequence[str] | None = None,
        segment: str | None = None,
        status: Status | None = None,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        limit: int = 100,
    ) -> Pages[User]:
        """List users, the newest first, as far as all filters hold for them.

        `q` is how an address, a name, an id or an indexed attribute begins; `attribute` has
        `city=Lyon` (is, in any case) or `city:ly` (begins so). `limit` is the size of a page.
        """
        filters = {
            **{"q": q, "email": email, "domain": domain, "phone_number": phone_number},
            **{"username": username, "name": name, "segment": segment, "status": status},
            "id": [str(one) for one in id] if id is not None else None,
            "attribute": attribute,
            **{"role": role, "group": group},
            **{"created_from": created_from, "created_before": created_before, "limit": limit},
        }
        return Pages(self._line, User, path("users"), **filters)

    async def get(self, user_id: Id) -> User:
        """Read a user, with their profile, roles and groups."""
        return await self._line.get(User, path("users", user_id))

    async def create(
        self,
        *,
        email: str | None = None,
        email_verified: bool | None = None,
        phone_number: str | None = None,
        username: str | None = None,
        password: str | None = None,
        standard_attributes: Attributes | None = None,
        custom_attributes: Attributes | None = None,
        roles: Sequence[str] | None = None,
        groups: Sequence[str] | None = None,
        enrich: bool | None = None,
    ) -> User:
        """Make a user; one of `email`, `phone_number` and `username` is needed.

        Hooks are asked first, and providers where `enrich` says so. Raises Conflict
        (`identity_taken`), Forbidden (`hook_disallowed`), Invalid.
        """
        new = stated(
            email=email,
            email_verified=email_verified,
            phone_number=phone_number,
            username=username,
            password=password,
            standard_attributes=standard_attributes,
            custom_attributes=custom_attributes,
            roles=roles,
            groups=groups,
            enrich=enrich,
        )
        return await self._line.change(User, "POST", path("users"), new)

    async def disable(
        self,
        user_id: Id,
        reason: str = "",
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> User:
        """Close an account, for good or until a moment; with `since` from a moment on."""
        how = stated(reason=reason, since=since, until=until)
        return await self._line.change(User, "POST", path("users", user_id, "disable"), how)

    async def enable(self, user_id: Id) -> User:
        """Open an account. Raises Conflict where it is to be deleted or anonymised."""
        return await self._line.change(User, "POST", path("users", user_id, "enable"))

    async def delete(self, user_id: Id, reason: str = "") -> None:
        """Delete an account and all that is known of its person, at once and for good."""
        wanted = self._line.changing("DELETE", path("users", user_id))
        await self._line.send(replace(wanted, query={"reason": reason}))

    async def schedule_deletion(self, user_id: Id, reason: str = "") -> User:
        """Close an account, and delete it after the grace period."""
        where = path("users", user_id, "deletion")
        return await self._line.change(User, "PUT", where, {"reason": reason})

    async def cancel_deletion(self, user_id: Id) -> User:
        """Keep an account that was to be deleted, and open it."""
        return await self._line.change(User, "DELETE", path("users", user_id, "deletion"))

    async def anonymize(self, user_id: Id) -> User:
        """Remove all that is personal from an account, at once and for good."""
        return await self._line.change(User, "POST", path("users", user_id, "anonymize"))

    async def schedule_anonymization(self, user_id: Id, days: int = 30) -> User:
        """Close an account, and anonymise it after so many days."""
        where = path("users", user_id, "anonymization")
        return await self._line.change(User, "PUT", where, {"days": days})

    async def cancel_anonymization(self, user_id: Id) -> User:
        """Leave an account that was to be anonymised as it is, and open it."""
        return await self._line.change(User, "DELETE", path("users", user_id, "anonymization"))

    async def memberships(self, user_id: Id) -> Memberships:
        """Read which roles and groups a user has."""
        return await self._line.get(Memberships, path("users", user_id, "memberships"))

    async def set_memberships(
        self,
        user_id: Id,
        *,
        roles: Sequence[str] | None = None,
        groups: Sequence[str] | None = None,
    ) -> Memberships:
        """Give a user exactly these roles or groups; None leaves them. Raises Invalid."""
        wanted = stated(roles=roles, groups=groups)
        where = path("users", user_id, "memberships")
        return await self._line.change(Memberships, "PATCH", where, wanted)

    async def set_password(self, user_id: Id, password: str | None) -> None:
        """Set a password, or take it away with None. The user is signed out everywhere."""
        await self._line.do("PUT", path("users", user_id, "password"), {"password": password})

    async def send_password_reset(self, user_id: Id) -> None:
        """Mail a user the link to set a password. Raises Conflict (`no_email`)."""
        await self._line.do("POST", path("users", user_id, "password-reset"))

    async def sessions(self, user_id: Id) -> tuple[Session, ...]:
        """Return where a user is signed in, the latest first."""
        return (await self._line.get(Sessions, path("users", user_id, "sessions"))).items

    async def end_sessions(self, user_id: Id) -> int:
        """Sign a user out everywhere, and return of how many sessions."""
        where = path("users", user_id, "sessions")
        return (await self._line.change(Ended, "DELETE", where)).ended

    async def end_session(self, user_id: Id, session_id: str) -> None:
        """Sign a user out of one session."""
        await self._line.do("DELETE", path("users", user_id, "sessions", session_id))

    async def enrich(
        self, user_id: Id, want: Sequence[str] | None = None, *, within: float = 10.0
    ) -> Enriched:
        """Have a profile filled in, and wait `within` seconds for it (30 at most).

        `want` names attributes; None is all that have a waterfall.
        """
        wish = stated(want=want, within_ms=round(within * 1000))
        return await self._line.change(Enriched, "POST", path("users", user_id, "enrich"), wish)

    async def enrichment_plan(self, user_id: Id, want: Sequence[str] | None = None) -> Planned:
        """Say who would be asked, and what it can cost at most. It asks nobody."""
        return await self._line.get(Planned, path("users", user_id, "enrich"), want=want)

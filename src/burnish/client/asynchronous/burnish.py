"""The client: all rooms of a service behind one name."""

from types import TracebackType
from typing import Self

import httpx

from burnish.client.answers.person import Userinfo
from burnish.client.asynchronous.identities import Identities
from burnish.client.asynchronous.line import Line
from burnish.client.asynchronous.person import Person
from burnish.client.asynchronous.profiles import Profiles
from burnish.client.asynchronous.project import Attributes, Audit
from burnish.client.asynchronous.roles import Groups, Roles
from burnish.client.asynchronous.transfers import Exports, Imports
from burnish.client.asynchronous.users import Users
from burnish.client.patience import Patience

TIMEOUT = 30.0


class AsyncBurnish:
    """A client of one service; close it when done, or use it with `async with`.

    `url` is the service's address, `api_key` what `burnish api-keys create` printed; an app that
    only asks in the name of people needs none. `timeout` is in seconds, for connecting and between
    two pieces of an answer. Whatever goes wrong is a `burnish.client.errors.ClientError`.
    """

    def __init__(
        self,
        url: str,
        api_key: str = "",
        *,
        timeout: float = TIMEOUT,
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Ask nothing yet. `patience` says how often requests are sent again."""
        self._patience = patience or Patience()
        self._http = httpx.AsyncClient(base_url=url, timeout=timeout, transport=transport)
        line = Line(self._http, api_key, self._patience)
        self.users = Users(line)
        self.profiles = Profiles(line)
        self.identities = Identities(line)
        self.roles = Roles(line)
        self.groups = Groups(line)
        self.imports = Imports(line)
        self.exports = Exports(line)
        self.attributes = Attributes(line)
        self.audit = Audit(line)

    def person(self, access_token: str) -> Person:
        """Return the person an app holds an access token of."""
        return Person(Line(self._http, access_token, self._patience))

    async def userinfo(self, access_token: str) -> Userinfo:
        """Return who an access token is of. Raises Unauthorized where it is no good any more."""
        return await self.person(access_token).userinfo()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        await self.aclose()

"""Roles and groups."""

from collections.abc import Sequence

from burnish.client.answers.project import Group, Role
from burnish.client.ask import path, stated
from burnish.client.synchronous.line import Line
from burnish.client.synchronous.pages import Pages


class Roles:
    """The roles users may have, by their keys."""

    def __init__(self, line: Line) -> None:
        """Ask by this line."""
        self._line = line

    def list(self, *, limit: int = 100) -> Pages[Role]:
        """List all roles."""
        return Pages(self._line, Role, path("roles"), limit=limit)

    def get(self, key: str) -> Role:
        """Read a role. Raises NotFound."""
        return self._line.get(Role, path("roles", key))

    def create(self, key: str, *, name: str = "", description: str = "") -> Role:
        """Make a role. Raises Conflict (`key_taken`), Invalid."""
        new = {"key": key, "name": name, "description": description}
        return self._line.change(Role, "POST", path("roles"), new)

    def change(
        self,
        of: str,
        *,
        key: str | None = None,
        name: str | None = None,
        description: str | None = None,
    ) -> Role:
        """Change a role. Raises Conflict (`key_taken`), NotFound."""
        said = stated(key=key, name=name, description=description)
        return self._line.change(Role, "PATCH", path("roles", of), said)

    def delete(self, key: str) -> None:
        """Remove a role, from everybody who has it too."""
        self._line.do("DELETE", path("roles", key))


class Groups:
    """The groups users may be in, by their keys; everybody in one has its roles."""

    def __init__(self, line: Line) -> None:
        """Ask by this line."""
        self._line = line

    def list(self, *, limit: int = 100) -> Pages[Group]:
        """List all groups."""
        return Pages(self._line, Group, path("groups"), limit=limit)

    def get(self, key: str) -> Group:
        """Read a group. Raises NotFound."""
        return self._line.get(Group, path("groups", key))

    def create(
        self, key: str, *, name: str = "", description: str = "", roles: Sequence[str] = ()
    ) -> Group:
        """Make a group. Raises Conflict (`key_taken`), Invalid."""
        new = {"key": key, "name": name, "description": description, "roles": list(roles)}
        return self._line.change(Group, "POST", path("groups"), new)

    def change(
        self,
        of: str,
        *,
        key: str | None = None,
        name: str | None = None,
        description: str | None = None,
        roles: Sequence[str] | None = None,
    ) -> Group:
        """Change a group; `roles` are exactly those it has then. Raises Conflict, NotFound."""
        said = stated(key=key, name=name, description=description, roles=roles)
        return self._line.change(Group, "PATCH", path("groups", of), said)

    def delete(self, key: str) -> None:
        """Remove a group; who was in it loses its roles."""
        self._line.do("DELETE", path("groups", key))
